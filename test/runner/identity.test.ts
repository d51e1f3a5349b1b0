import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RechargeEmulator, startEmulator } from '../../emulators/recharge.js';
import { recharge } from '../../integrations/recharge/connector.js';
import { createRunner, type RowResult } from '../../src/runner/runner.js';
import { type Flow, JOE, openFlow } from '../core/upsert/flow.js';
import { collect, outcomeOf, statusOf } from './shelf.js';

const runner = createRunner({ providers: [recharge] });
const TWIN = { ...JOE, id: 'acct_2', first_name: 'Jane' };

let emulator: RechargeEmulator;
let flow: Flow<RechargeEmulator>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, recharge);
});

const run = (verb: 'apply' | 'dryRun', ...customers: unknown[]): Promise<RowResult[]> =>
  collect(
    runner[verb](
      [flow.connection],
      customers.map((value) => ({ value })),
    ),
  );

describe('two customers with one e-mail address', () => {
  it.each([
    ['written the same', JOE.email],
    ['written in another case', 'JOE@Example.Test'],
  ])('are a conflict for the second, %s', async (_, email) => {
    const results = await run('apply', JOE, { ...TWIN, email });
    expect(results.map((row) => statusOf(row))).toEqual(['created', 'conflict']);
    expect(outcomeOf(results[1])).toMatchObject({
      customer_id: 'acct_2',
      error: { code: 'conflict', message: expect.stringContaining('"acct_1"') },
    });
    expect(emulator.customers()).toMatchObject([{ first_name: 'Joe' }]);
  });

  it('are a conflict in a dry run as well', async () => {
    const results = await run('dryRun', JOE, TWIN);
    expect(results.map((row) => statusOf(row))).toEqual(['create', 'conflict']);
  });

  it('show neither in the message', async () => {
    const results = await run('apply', JOE, TWIN);
    expect(JSON.stringify(outcomeOf(results[1]).error)).not.toContain('joe@');
  });

  it('are no conflict where the first is deleted in the source, and the second took its address over', async () => {
    const results = await run('apply', { ...JOE, deleted: true }, TWIN);
    expect(results.map((row) => statusOf(row))).toEqual(['skipped', 'created']);
  });

  it('go one after the other where two runs meet, and make one record', async () => {
    const results = await Promise.all([run('apply', JOE), run('apply', TWIN), run('apply', JOE), run('apply', TWIN)]);
    const statuses = results.flat().map((row) => statusOf(row));
    expect(statuses.filter((status) => status === 'created')).toHaveLength(1);
    expect(flow.steps().filter((step) => step === 'create')).toHaveLength(1);
    expect(emulator.customers()).toHaveLength(1);
  });
});

describe('two customers with one record', () => {
  it.each(['apply', 'dryRun'] as const)('are a conflict for the second: both name its id, %s', async (verb) => {
    const { id } = emulator.seed({ email: 'old@test.example' });
    const external_ids = { recharge: String(id) };
    const results = await run(verb, { ...JOE, external_ids }, { ...TWIN, email: 'jane@test.example', external_ids });
    const statuses = results.map((row) => statusOf(row));
    expect(statuses.filter((status) => status === 'conflict')).toHaveLength(1);
    expect(statuses).toContain(verb === 'apply' ? 'updated' : 'update');
  });

  it('are a conflict for the second: one names its id, one its address', async () => {
    const { id } = emulator.seed({ email: JOE.email });
    const results = await run('apply', JOE, {
      ...TWIN,
      email: 'jane@test.example',
      external_ids: { recharge: String(id) },
    });
    expect(results.map((row) => statusOf(row)).filter((status) => status === 'conflict')).toHaveLength(1);
    expect(emulator.customers()).toHaveLength(1);
  });
});

it('many customers at once stay apart', async () => {
  const customers = Array.from({ length: 40 }, (_, n) => ({ ...JOE, id: `acct_${n}`, email: `joe+${n}@example.test` }));
  const results = await run('apply', ...customers);
  expect(results.map((row) => statusOf(row))).toEqual(Array(40).fill('created'));
  expect(new Set(results.map((row) => outcomeOf(row).provider_id)).size).toBe(40);
  const again = await run('apply', ...customers);
  expect(again.map((row) => statusOf(row))).toEqual(Array(40).fill('unchanged'));
  expect(emulator.customers()).toHaveLength(40);
});
