import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { lago } from '../../integrations/lago/connector.js';
import type { Job } from '../../src/jobs/job.js';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';
import type { Remote } from '../../src/runner/remote.js';
import { createRunner } from '../../src/runner/runner.js';
import { openSource } from '../../src/sources/open-source.js';

const [what = '', file = '', ledgerPath = ''] = process.argv.slice(2);

/** Reads every line, parses it and hashes it: what no change detection over a file can do without. */
async function floor(): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const value: { id?: string } = JSON.parse(line);
    if (value.id !== undefined && createHash('sha256').update(line).digest('hex') !== '') count += 1;
  }
  return count;
}

/** Stands for a provider that takes every customer at once, so that a ledger is filled quickly. */
const remote: Remote = {
  inFlight: 200,
  plan: () => Promise.reject(new RangeError('nothing is planned here')),
  async upsert({ id }) {
    return { customer_id: id, to: 'lago', status: 'created', provider_id: `record ${id}`, changes: [], warnings: [] };
  },
};

async function job(): Promise<number> {
  const ledger = openLedger({ path: ledgerPath, env: {}, mode: 'write', command: 'bench' });
  const connection = createRunner({ providers: [lago] }).connect({ to: 'lago', remote });
  const nightly: Job = {
    name: 'bench',
    mode: 'upsert',
    targets: [{ connection, account: { provider: 'lago', origin: 'bench', reported: 'bench' } }],
    source: {
      name: file,
      complete: true,
      version: '1',
      normalise: normaliseCustomer,
      async *rows() {
        yield* (await openSource({ path: file })).rows();
      },
    },
  };
  const report = await runJob(nightly, { ledger });
  await ledger.close();
  const outcomes = report.targets[0]?.outcomes ?? {};
  const expected = what === 'fill' ? outcomes.created : outcomes.unchanged;
  if (report.ended !== 'done' || expected !== report.source.rows) throw new Error(JSON.stringify(report));
  return report.source.rows;
}

const start = performance.now();
const rows = await (what === 'floor' ? floor() : job());
const perSecond = (rows / (performance.now() - start)) * 1000;
// Kilobytes on Linux and macOS alike, as Node reports it.
process.send?.({ perSecond, peakMb: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();
if (process.send === undefined)
  process.stdout.write(
    `${what} ${rows} ${Math.round(perSecond)}/s ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`,
  );
