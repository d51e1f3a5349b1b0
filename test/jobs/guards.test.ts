import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { type Bench, openBench } from './job-under-test.js';

const rowsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `acct_${from + index}`,
    email: `user${from + index}@example.test`,
    name: `Customer ${from + index}`,
    first_name: 'Ann',
    last_name: `Able${from + index}`,
  }));

const [recharge, lago] = SUBJECTS;
if (recharge === undefined || lago === undefined) throw new Error('no subjects');

describe('a run does not write', () => {
  let emulator: Emulator<object>;
  let bench: Bench;

  beforeAll(async () => {
    emulator = await lago.start();
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    emulator.reset();
    bench = openBench(lago, emulator, rowsFrom(0, 40));
    await bench.run();
    emulator.requests.length = 0;
  });

  async function expectRefusal(reason: RegExp): Promise<void> {
    const report = await bench.run();
    expect(report).toMatchObject({ ended: 'refused', reason: expect.stringMatching(reason) });
    expect(emulator.requests).toEqual([]);
    expect(await bench.ledger.runs({ limit: 1 })).toMatchObject([{ report: { ended: 'refused' } }]);
  }

  it('when the source is empty', async () => {
    bench.table.rows = [];
    await expectRefusal(/^customers is empty; the last run read 40 rows\. .* --allow empty$/);
    expect(await bench.run({ allow: new Set(['empty']) })).toMatchObject({ ended: 'done', source: { rows: 0 } });
  });

  it('when the source has shrunk', async () => {
    bench.table.rows = rowsFrom(0, 20);
    await expectRefusal(/^customers has 20 rows, 50 % fewer than the 40 of the last run; 20 % are let pass/);
    expect(await bench.run({ allow: new Set(['shrunk']) })).toMatchObject({ ended: 'done' });
    expect(await bench.run()).toMatchObject({ ended: 'done' });
  });

  it('when most customers would be changed', async () => {
    bench.table.rows = rowsFrom(0, 40).map((row) => ({ ...row, last_name: 'Same' }));
    await expectRefusal(/^40 of the 40 customers known at lago would be changed, 100 %; 50 % are let pass/);
    expect(await bench.run({}, { guards: { maxChangedPercent: 100 } })).toMatchObject({ ended: 'done' });
  });

  it('when more would be archived than may be', async () => {
    bench.table.rows = rowsFrom(0, 35);
    const mirror = {
      mode: 'mirror',
      archive: { allowed: true, consents: ['end_subscriptions'] },
      guards: { maxArchived: 4 },
    } as const;
    const report = await bench.run({}, mirror);
    expect(report).toMatchObject({
      ended: 'refused',
      reason: expect.stringMatching(/^5 customers would be archived at lago; 4 are let pass\. .* --allow archived$/),
    });
    expect(emulator.customers()).toHaveLength(40);
  });

  it.each([
    ['are deleted in the source', {}, (row: Record<string, unknown>) => ({ ...row, deleted: true })],
    [
      'do not match the filter any more',
      { filter: { text: 'nobody', test: () => false } },
      (row: Record<string, unknown>) => row,
    ],
  ])('when more would be archived than may be, since they %s', async (_, job, rowOf) => {
    bench.table.rows = rowsFrom(0, 40).map((row, index) => (index < 11 || 'filter' in job ? rowOf(row) : row));
    const mirror = { mode: 'mirror', archive: { allowed: true, consents: ['end_subscriptions'] }, ...job } as const;
    const report = await bench.run({}, mirror);
    const all = 'filter' in job ? 40 : 11;
    expect(report).toMatchObject({
      ended: 'refused',
      reason: expect.stringMatching(new RegExp(`^${all} customers would be archived at lago; 10 are let pass`)),
    });
    expect(emulator.customers()).toHaveLength(40);
    await bench.run({ allow: new Set(['archived']) }, mirror);
    expect(emulator.customers()).toHaveLength(40 - all);
  });
});

describe('a dry run', () => {
  it('says that a run would be refused, and shows what it would do all the same', async () => {
    const emulator = await lago.start();
    try {
      const bench = openBench(lago, emulator, rowsFrom(0, 20));
      await bench.run();
      bench.table.rows = rowsFrom(0, 20).map((row) => ({ ...row, last_name: 'Same' }));
      const report = await bench.plan();
      expect(bench.events).toContainEqual({
        kind: 'notice',
        message: expect.stringMatching(
          /^a run would be refused: 20 of the 20 customers known at lago would be changed, 100 %; .* --allow changed$/,
        ),
      });
      expect(report).toMatchObject({ ended: 'done', targets: [{ outcomes: { updated: 20 } }] });
    } finally {
      await emulator.close();
    }
  });
});

describe('the first write to an account', () => {
  it('is refused when its customers are found by e-mail alone, and nobody is created twice', async () => {
    const emulator = await lago.start();
    try {
      const bench = openBench(lago, emulator, rowsFrom(0, 10));
      for (const row of rowsFrom(0, 10)) await bench.flow.upsert({ ...row, id: `legacy_${row.id}` });
      const report = await bench.run();
      expect(report).toMatchObject({ ended: 'refused' });
      expect(report.reason).toMatch(
        /holds 10 customers: of 10 looked for, 0 are found by external_id, and 10 others by e-mail; .* --allow first_write$/,
      );
      expect(emulator.customers()).toHaveLength(10);
      expect(await bench.run({ allow: new Set(['first_write']) })).toMatchObject({ ended: 'done' });
      expect(emulator.customers()).toHaveLength(20);
    } finally {
      await emulator.close();
    }
  });

  it('is refused when the account holds nobody of ours', async () => {
    const emulator = await recharge.start();
    try {
      const bench = openBench(recharge, emulator, rowsFrom(0, 10));
      for (const row of rowsFrom(100, 3)) await bench.flow.upsert(row);
      expect((await bench.run()).reason).toMatch(
        /holds 3 customers: of 10 looked for, 0 are found by email, and 0 others by e-mail/,
      );
    } finally {
      await emulator.close();
    }
  });

  it('goes through when the account is empty, or knows our ids', async () => {
    const emulator = await lago.start();
    try {
      const bench = openBench(lago, emulator, rowsFrom(0, 10));
      for (const row of rowsFrom(0, 5)) await bench.flow.upsert(row);
      const report = await bench.run();
      expect(report.targets).toMatchObject([{ outcomes: { linked: 5, created: 5 } }]);
    } finally {
      await emulator.close();
    }
  });

  it('asks for our customers one by one where the account is too large to be listed', async () => {
    const emulator = await lago.start();
    try {
      const bench = openBench(lago, emulator, rowsFrom(1, 1));
      for (const row of rowsFrom(0, 700)) await bench.flow.upsert(row);
      const report = await bench.run();
      expect(report.targets).toMatchObject([{ outcomes: { linked: 1 } }]);
      const other = openBench(lago, emulator, rowsFrom(2_000, 1));
      expect((await other.run()).reason).toMatch(/holds at least [45]\d\d customers: of 1 looked for, 0 are found/);
    } finally {
      await emulator.close();
    }
  });
});
