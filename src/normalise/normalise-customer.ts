import type { Warning } from '../../schemas/outcome.js';
import { formatPath, isRecord } from '../core/mapping/path.js';
import type { FieldProblem } from '../core/zod-issues.js';
import { readCountry } from './country/read-country.js';
import { readCurrency } from './currency.js';
import { readCustomerType } from './customer-type.js';
import { readEmail } from './email.js';
import { readExternalId, readId } from './ids.js';
import { readLocale } from './locale.js';
import { readPhone } from './phone/read-phone.js';
import type { Reader, Reading } from './reading.js';
import { readText } from './text.js';
import { readTime } from './time.js';
import { readTimeZone } from './time-zone.js';
import { readTombstone, readTruth } from './truth.js';
import { readWebAddress } from './web-address.js';

export interface NormaliseOptions {
  /** Whether a value that cannot be read makes the customer invalid, instead of being left out with a note. */
  readonly strict?: boolean;
}

export interface NormalisedCustomer {
  /** The input itself when nothing changed, otherwise a copy. */
  readonly value: unknown;
  readonly notes: Warning[];
  readonly problems: FieldProblem[];
}

type Row = Readonly<Record<string, unknown>>;
/** Finds the reader of a member. */
type Readers = (key: string) => Reader | undefined;

const fields: ReadonlyMap<string, Reader> = new Map([
  ['id', readId],
  ['email', readEmail],
  ['name', readText],
  ['first_name', readText],
  ['last_name', readText],
  ['type', readCustomerType],
  ['legal_name', readText],
  ['legal_number', readText],
  ['tax_id', readText],
  ['tax_exempt', readTruth],
  ['currency', readCurrency],
  ['timezone', readTimeZone],
  ['locale', readLocale],
  ['url', readWebAddress],
  ['logo_url', readWebAddress],
  ['updated_at', readTime],
  ['deleted', readTombstone],
]);

const addressFields: ReadonlyMap<string, Reader> = new Map([
  ['line1', readText],
  ['line2', readText],
  ['city', readText],
  ['state', readText],
  ['postal_code', readText],
  ['country', readCountry],
]);

/** The objects in a customer, and who reads their members. `provider_fields` is not ours to change. */
const objects: ReadonlyMap<string, Readers> = new Map<string, Readers>([
  ['address', (key) => addressFields.get(key)],
  ['shipping_address', (key) => addressFields.get(key)],
  ['metadata', () => readText],
  ['external_ids', () => readExternalId],
]);

/**
 * Turns what a source holds into clean values: trimmed text, country codes, E.164 phone numbers and the like.
 *
 * Each change is noted with the value before and after. A value that cannot be read is left out, so that the stored one
 * stays, and is noted; with `strict` it is a problem instead. What is not for a normaliser to judge (unknown fields, wrong
 * shapes, `""`) stays, for `parseCustomer` to refuse. The input is never changed.
 */
export function normaliseCustomer(input: unknown, { strict = false }: NormaliseOptions = {}): NormalisedCustomer {
  const report: Report = { strict, notes: [], problems: [] };
  const value = isRecord(input) ? normalise(input, report) : input;
  return { value, notes: report.notes, problems: report.problems };
}

interface Report {
  readonly strict: boolean;
  readonly notes: Warning[];
  readonly problems: FieldProblem[];
}

function normalise(input: Row, report: Report): Row {
  const parts = readParts(input, report);
  // After the addresses, because a local number is one of the country that the address turned out to name.
  const country = homeCountry(input, parts);
  const customer = rewrite(
    input,
    [],
    (key) => (key === 'phone' ? (value) => readPhone(value, country) : fields.get(key)),
    report,
  );
  return Object.keys(parts).length === 0 ? customer : { ...customer, ...parts };
}

/** The objects of a customer that a reader changed. */
function readParts(input: Row, report: Report): Row {
  const parts: Record<string, unknown> = {};
  for (const [key, readers] of objects) {
    const part = input[key];
    if (!isRecord(part)) continue;
    const rewritten = rewrite(part, [key], readers, report);
    if (rewritten !== part) parts[key] = rewritten;
  }
  return parts;
}

/** The country of the billing address; of the shipping address only when the billing address was given none at all. */
function homeCountry(input: Row, parts: Row): string | undefined {
  const key = countryOf(input['address']) === undefined ? 'shipping_address' : 'address';
  const country = countryOf(parts[key] ?? input[key]);
  return typeof country === 'string' ? country : undefined;
}

function countryOf(address: unknown): unknown {
  return isRecord(address) ? (address['country'] ?? undefined) : undefined;
}

/** A copy of `row` with what its readers made of its members, or `row` itself when they left all as it is. */
function rewrite(row: Row, path: readonly string[], readers: Readers, report: Report): Row {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(row)) {
    const from = row[key];
    if (from === undefined || from === null) continue;
    const reading = readers(key)?.(from);
    if (reading === undefined) continue;
    copy ??= { ...row };
    if ('to' in reading) copy[key] = reading.to;
    else delete copy[key];
    tell(report, formatPath([...path, key]), from, reading);
  }
  return copy ?? row;
}

function tell({ strict, notes, problems }: Report, field: string, from: unknown, reading: NonNullable<Reading>): void {
  if ('to' in reading) {
    const { to, message } = reading;
    if (message !== undefined) notes.push({ code: 'normalised', field, message, from, to });
  } else if (strict) problems.push({ field, message: reading.unreadable });
  else notes.push({ code: 'unreadable_value', field, message: `${reading.unreadable}; left out`, from });
}
