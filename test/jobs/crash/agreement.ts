import { expect } from 'vitest';
import type { Emulator } from '../../../emulators/server.js';
import { compileGetter, parsePath } from '../../../src/core/mapping/path.js';
import type { Job } from '../../../src/jobs/job.js';
import { planJob } from '../../../src/jobs/plan-job.js';
import { runJob } from '../../../src/jobs/run-job.js';
import type { Ledger } from '../../../src/ledger/ledger.js';
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.js';
import { ACCOUNTS } from '../../conformance/accounts.js';
import { openFlow, type Subject } from '../../core/upsert/flow.js';
import { accountOf, tableOf } from '../job-under-test.js';
import type { Fields } from './population.js';

/** What the dead processes have left behind. */
export interface Remains {
  readonly subject: Subject;
  readonly emulator: Emulator<object>;
  /** Path of the ledger. */
  readonly ledger: string;
  readonly rows: readonly Fields[];
}

const maxRuns = 5;
/** After seven hours every failure is due again. */
const untilDueMs = 7 * 3_600_000;

/** Runs the job to its end, in this process, and compares source, ledger and provider: equal, and nobody twice. */
export async function expectAgreement(remains: Remains): Promise<void> {
  const { subject, emulator, rows } = remains;
  const { connection } = openFlow(emulator, subject.provider);
  const account = accountOf(emulator);
  const job: Job = {
    name: 'nightly',
    source: tableOf(rows).source,
    targets: [{ connection, account }],
    mode: 'upsert',
  };
  let now = Date.now();
  const ledger = openLedger({ path: remains.ledger, env: {}, mode: 'write', now: () => now });
  try {
    let failing: number | undefined;
    for (let run = 0; run < maxRuns && failing !== 0; run += 1) {
      now += untilDueMs;
      const allow = new Set(['first_write', 'changed'] as const);
      const report = await runJob(job, { ledger, now: () => now, allow });
      expect(report.targets[0]?.rows, report.reason).toBe(rows.length);
      failing = report.targets[0]?.failing;
    }
    emulator.faults.clear();
    expectSameCustomers(emulator, rows);
    const compared = await planJob(job, { ledger, full: true, now: () => now });
    expect(compared.targets[0]?.outcomes).toEqual({ unchanged: rows.length });
    await expectSameLedger(ledger, job, remains);
  } finally {
    await ledger.close();
  }
}

/** Without the engine's own eyes. */
function expectSameCustomers(emulator: Emulator<object>, rows: readonly Fields[]): void {
  const account = ACCOUNTS[emulator.id];
  const held = emulator.customers().map((record) => {
    const { email, name } = account?.held(record) ?? {};
    return `${email} ${name}`;
  });
  expect(held.sort()).toEqual(rows.map((row) => `${row['email']} ${row['first_name']} ${row['last_name']}`).sort());
}

async function expectSameLedger(ledger: Ledger, { name, targets }: Job, remains: Remains): Promise<void> {
  const { subject, emulator, rows } = remains;
  expect(await ledger.failures()).toEqual([]);
  for (const { connection, account: facts } of targets) {
    const account = await ledger.bind(connection.name, facts);
    expect(await ledger.openIntents(account)).toEqual([]);
    const lane = await ledger.lane(name, connection.name, account);
    const entries = await ledger.find(
      lane,
      rows.map(({ id }) => String(id)),
    );
    const readId = compileGetter(parsePath(subject.provider.definition.identity.provider_id));
    const ids = emulator.customers().map((record) => String(readId(record)));
    expect(entries.map((entry) => entry?.state)).toEqual(rows.map(() => 'settled'));
    expect(entries.map((entry) => entry?.providerId).sort()).toEqual(ids.sort());
  }
}
