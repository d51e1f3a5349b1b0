import type { CustomerSyncError } from '../core/errors.js';
import { isCustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Job, JobRow } from './job.js';
import type { RunJobOptions } from './run-job.js';

/** Thrown by a source while it is read; not by the ledger, nor by a target. */
export class SourceFault extends Error {
  readonly error: CustomerSyncError;

  constructor(error: CustomerSyncError) {
    super(error.message);
    this.error = error;
  }
}

export interface JobRows {
  /** Whether they are all that the source has. */
  readonly complete: boolean;
  /** From the start, as often as needed. */
  read(): AsyncIterable<JobRow>;
}

/** The rows that a run is about: those after its position, or those of customers to be tried again. */
export async function rowsOf(job: Job, ledger: Ledger, retry: RunJobOptions['retry']): Promise<JobRows> {
  const { source, name } = job;
  if (retry === undefined) {
    const after = source.complete ? undefined : await ledger.position(name);
    return { complete: source.complete, read: () => guarded(source.rows({ after })) };
  }
  const failures = await ledger.failures({ job: name, ...retry });
  const ids = [...new Set(failures.map(({ customerId }) => customerId))];
  return { complete: false, read: () => byIds(job, ids) };
}

/** The rows of these customers, asked for or picked out. */
export function byIds({ source }: Job, ids: readonly string[]): AsyncIterable<JobRow> {
  if (ids.length === 0) return nobody();
  return guarded(source.byIds?.(ids) ?? picked(source.rows(), new Set(ids)));
}

async function* nobody(): AsyncGenerator<JobRow> {}

async function* picked(rows: AsyncIterable<JobRow>, ids: ReadonlySet<string>): AsyncGenerator<JobRow> {
  for await (const row of rows) {
    const { position: _, ...rest } = row;
    if (isObject(row.value) && ids.has(String(row.value['id']))) yield rest;
  }
}

async function* guarded(rows: AsyncIterable<JobRow>): AsyncGenerator<JobRow> {
  try {
    yield* rows;
  } catch (error) {
    throw isCustomerSyncError(error) ? new SourceFault(error) : error;
  }
}
