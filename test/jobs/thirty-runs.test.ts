import { expect, it } from 'vitest';
import { startEmulator as startAutumn } from '../../emulators/autumn.js';
import { startEmulator as startLago } from '../../emulators/lago.js';
import type { Emulator } from '../../emulators/server.js';
import { autumn } from '../../integrations/autumn/connector.js';
import { lago } from '../../integrations/lago/connector.js';
import type { Provider } from '../../src/core/connector.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { planUpsert } from '../../src/core/upsert/plan-upsert.js';
import type { JobTarget } from '../../src/jobs/job.js';
import { runJob } from '../../src/jobs/run-job.js';
import { during, openFlow } from '../core/upsert/flow.js';
import { ledgerPath, openAt } from '../ledger/ledger-under-test.js';
import { accountOf, tableOf } from './job-under-test.js';

type Fields = Record<string, unknown>;

const runs = 30;

/** Numbers that are the same in every run of the test. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it(`keeps two providers as the source is through ${runs} runs, and leaves what others edited there`, async () => {
  const random = createRandom(20_261_121);
  const first = targetOf(await during<Emulator<object>>(startLago({ rateLimits: false })), lago);
  const second = targetOf(await during<Emulator<object>>(startAutumn({ rateLimits: false })), autumn);
  const table = tableOf(Array.from({ length: 12 }, (_, index) => customer(index)));
  let next = table.rows.length;
  let now = Date.parse('2026-11-21T06:00:00Z');
  const ledger = openAt(ledgerPath(), { now: () => now });
  /** Edits at the first provider of a field that the source does not have. */
  const edited = new Map<string, string>();

  for (let run = 1; run <= runs; run += 1) {
    const report = await runJob(
      { name: 'nightly', mode: 'upsert', source: table.source, targets: [first.target, second.target] },
      { ledger, now: () => now, allow: new Set(['changed', 'shrunk']) },
    );
    expect(report.targets.map(({ failing, rows }) => [failing, rows])).toEqual([
      [0, table.rows.length],
      [0, table.rows.length],
    ]);
    for (const { flow, emulator } of [first, second]) {
      for (const row of table.rows) expect(await leftToSend(flow, row)).toEqual([]);
      expect(new Set(idsAt(emulator)).size).toBe(idsAt(emulator).length);
    }
    for (const [id, phone] of edited) {
      expect(JSON.stringify(recordsAt(first.emulator).find((record) => record['external_id'] === id))).toContain(phone);
    }

    const id = String(table.rows[random(table.rows.length)]?.['id']);
    const phone = `+49301${String(run).padStart(6, '0')}`;
    await first.flow.call('POST', '/customers', { customer: { external_id: id, phone } });
    edited.set(id, phone);
    table.rows = table.rows.flatMap((row) => changed(row, run, random, edited));
    table.rows.push(customer(next));
    next += 1;
    now += 24 * 3_600_000;
  }
});

function customer(index: number): Fields {
  return {
    id: `acct_${index}`,
    email: `user${index}@example.test`,
    name: `Ann Able${index}`,
    legal_name: 'Able GmbH',
    metadata: { plan: 'gold' },
  };
}

/** A customer as the source has it at the next run: most are as they were, some changed, some are gone. */
function changed(row: Fields, run: number, random: (below: number) => number, edited: Map<string, string>): Fields[] {
  switch (random(8)) {
    case 0:
      return [{ ...row, name: `${String(row['id'])} in run ${run}` }];
    case 1:
      return [{ ...row, legal_name: null }];
    case 2:
      return [{ ...row, metadata: { plan: `plan ${run}`, seats: run } }];
    case 3:
      return [{ ...row, metadata: { plan: null } }];
    case 4:
      if (random(3) > 0) return [row];
      edited.delete(String(row['id']));
      return [];
    default:
      return [row];
  }
}

function targetOf(emulator: Emulator<object>, provider: Provider) {
  const flow = openFlow(emulator, provider);
  const target: JobTarget = { connection: flow.connection, account: accountOf(emulator) };
  return { emulator, flow, target };
}

/** Fields of a customer in which the provider differs from the source. */
async function leftToSend(flow: ReturnType<typeof openFlow>, row: Fields): Promise<string[]> {
  const parsed = parseCustomer(row);
  if (!parsed.ok) throw new Error('not a customer');
  const { reader } = flow.connection;
  const found = await flow.provider.connector.find(reader.client, { by: 'match', value: parsed.customer.id });
  if (found.kind !== 'found') return ['is not there'];
  const stored = { kind: 'record' as const, record: found.record, providerId: 'any' };
  const planned = planUpsert({ to: 'it', customer: parsed.customer, mapping: reader.mapping, stored });
  return planned.kind === 'plan' ? planned.plan.changes.map(({ field }) => field) : ['is invalid'];
}

function recordsAt(emulator: Emulator<object>): Fields[] {
  return emulator.customers().map((record) => ({ ...record }));
}

function idsAt(emulator: Emulator<object>): unknown[] {
  return recordsAt(emulator).map((record) => record['external_id'] ?? record['id']);
}
