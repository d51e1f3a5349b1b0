import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../emulators/server.js';
import type { Connector, Provider } from '../../src/core/connector.js';
import type { Client } from '../../src/core/http/client.js';
import { parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { createConnection } from '../../src/runner/connection.js';
import { createRunner } from '../../src/runner/runner.js';
import { startEmulator } from './start-emulator.js';

/** One request that a connector asked for. */
export interface Call {
  readonly operation: string;
  /** Whether this very request may be sent twice; absent for reads, which always may. */
  readonly replaySafe?: boolean;
}

/** What one customer costs at a provider, in the order in which it is asked. */
export interface RequestCounts {
  readonly what: string;
  /** `apply` of a file, which keeps no memory. */
  readonly apply: readonly Call[];
  /** `run` of a job that knows who is who. */
  readonly job: readonly Call[];
}

type Fields = Readonly<Record<string, unknown>>;

const ada = { id: 'acct_1', email: 'ada@example.test', name: 'Ada Byron', metadata: { tier: 'gold' } };
const married = { ...ada, name: 'Ada Lovelace' };
const richer = { ...married, metadata: { tier: 'platinum' } };
const wider = { ...richer, metadata: { tier: 'platinum', region: 'eu' } };

/** The days of one customer. A provider that has no place for metadata is not asked to keep any. */
function daysAt({ definition, mapping: file }: Provider): readonly (readonly [what: string, customer: Fields])[] {
  const { unsupported = {} } = parseMapping(file, definition.id);
  const days = [
    ['is new', ada],
    ['nothing changed', ada],
    ['a field changed', married],
  ] as const;
  if ('metadata' in unsupported) return days;
  return [...days, ['the value of a metadata key changed', richer], ['a metadata key came in', wider]];
}

/** Measured: the customer's days are lived through twice at the provider's stand-in, once by each command. */
export async function requestCounts(provider: Provider): Promise<RequestCounts[]> {
  const days = daysAt(provider);
  const byApply = await livedThrough(provider, days, applied);
  const byJob = await livedThrough(provider, days, runByJob);
  return days.map(([what], index) => ({ what, apply: byApply[index] ?? [], job: byJob[index] ?? [] }));
}

type Live = (provider: Provider, emulator: Emulator, calls: Call[], days: readonly Fields[]) => Promise<Call[][]>;

async function livedThrough(
  provider: Provider,
  days: readonly (readonly [string, Fields])[],
  live: Live,
): Promise<Call[][]> {
  const emulator = await startEmulator(provider.definition.id);
  const calls: Call[] = [];
  const customers = days.map(([, customer]) => customer);
  try {
    return await live(watched(provider, calls), emulator, calls, customers);
  } finally {
    await emulator.close();
  }
}

const applied: Live = async (provider, emulator, calls, days) => {
  const runner = createRunner({ providers: [provider] });
  const connection = connect(provider, emulator);
  const costs: Call[][] = [];
  for (const customer of days) {
    const [outcome] = await runner.upsert(connection, customer);
    refuseFailure(provider, outcome?.status);
    costs.push(calls.splice(0));
  }
  return costs;
};

const runByJob: Live = async (provider, emulator, calls, days) => {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-'));
  const ledger = openLedger({ path: join(folder, 'ledger.db'), env: {}, mode: 'write' });
  const account = { provider: emulator.id, origin: emulator.url, credential: emulator.apiKey };
  const target = { connection: connect(provider, emulator), account };
  const costs: Call[][] = [];
  // Somebody else is there before: the first run looks around in the account, which belongs to no customer.
  const first = { id: 'acct_0', email: 'first@example.test', name: 'First Customer' };
  try {
    for (const customers of [[first], ...days.map((customer) => [first, customer])]) {
      const rows = async function* () {
        for (const value of customers) yield { value, original: JSON.stringify(value) };
      };
      const source = { name: 'customers', complete: true, version: '1', rows };
      const report = await runJob({ name: 'nightly', source, targets: [target], mode: 'upsert' }, { ledger });
      refuseFailure(provider, report.ended);
      costs.push(calls.splice(0));
    }
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
  return costs.slice(1);
};

function connect(provider: Provider, emulator: Emulator) {
  const { definition } = provider;
  const host = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
  return createConnection({ provider, host, rateShare: 'unpaced' });
}

function refuseFailure({ definition }: Provider, status: string | undefined): void {
  if (status === undefined || !['created', 'updated', 'unchanged', 'linked', 'done'].includes(status))
    throw new Error(
      `${definition.id}: the example customer of its page ended as ${status}; finish connector and stand-in, then npm run docs`,
    );
}

/** The same provider, whose connector's calls are written down. */
function watched(provider: Provider, calls: Call[]): Provider {
  const watch = (client: Client): Client => ({
    read(operation, options) {
      calls.push({ operation });
      return client.read(operation, options);
    },
    write(operation, options) {
      calls.push({ operation, replaySafe: options.replaySafe });
      return client.write(operation, options);
    },
  });
  const { connector } = provider;
  const watching: Connector = {
    ...connector,
    find: (client, key) => connector.find(watch(client), key),
    create: (client, request) => connector.create(watch(client), request),
    update: (client, request) => connector.update(watch(client), request),
    list: (client, cursor) => connector.list(watch(client), cursor),
  };
  return { ...provider, connector: watching };
}
