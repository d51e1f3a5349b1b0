import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { openBench } from './job-under-test.js';

const ANN = {
  id: 'acct_1',
  email: 'ann@example.test',
  first_name: 'Ann',
  last_name: 'Able',
  metadata: { plan: 'gold' },
};
const BOB = { id: 'acct_2', email: 'bob@example.test', first_name: 'Bob', last_name: 'Baker' };

describe.each(SUBJECTS)('a job to $id', (subject) => {
  const { id, names } = subject;
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => emulator.reset());

  it('creates who is not known and sends nothing for who is unchanged', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    const first = await bench.run();
    expect(first).toMatchObject({ ended: 'done', source: { rows: 2, complete: true } });
    expect(first.targets).toMatchObject([{ rows: 2, outcomes: { created: 2 }, failing: 0 }]);
    expect(names(emulator).sort()).toEqual(['Ann Able', 'Bob Baker']);

    const second = await bench.run();
    expect(second.targets).toMatchObject([{ rows: 2, outcomes: { unchanged: 2 }, requests: 0 }]);
    expect(bench.flow.steps()).toEqual([]);
  });

  it('sends only the fields that changed, in one request', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.run();
    bench.table.rows[0] = { ...ANN, last_name: 'Smith' };
    const report = await bench.run();
    expect(report.targets).toMatchObject([{ outcomes: { updated: 1, unchanged: 1 } }]);
    expect(bench.flow.steps()).toEqual(['update']);
    expect(JSON.stringify(bench.flow.written())).not.toContain('ann@example.test');
    expect(names(emulator).sort()).toEqual(['Ann Smith', 'Bob Baker']);
  });

  it('reads before a metadata key changes only where the provider replaces all keys', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    bench.table.rows[0] = { ...ANN, metadata: { plan: 'silver' } };
    const expected = {
      recharge: [],
      lago: ['read', 'update'],
      flexprice: ['read', 'update'],
      autumn: ['update'],
      stripe: ['update'],
    };
    await bench.run();
    expect(bench.flow.steps()).toEqual(expected[id as keyof typeof expected]);
  });

  it('writes down what it changed', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    bench.table.rows[0] = { ...ANN, last_name: 'Smith' };
    await bench.run();
    const plan = expect.stringMatching(/^[\w-]{11}$/);
    const [created, updated] = await bench.ledger.history('acct_1');
    expect(created).toMatchObject({ run: 1, job: 'nightly', status: 'created', plan });
    expect(updated).toMatchObject({ run: 2, status: 'updated', plan });
    expect(updated?.changed).not.toContain('email');
    expect(updated?.plan).not.toBe(created?.plan);
  });

  it('gives one record to one customer only', async () => {
    const bench = openBench(subject, emulator, [ANN, { ...BOB, email: ANN.email }]);
    const { outcomes } = (await bench.run()).targets[0] ?? {};
    // Only where the address is what customers are found by.
    expect(outcomes).toEqual(id === 'recharge' ? { created: 1, conflict: 1 } : { created: 2 });
    expect(emulator.customers()).toHaveLength(id === 'recharge' ? 1 : 2);
  });

  it('links who is at the provider and equal, without a write', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.flow.given(ANN);
    const report = await bench.run();
    expect(report.targets).toMatchObject([{ outcomes: { linked: 1, created: 1 } }]);
    expect(bench.flow.steps().filter((step) => step === 'update')).toEqual([]);
    expect(names(emulator)).toHaveLength(2);
  });
});
