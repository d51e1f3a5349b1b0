import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Job, RunEvent } from '../../src/jobs/job.js';

/** What the process is told, which runs the job once. */
export interface WorkerOrders {
  readonly provider: string;
  readonly url: string;
  readonly apiKey: string;
  readonly ledger: string;
  /** JSONL, with the ids `acct_0`, `acct_1` and so on. */
  readonly source: string;
  readonly customers: number;
  /** Milliseconds that its clock is ahead, so that it does not have to wait until failures are due. */
  readonly clockAhead: number;
}

// The built program, as a user runs it; its types are those of the sources.
const built = (path: string) => import(pathToFileURL(`dist/${path}.js`).href);
const { builtInProviders }: typeof import('../../integrations/registry.js') = await built('integrations/registry');
const { createLocalHost }: typeof import('../../src/hosts/local-host.js') = await built('src/hosts/local-host');
const { normaliseCustomer }: typeof import('../../src/normalise/normalise-customer.js') = await built(
  'src/normalise/normalise-customer',
);
const { createRunner }: typeof import('../../src/runner/runner.js') = await built('src/runner/runner');
const { openSource }: typeof import('../../src/sources/open-source.js') = await built('src/sources/open-source');
const { runJob }: typeof import('../../src/jobs/run-job.js') = await built('src/jobs/run-job');
const { openLedger }: typeof import('../../src/ledger/sqlite/open-ledger.js') = await built(
  'src/ledger/sqlite/open-ledger',
);

const orders: WorkerOrders = JSON.parse(process.argv[2] ?? '');
/** How many outcomes each customer had, by the number in its id. */
const told = new Uint8Array(orders.customers);
let sampledAt = 0;

const now = () => Date.now() + orders.clockAhead;
const ledger = openLedger({ path: orders.ledger, env: {}, mode: 'write', command: 'soak', now });
const report = await runJob(await openJob(), {
  ledger,
  now,
  onEvent: watch,
  concurrency: 32,
  allow: new Set(['first_write']),
});
await ledger.close();
const times = [0, 0, 0];
for (const count of told) times[Math.min(count, 2)] = (times[Math.min(count, 2)] ?? 0) + 1;
process.send?.({ kind: 'end', report, untold: times[0], toldOften: times[2] });
process.disconnect?.();

async function openJob(): Promise<Job> {
  const runner = createRunner({ providers: builtInProviders });
  const { definition } = runner.provider(orders.provider);
  const connection = runner.connect({
    to: orders.provider,
    host: createLocalHost({ definition, baseUrl: orders.url, apiKey: orders.apiKey }),
    rateShare: 'unpaced',
    // Two attempts, so that one customer in some hundreds fails and is left to the next run.
    retry: { maxAttempts: 2, baseMs: 100, capMs: 1_000, budgetMs: 10_000 },
  });
  const source = await openSource({ path: orders.source });
  return {
    name: 'soak',
    mode: 'upsert',
    targets: [{ connection, account: { provider: orders.provider, origin: orders.url, credential: orders.apiKey } }],
    source: {
      name: 'customers.jsonl',
      complete: true,
      version: '1',
      normalise: normaliseCustomer,
      rows: () => source.rows(),
    },
  };
}

function watch(event: RunEvent): void {
  if (event.kind === 'outcome') {
    const index = Number(event.outcome.customer_id?.slice('acct_'.length));
    told[index] = (told[index] ?? 0) + 1;
  }
  if (event.kind !== 'progress' || Date.now() - sampledAt < 500) return;
  sampledAt = Date.now();
  process.send?.({ kind: 'sample', done: event.done, rssMb: process.memoryUsage.rss() / 2 ** 20 });
}
