import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type RunReport, runReportSchema } from '../../schemas/run-report.js';
import { ACCOUNTS } from '../conformance/accounts.js';
import { compareWithSource, type Difference, writeSource } from './source.js';
import type { WorkerOrders } from './worker.js';

export interface SoakOptions {
  readonly provider: string;
  readonly customers: number;
  readonly seed: number;
  /** Told several times a second while a run goes on. */
  readonly onSample?: (sample: Sample) => void;
}

const sampleSchema = z.object({ kind: z.literal('sample'), done: z.int(), rssMb: z.number() });
export type Sample = z.infer<typeof sampleSchema>;
const endSchema = z.object({
  kind: z.literal('end'),
  report: runReportSchema,
  untold: z.int(),
  toldOften: z.int(),
});
const workerMessageSchema = z.discriminatedUnion('kind', [sampleSchema, endSchema]);
const addressSchema = z.object({ url: z.string(), apiKey: z.string() });
const emulatorSumSchema = z.object({ requests: z.int(), faults: z.int(), peakMb: z.number() });

/** One run of the job, in a process of its own. */
export interface SoakRun {
  readonly report: RunReport;
  readonly seconds: number;
  /** Customers of whom it told no outcome: those that it counted as unchanged. */
  readonly untold: number;
  /** Customers of whom it told more than one. */
  readonly toldOften: number;
  readonly samples: readonly Sample[];
}

export interface Soaked {
  /** The first sends everybody; each further one tries those again that failed, until nobody is left. */
  readonly runs: readonly SoakRun[];
  readonly difference: Difference;
  readonly emulator: z.infer<typeof emulatorSumSchema>;
}

const maxRuns = 6;

/**
 * Sends customers from a file through a job to an emulator in another process, where of every hundred requests one is
 * answered 429, one 503, one not at all and one late.
 */
export async function soak({ provider, customers, seed, onSample }: SoakOptions): Promise<Soaked> {
  const account = ACCOUNTS[provider];
  if (account === undefined) throw new RangeError(`there is no provider "${provider}"`);
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-soak-'));
  const emulator = startChild('emulator', [provider, String(seed)]);
  try {
    const { url, apiKey } = addressSchema.parse(await nextMessage(emulator));
    const source = join(folder, 'customers.jsonl');
    await writeSource(source, customers, account);
    const runs: SoakRun[] = [];
    do {
      const ledger = join(folder, 'ledger.db');
      // Seven hours later every failure is due again.
      const clockAhead = runs.length * 7 * 3_600_000;
      runs.push(await runOnce({ provider, url, apiKey, ledger, source, customers, clockAhead }, onSample));
    } while (runs.at(-1)?.report.targets[0]?.failing !== 0 && runs.length < maxRuns);
    const held = join(folder, 'held.jsonl');
    emulator.send(held);
    const sum = emulatorSumSchema.parse(await nextMessage(emulator));
    return { runs, difference: await compareWithSource(held, customers, account), emulator: sum };
  } finally {
    emulator.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOnce(orders: WorkerOrders, onSample: (sample: Sample) => void = () => {}): Promise<SoakRun> {
  const startedAt = performance.now();
  const worker = startChild('worker', [JSON.stringify(orders)]);
  const samples: Sample[] = [];
  let end: z.infer<typeof endSchema> | undefined;
  worker.on('message', (given) => {
    const message = workerMessageSchema.parse(given);
    if (message.kind === 'end') end = message;
    else {
      samples.push(message);
      onSample(message);
    }
  });
  await once(worker, 'disconnect');
  if (end === undefined) throw new Error('the process that runs the job ended before the job');
  const { report, untold, toldOften } = end;
  return { report, untold, toldOften, samples, seconds: (performance.now() - startedAt) / 1_000 };
}

/** What the emulator holds of a million customers, and their copy as answers, is more than Node takes by itself. */
function startChild(name: 'emulator' | 'worker', args: readonly string[]): ChildProcess {
  const execArgv = name === 'emulator' ? ['--max-old-space-size=12000'] : [];
  return fork(`test/soak/${name}.ts`, args, { execArgv, stdio: 'inherit' });
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const [message]: unknown[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('the process of the emulator ended');
    }),
  ]);
  return message;
}
