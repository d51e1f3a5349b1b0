import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Agent } from 'node:http';
import process from 'node:process';
import { createInterface } from 'node:readline';
import axios from 'axios';
import { lago } from '../../integrations/lago/connector.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import type { Job } from '../../src/jobs/job.js';
import { keyedBatches } from '../../src/jobs/keyed-rows.js';
import { versionOf } from '../../src/jobs/lane-run.js';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { normaliseCustomer } from '../../src/normalise/normalise-customer.js';
import { createRunner } from '../../src/runner/runner.js';
import { openSource } from '../../src/sources/open-source.js';
import { now } from '../clock.js';
import { apiKey } from './api-key.js';

const concurrency = 32;
const [task = '', file = '', ledgerPath = '', origin = 'http://127.0.0.1:1'] = process.argv.slice(2);

/** Reads every line, parses it and hashes it: what no change detection over a file can do without. */
async function readParseHash(): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const { id }: { id?: string } = JSON.parse(line);
    if (id !== undefined && createHash('sha256').update(line).digest('base64url') !== '') count += 1;
  }
  return count;
}

/** One write for each customer, without checks, retries, outcomes or a ledger. */
async function bareAxios(): Promise<number> {
  const http = axios.create({
    baseURL: `${origin}/api/v1`,
    httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }),
    proxy: false,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const lines = createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]();
  let count = 0;
  const worker = async () => {
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      const { id, name }: { id: string; name: string } = JSON.parse(next.value);
      await http.post('/customers', { customer: { external_id: id, name } });
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return count;
}

async function open() {
  const ledger = openLedger({ path: ledgerPath, env: {}, mode: 'write', command: 'bench' });
  const host = createLocalHost({ definition: lago.definition, baseUrl: `${origin}/api/v1`, apiKey });
  const connection = createRunner({ providers: [lago] }).connect({ to: 'lago', host, rateShare: 'unpaced' });
  const source = await openSource({ path: file });
  const account = { provider: 'lago', origin: 'bench', reported: 'bench' };
  const job: Job = {
    name: 'bench',
    mode: 'upsert',
    targets: [{ connection, account }],
    source: {
      name: file,
      complete: true,
      version: '1',
      normalise: normaliseCustomer,
      rows: () => source.rows(),
    },
  };
  return { ledger, connection, account, job };
}

/** A ledger that knows every customer of the file as settled, without anything having been sent. */
async function fill(): Promise<number> {
  const { ledger, connection, account, job } = await open();
  const lane = await ledger.lane(job.name, 'lago', await ledger.bind('lago', account));
  const version = versionOf(job, connection, ledger);
  let count = 0;
  for await (const batch of keyedBatches(job.source.rows(), job.source, ledger.fingerprints)) {
    const entries = await ledger.enter(
      lane,
      batch.map(({ id }) => id ?? ''),
    );
    await ledger.settle(
      lane,
      1,
      entries.map(({ number, customerId }, index) => ({
        number,
        customerId,
        state: 'settled' as const,
        status: 'created' as const,
        providerId: `record of ${customerId}`,
        rowDigest: batch[index]?.digest,
        version,
      })),
    );
    count += batch.length;
  }
  await ledger.noteFirstWrite(lane.account);
  await ledger.close();
  return count;
}

async function run(expected: 'unchanged' | 'created' | 'updated'): Promise<number> {
  const { ledger, job } = await open();
  const report = await runJob(job, { ledger, concurrency, allow: new Set(['changed']) });
  await ledger.close();
  const { rows } = report.source;
  const { outcomes, requests } = report.targets[0] ?? {};
  if (rows === 0 || outcomes?.[expected] !== rows || (expected === 'updated' && requests !== rows))
    throw new Error(JSON.stringify(report));
  return rows;
}

const tasks: Readonly<Record<string, () => Promise<number>>> = {
  floor: readParseHash,
  axios: bareAxios,
  fill,
  unchanged: () => run('unchanged'),
  created: () => run('created'),
  updated: () => run('updated'),
};

const start = now();
const rows = await tasks[task]?.();
if (rows === undefined) throw new Error(`there is no task "${task}"`);
const result = {
  perSecond: (rows / (now() - start)) * 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.send?.(result);
process.disconnect?.();
