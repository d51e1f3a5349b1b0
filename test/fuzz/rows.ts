import { builtInProviders } from '../../integrations/registry.js';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';
import { createRunner } from '../../src/runner/runner.js';
import { formatCsvRow } from '../../src/sources/csv/format-csv-row.js';
import { openSource } from '../../src/sources/open-source.js';
import { bottomlessJson, mutateText, mutateValue, nastyText } from './mutate.js';
import { type Chance, chanceOf } from './random.js';
import { caseBegins, caseEnds, cpuMs } from './watch.js';

export interface FuzzedRows {
  /** Rows that went in. */
  readonly given: number;
  /** Results that came out. */
  readonly results: number;
  readonly planned: number;
  readonly slowestMs: number;
}

const customer = {
  id: 'acct_1',
  email: 'ann@mail.example',
  name: 'Ann Example',
  type: 'individual',
  phone: '+4930123456',
  tax_exempt: true,
  address: { line1: 'Main Street 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
  shipping_address: { city: 'Bern', country: 'Switzerland' },
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  locale: 'de-DE',
  url: 'https://mail.example',
  metadata: { plan: 'gold', seats: 5 },
  external_ids: { crm: '1' },
  updated_at: '2026-11-01T00:00:00Z',
  provider_fields: { lago: { billing_configuration: { invoice_grace_period: 3 } } },
};

const columns = ['id', 'email', 'name', 'phone', 'tax_exempt', 'address.country', 'currency', 'metadata.plan'];
const cells = ['acct_1', 'ann@mail.example', 'Ann', '+4930123456', 'yes', 'DE', 'EUR', 'gold'];

/** Each writes one row that may be read or not, but that is one row. */
const writers: Readonly<Record<'jsonl' | 'csv', (chance: Chance, id: string) => string>> = {
  jsonl(chance, id) {
    if (chance.oneIn(1_000)) return `{"id":"${id}","metadata":${bottomlessJson(chance)}}\n`;
    const valid = { ...customer, id };
    const value = chance.oneIn(5) ? valid : mutateValue(valid, chance);
    const text = JSON.stringify(value) ?? 'null';
    const line = (chance.oneIn(3) ? mutateText(text, chance) : text).replaceAll('\n', ' ');
    return `${line.trim() === '' ? '?' : line}\n`;
  },
  csv(chance, id) {
    const row = cells.map((cell) => (chance.oneIn(4) ? mutateText(cell, chance) : cell));
    if (chance.oneIn(10)) row.push(nastyText(chance), 'one more');
    if (chance.oneIn(10)) row.length = 1 + chance.int(row.length);
    // A row that says nothing at all is no row.
    row[0] = `${id}${chance.oneIn(4) ? nastyText(chance) : ''}`;
    return formatCsvRow(row);
  },
};

/** Reads rows that are broken in every way, and plans each of them. */
export async function fuzzRows(format: 'jsonl' | 'csv', given: number, seed: number): Promise<FuzzedRows> {
  const chance = chanceOf(seed);
  const write = writers[format];
  const head = format === 'csv' ? formatCsvRow(columns) : '';
  const parts = Array.from({ length: given }, (_, index) => Buffer.from(write(chance, `acct_${index}`)));
  return { given, ...(await planAll({ format, seed }, Buffer.concat([Buffer.from(head), ...parts]))) };
}

/** Reads what is left of a file when pieces of it are lost, doubled or overwritten, line breaks included. */
export async function fuzzTornFile(format: 'jsonl' | 'csv', rows: number, seed: number): Promise<FuzzedRows> {
  const chance = chanceOf(seed);
  const head = format === 'csv' ? formatCsvRow(columns) : `${JSON.stringify(customer)}\n`;
  const parts = Array.from({ length: rows }, (_, index) => {
    const row = writers[format](chance, `acct_${index}`);
    const bytes = Buffer.from(chance.oneIn(3) ? mutateText(row, chance) : row);
    if (chance.oneIn(4) && bytes.length > 0) bytes[chance.int(bytes.length)] = chance.int(256);
    return bytes;
  });
  return { given: rows, ...(await planAll({ format, seed }, Buffer.concat([Buffer.from(head), ...parts]))) };
}

interface Name {
  readonly format: 'jsonl' | 'csv';
  readonly seed: number;
}

async function planAll({ format, seed }: Name, bytes: Buffer): Promise<Omit<FuzzedRows, 'given'>> {
  const blocks = async function* () {
    // As a pipe gives them, so that rows are cut anywhere.
    for (let start = 0; start < bytes.length; start += 65_521) yield bytes.subarray(start, start + 65_521);
  };
  const source = await openSource({
    path: '-',
    stdin: blocks(),
    format,
    normalise: (value) => normaliseCustomer(value),
  });
  let [results, planned, slowestMs, rows] = [0, 0, 0, 0];
  const counted = async function* () {
    for await (const row of source.rows()) {
      rows += 1;
      yield row;
    }
  };
  const name = `rows of ${format}, seed ${seed}: after row`;
  let last = cpuMs();
  caseBegins(`${name} 0`);
  for await (const { results: each } of createRunner({ providers: builtInProviders }).dryRun([offline()], counted(), {
    read: 'never',
  })) {
    slowestMs = Math.max(slowestMs, cpuMs() - last);
    results += each.length;
    planned += each.filter(({ kind }) => kind === 'plan').length;
    last = cpuMs();
    caseBegins(`${name} ${rows}`);
  }
  caseEnds();
  if (rows !== results) throw new Error(`${rows} rows were read, and ${results} have a result`);
  return { results, planned, slowestMs };
}

/** A connection to nowhere: rows are planned without asking. */
function offline() {
  const runner = createRunner({ providers: builtInProviders });
  const refuse = async () => {
    throw new Error('nothing is asked');
  };
  const host = {
    kind: 'local',
    providerHeaders: 'full',
    send: refuse,
    now: Date.now,
    sleep: refuse,
    random: Math.random,
    log: () => {},
  } as const;
  return runner.connect({ to: 'lago', host, rateShare: 'unpaced' });
}
