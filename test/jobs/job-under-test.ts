import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import type { RunReport } from '../../schemas/run-report.js';
import type { Job, JobRow, JobSource, RunEvent } from '../../src/jobs/job.js';
import { planJob } from '../../src/jobs/plan-job.js';
import { type RunJobOptions, runJob } from '../../src/jobs/run-job.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { type Flow, openFlow, type Subject } from '../core/upsert/flow.js';
import { searchFolder, searchText, watchEmulator } from '../security/watch.js';

type Fields = Record<string, unknown>;

/** A table of customers that a test changes between runs. */
export interface Table {
  rows: Fields[];
  readonly source: JobSource;
}

export function tableOf(rows: readonly Fields[], more: Partial<JobSource> = {}): Table {
  const table: Table = {
    rows: [...rows],
    source: {
      name: 'customers',
      complete: true,
      version: '1',
      async *rows() {
        for (const [index, value] of table.rows.entries()) yield rowOf(value, `row ${index + 1}`);
      },
      ...more,
    },
  };
  return table;
}

export function rowOf(value: Fields, at: string): JobRow {
  return { value, at, original: JSON.stringify(value) };
}

export interface Bench {
  readonly flow: Flow<Emulator<object>>;
  readonly table: Table;
  readonly job: Job;
  readonly ledger: Ledger;
  readonly events: RunEvent[];
  /** Epoch milliseconds; moved by hand. */
  now: number;
  /** Customers in flight at once. One, where a fault is meant for one of them. */
  concurrency: number;
  run(options?: Partial<RunJobOptions>, job?: Partial<Job>): Promise<RunReport>;
  plan(options?: Partial<RunJobOptions>, job?: Partial<Job>): Promise<RunReport>;
}

/** One job from a table to one emulator, with a ledger of its own. */
export function openBench(subject: Subject, emulator: Emulator<object>, rows: readonly Fields[]): Bench {
  const flow = openFlow(emulator, subject.provider);
  onTestFinished(watchEmulator(emulator));
  const table = tableOf(rows);
  const folder = temporaryFolder();
  const bench: Bench = {
    flow,
    table,
    job: {
      name: 'nightly',
      source: table.source,
      targets: [{ connection: flow.connection, account: accountOf(emulator) }],
      mode: 'upsert',
    },
    ledger: openLedger({ path: join(folder, 'ledger.db'), env: {}, mode: 'write', now: () => bench.now }),
    events: [],
    now: Date.parse('2026-11-21T06:00:00Z'),
    concurrency: 10,
    run: (options, job) => searched(runJob({ ...bench.job, ...job }, optionsOf(options))),
    plan: (options, job) => planJob({ ...bench.job, ...job }, optionsOf(options)),
  };
  /** A report is kept in a file. */
  async function searched(running: Promise<RunReport>): Promise<RunReport> {
    const report = await running;
    searchText(JSON.stringify(report), 'the report');
    return report;
  }
  function optionsOf(options: Partial<RunJobOptions> = {}): RunJobOptions {
    bench.events.length = 0;
    flow.host.requests.length = 0;
    const { ledger, events, concurrency } = bench;
    return { ledger, concurrency, now: () => bench.now, onEvent: (event) => events.push(event), ...options };
  }
  onTestFinished(() => bench.ledger.close());
  return bench;
}

export function accountOf(emulator: Emulator<object>) {
  return { provider: emulator.id, origin: emulator.url, credential: emulator.apiKey };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-'));
  onTestFinished(() => {
    searchFolder(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
