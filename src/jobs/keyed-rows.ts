import type { Customer } from '../../schemas/customer.js';
import type { Warning } from '../../schemas/outcome.js';
import { parseCustomer, withOtherProblems } from '../core/customer/parse-customer.js';
import { type CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';
import type { FieldProblem } from '../core/zod-issues.js';
import type { Fingerprints } from '../ledger/fingerprints.js';
import type { JobRow, JobSource } from './job.js';

/** A row whose customer is named, and not looked at any further before that is needed. */
export interface KeyedRow {
  readonly row: JobRow;
  /** From 0. */
  readonly ordinal: number;
  /** Our id; absent where the row has none that can be looked up. */
  readonly id: string | undefined;
  readonly digest: string;
  /** What the row says; made once, for all targets. */
  read(): ReadCustomer;
}

export type ReadCustomer =
  | { readonly kind: 'customer'; readonly customer: Customer; readonly notes: readonly Warning[] }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[]; readonly notes: readonly Warning[] };

/** So many rows are looked up in the ledger at once. */
const batchSize = 500;
const maxIdLength = 1000;

/** Thrown by a source while it is read; not by the ledger, nor by a target. */
export class SourceFault extends Error {
  readonly error: CustomerSyncError;

  constructor(error: CustomerSyncError) {
    super(error.message);
    this.error = error;
  }
}

/** @throws SourceFault when the source cannot be read any further. */
export async function* keyedBatches(
  rows: AsyncIterable<JobRow>,
  source: Pick<JobSource, 'normalise' | 'version'>,
  fingerprints: Fingerprints,
): AsyncGenerator<readonly KeyedRow[]> {
  let batch: KeyedRow[] = [];
  let ordinal = 0;
  try {
    for await (const row of rows) {
      batch.push(keyedRow(row, ordinal, source, fingerprints));
      ordinal += 1;
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    // What is done with a batch is not done in here, so this is the source's.
    throw isCustomerSyncError(error) ? new SourceFault(error) : error;
  }
  if (batch.length > 0) yield batch;
}

function keyedRow(
  row: JobRow,
  ordinal: number,
  { normalise, version }: Pick<JobSource, 'normalise' | 'version'>,
  fingerprints: Fingerprints,
): KeyedRow {
  const { original } = row;
  const text = typeof original === 'string' ? original : JSON.stringify(original ?? row.value ?? null);
  let read: ReadCustomer | undefined;
  return {
    row,
    ordinal,
    id: idOf(row),
    digest: fingerprints.row(version + text),
    read() {
      read ??= readCustomer(row, normalise);
      return read;
    },
  };
}

function idOf({ value, problems }: JobRow): string | undefined {
  if (problems !== undefined && value === undefined) return undefined;
  const id = isObject(value) ? value['id'] : undefined;
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : undefined;
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength && !id.includes('\0') && id.isWellFormed()
    ? id
    : undefined;
}

export function readCustomer(
  { value, problems = [], notes = [] }: JobRow,
  normalise: JobSource['normalise'],
): ReadCustomer {
  const clean = normalise === undefined || problems.length > 0 ? { value, notes: [], problems: [] } : normalise(value);
  const allNotes = [...notes, ...clean.notes];
  const found = [...problems, ...withOtherProblems(clean.problems, clean.value)];
  if (found.length > 0) return { kind: 'invalid', problems: found, notes: allNotes };
  const parsed = parseCustomer(clean.value);
  return parsed.ok
    ? { kind: 'customer', customer: parsed.customer, notes: allNotes }
    : { kind: 'invalid', problems: parsed.problems, notes: allNotes };
}
