import { readFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Job } from '../../../src/jobs/job.js';
import type { Ledger } from '../../../src/ledger/ledger.js';
import type { StepDeath } from './deaths.js';

/** What the parent tells the process that it is going to lose. */
export interface Orders {
  readonly provider: string;
  readonly url: string;
  readonly apiKey: string;
  readonly ledger: string;
  /** JSONL. */
  readonly source: string;
  /** The process kills itself at this step of the ledger. */
  readonly dieAt?: StepDeath;
}

// The built program, as a user runs it; its types are those of the sources.
const built = (path: string) => import(pathToFileURL(`dist/${path}.js`).href);
const { builtInProviders }: typeof import('../../../integrations/registry.js') = await built('integrations/registry');
const { createLocalHost }: typeof import('../../../src/hosts/local-host.js') = await built('src/hosts/local-host');
const { createRunner }: typeof import('../../../src/runner/runner.js') = await built('src/runner/runner');
const { runJob }: typeof import('../../../src/jobs/run-job.js') = await built('src/jobs/run-job');
const { openLedger }: typeof import('../../../src/ledger/sqlite/open-ledger.js') = await built(
  'src/ledger/sqlite/open-ledger',
);

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const runner = createRunner({ providers: builtInProviders });
const { definition } = runner.provider(orders.provider);
const connection = runner.connect({
  to: orders.provider,
  host: createLocalHost({ definition, baseUrl: orders.url, apiKey: orders.apiKey }),
  rateShare: 'unpaced',
  retry: { maxAttempts: 4, baseMs: 5, capMs: 20, budgetMs: 10_000 },
});
const job: Job = {
  name: 'nightly',
  mode: 'upsert',
  targets: [{ connection, account: { provider: orders.provider, origin: orders.url, credential: orders.apiKey } }],
  source: {
    name: 'customers.jsonl',
    complete: true,
    version: '1',
    async *rows() {
      for (const line of readFileSync(orders.source, 'utf8').split('\n')) {
        if (line !== '') yield { value: JSON.parse(line), original: line, at: 'a row' };
      }
    },
  },
};
const ledger = openLedger({ path: orders.ledger, env: {}, mode: 'write', command: 'the process that dies' });
await runJob(job, {
  ledger: orders.dieAt === undefined ? ledger : dyingLedger(ledger, orders.dieAt),
  allow: new Set(['first_write', 'changed']),
});
await ledger.close();
process.disconnect?.();

function dyingLedger(inner: Ledger, { step, side, nth }: StepDeath): Ledger {
  let times = 0;
  return new Proxy(inner, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (name !== step || typeof member !== 'function') return member;
      return async (...values: unknown[]) => {
        times += 1;
        const isLast = times === nth;
        if (isLast && side === 'before') die();
        const answer: unknown = await Reflect.apply(member, target, values);
        if (isLast) die();
        return answer;
      };
    },
  });
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
