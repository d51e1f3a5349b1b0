import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Emulator } from '../../../emulators/server.js';
import { compileGetter, parsePath } from '../../../src/core/mapping/path.js';
import type { Job } from '../../../src/jobs/job.js';
import { planJob } from '../../../src/jobs/plan-job.js';
import { runJob } from '../../../src/jobs/run-job.js';
import type { Ledger } from '../../../src/ledger/ledger.js';
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.js';
import { type Flow, openFlow, type Subject } from '../../core/upsert/flow.js';
import { accountOf, tableOf } from '../job-under-test.js';
import type { Orders } from './child.js';

type Fields = Record<string, unknown>;

/** When the process is killed: at a step of its ledger, or once the provider has got so many requests. */
export type Death = { readonly step: number } | { readonly request: number };

export interface Crash {
  readonly death: Death;
  readonly customers: number;
  /** Milliseconds before the provider answers. */
  readonly latencyMs: number;
  /** A request that is carried out and not answered, and one that is lost, after so many others. */
  readonly faultAfter: number;
}

/**
 * A ledger knows half of the customers; the others are new, and a third of those known has changed. The process that
 * sends all that is killed; then some of the new customers change their e-mail address, and the job runs on. In the end
 * source, ledger and provider must say the same, and nobody may be there twice.
 * @returns whether the process was killed before it had ended by itself.
 */
export async function survive(subject: Subject, emulator: Emulator<object>, crash: Crash): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-crash-'));
  const ledgerPath = join(folder, 'ledger.db');
  const flow = openFlow(emulator, subject.provider);
  const rows = Array.from({ length: crash.customers }, (_, index) => customer(index));
  const known = Math.ceil(rows.length / 2);
  let now = Date.parse('2026-11-21T06:00:00Z');
  try {
    emulator.reset();
    await resume(flow, emulator, ledgerPath, rows.slice(0, known), () => now);
    const changed = rows.map((row, index) => (index < known && index % 3 === 0 ? withChange(row) : row));
    emulator.requests.length = 0;
    disturb(emulator, crash);
    const wasKilled = await runAndKill(emulator, ledgerPath, join(folder, 'customers.jsonl'), changed, crash.death);
    const moved = changed.map((row, index) => (index >= known && index % 3 === 0 ? withNewAddress(row, index) : row));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const left = await resume(flow, emulator, ledgerPath, moved, () => now);
      now += 7 * 3_600_000;
      if (left === 0) break;
    }
    emulator.faults.clear();
    await expectAgreement(flow, emulator, ledgerPath, moved, () => now);
    return wasKilled;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function customer(index: number): Fields {
  return {
    id: `acct_${index}`,
    email: `user${index}@example.test`,
    first_name: 'Ann',
    last_name: `Able${index}`,
    metadata: { plan: 'gold' },
  };
}

function withChange(row: Fields): Fields {
  return { ...row, last_name: `${String(row['last_name'])}-Smith`, metadata: { plan: 'silver', seats: 3 } };
}

function withNewAddress(row: Fields, index: number): Fields {
  return { ...row, email: `moved${index}@example.test` };
}

function disturb({ faults }: Emulator<object>, { latencyMs, faultAfter }: Crash): void {
  faults.add({ kind: 'reset', commit: true }, { after: faultAfter });
  faults.add({ kind: 'reset' }, { after: faultAfter + 3 });
  faults.add({ kind: 'respond', status: 503 }, { after: faultAfter + 5 });
  faults.add({ kind: 'delay', ms: latencyMs }, { times: Number.POSITIVE_INFINITY });
}

async function runAndKill(
  emulator: Emulator<object>,
  ledger: string,
  source: string,
  rows: readonly Fields[],
  death: Death,
): Promise<boolean> {
  writeFileSync(source, rows.map((row) => JSON.stringify(row)).join('\n'));
  const orders: Orders = {
    provider: emulator.id,
    url: emulator.url,
    apiKey: emulator.apiKey,
    ledger,
    source,
    ...('step' in death && { dieAtStep: death.step }),
  };
  const child = fork('test/jobs/crash/child.ts', [JSON.stringify(orders)], { execArgv: [], stdio: 'inherit' });
  const ended = once(child, 'exit');
  const watch = setInterval(() => {
    if ('request' in death && emulator.requests.length >= death.request) child.kill('SIGKILL');
  }, 1);
  const [code, signal]: unknown[] = await ended;
  clearInterval(watch);
  if (signal !== 'SIGKILL') expect(code).toBe(0);
  return signal === 'SIGKILL';
}

/** Runs the job in this process. Answers how many customers are not as wanted. */
async function resume(
  flow: Flow<Emulator<object>>,
  emulator: Emulator<object>,
  ledgerPath: string,
  rows: readonly Fields[],
  now: () => number,
): Promise<number> {
  return withLedger(ledgerPath, now, async (ledger) => {
    const report = await runJob(jobOf(flow, emulator, rows), {
      ledger,
      now,
      allow: new Set(['first_write', 'changed'] as const),
    });
    expect(report.targets[0]?.rows).toBe(rows.length);
    return report.targets[0]?.failing ?? 0;
  });
}

async function withLedger<T>(path: string, now: () => number, use: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = openLedger({ path, env: {}, mode: 'write', now });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

function jobOf({ connection }: Flow<Emulator<object>>, emulator: Emulator<object>, rows: readonly Fields[]): Job {
  const target = { connection, account: accountOf(emulator) };
  return { name: 'nightly', source: tableOf(rows).source, targets: [target], mode: 'upsert' };
}

async function expectAgreement(
  flow: Flow<Emulator<object>>,
  emulator: Emulator<object>,
  ledgerPath: string,
  rows: readonly Fields[],
  now: () => number,
): Promise<void> {
  expect(emulator.customers()).toHaveLength(rows.length);
  await withLedger(ledgerPath, now, async (ledger) => {
    const job = jobOf(flow, emulator, rows);
    const compared = await planJob(job, { ledger, full: true, now });
    expect(compared.targets[0]?.outcomes).toEqual({ unchanged: rows.length });
    expect(await ledger.failures()).toEqual([]);

    const account = await ledger.bind(flow.connection.name, accountOf(emulator));
    expect(await ledger.openIntents(account)).toEqual([]);
    const lane = await ledger.lane(job.name, flow.connection.name, account);
    const entries = await ledger.find(
      lane,
      rows.map(({ id }) => String(id)),
    );
    const readId = compileGetter(parsePath(flow.provider.definition.identity.provider_id));
    const ids = emulator.customers().map((record) => String(readId(record)));
    expect(entries.map((entry) => entry?.state)).toEqual(rows.map(() => 'settled'));
    expect(entries.map((entry) => entry?.providerId).sort()).toEqual(ids.sort());
  });
}
