import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { openBench } from './job-under-test.js';

const ANN = { id: 'acct_1', email: 'ann@example.test', first_name: 'Ann', last_name: 'Able' };
const BOB = { id: 'acct_2', email: 'bob@example.test', first_name: 'Bob', last_name: 'Baker' };
const MIRROR = { mode: 'mirror', archive: { allowed: true, consents: ['end_subscriptions'] } } as const;

describe.each(SUBJECTS)('at $id', (subject) => {
  const { names } = subject;
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => emulator.reset());

  it('a job that only updates creates nobody, and finds them once they are there', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.flow.given({ ...ANN, last_name: 'Old' });
    const only = { mode: 'update_only' } as const;
    expect((await bench.run({}, only)).targets).toMatchObject([{ outcomes: { updated: 1, skipped: 1 } }]);
    expect(names(emulator)).toEqual(['Ann Able']);
    await bench.flow.given({ ...BOB, last_name: 'Old' });
    expect((await bench.run({}, only)).targets).toMatchObject([{ outcomes: { unchanged: 1, updated: 1 } }]);
    expect(names(emulator).sort()).toEqual(['Ann Able', 'Bob Baker']);
  });

  it('a job that only updates creates nobody who was deleted since', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    await subject.deleteElsewhere(bench.flow);
    bench.table.rows = [{ ...ANN, last_name: 'Smith' }];
    expect((await bench.run({}, { mode: 'update_only' })).targets).toMatchObject([{ outcomes: { skipped: 1 } }]);
    expect(names(emulator)).toEqual([]);
  });

  it('a job that only creates updates nobody', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.flow.given({ ...ANN, last_name: 'Old' });
    const only = { mode: 'create_only' } as const;
    expect((await bench.run({}, only)).targets).toMatchObject([{ outcomes: { created: 1, skipped: 1 } }]);
    bench.table.rows = [
      { ...ANN, last_name: 'New' },
      { ...BOB, last_name: 'New' },
    ];
    await bench.run({}, only);
    expect(names(emulator).sort()).toEqual(['Ann Old', 'Bob Baker']);
  });

  it('skips tombstones and who does not match the filter', async () => {
    const bench = openBench(subject, emulator, [{ ...ANN, deleted: true }, BOB]);
    const filter = { text: 'not Bob', test: ({ first_name: name }: { first_name?: unknown }) => name !== 'Bob' };
    const report = await bench.run({}, { filter });
    expect(report.targets).toMatchObject([{ rows: 2, outcomes: { skipped: 2 }, requests: 0 }]);
    expect((await bench.run({}, { filter })).targets).toMatchObject([{ outcomes: { skipped: 2 } }]);
  });
});

const archiving = SUBJECTS.filter(({ provider }) => provider.connector.archive !== undefined);

describe.each(archiving)('a job that mirrors at $id', (subject) => {
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => emulator.reset());

  it('archives who left the source and who is deleted there, and takes them back', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB, { ...ANN, id: 'acct_3', email: 'third@example.test' }]);
    await bench.run({}, MIRROR);
    bench.table.rows = [ANN, { ...BOB, deleted: true }];
    const report = await bench.run({}, MIRROR);
    expect(report.targets).toMatchObject([{ rows: 2, outcomes: { unchanged: 1, archived: 1 }, archived_absent: 1 }]);
    expect(subject.names(emulator)).toEqual(['Ann Able']);
    expect((await bench.run({}, MIRROR)).targets).toMatchObject([
      { outcomes: { unchanged: 1, skipped: 1 }, requests: 0 },
    ]);

    bench.table.rows = [ANN, BOB];
    await bench.run({}, MIRROR);
    expect(subject.names(emulator).sort()).toEqual(['Ann Able', 'Bob Baker']);
  });

  it('plans whom it would archive, with the record that is there, and archives nobody', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB, { ...ANN, id: 'acct_3', email: 'third@example.test' }]);
    await bench.run({}, MIRROR);
    await subject.deleteElsewhere(bench.flow);
    await bench.flow.given({ ...ANN, last_name: 'Anew' });
    bench.table.rows = [{ ...BOB, deleted: true }];
    const report = await bench.plan({}, MIRROR);
    expect(report.targets).toMatchObject([{ rows: 1, outcomes: { archived: 1 }, archived_absent: 2 }]);
    const plans = bench.events.flatMap((event) => (event.kind === 'plan' ? [event.plan] : []));
    expect(plans).toMatchObject([
      { customer_id: 'acct_2', action: 'archive', reason: 'is deleted in the source', warnings: [] },
      {
        customer_id: 'acct_1',
        action: 'archive',
        reason: 'left the source',
        warnings: [{ code: 'notice', message: 'the record is another one than was written' }],
      },
      { customer_id: 'acct_3', action: 'archive', reason: 'left the source', warnings: [] },
    ]);
    expect(bench.flow.host.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(subject.names(emulator)).toHaveLength(3);
  });

  it('keeps on its list of failures whom it could not archive, until it can', async () => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.run({}, MIRROR);
    bench.table.rows = [ANN];
    emulator.faults.add({ kind: 'respond', status: 422, body: '{}' }, { method: 'DELETE' });
    expect((await bench.run({}, MIRROR)).targets).toMatchObject([{ failing: 1, new_failures: 1, archived_absent: 0 }]);
    expect(await bench.ledger.failures()).toMatchObject([{ customerId: 'acct_2', status: 'rejected', attempts: 1 }]);
    expect((await bench.run({}, MIRROR)).targets).toMatchObject([{ failing: 0, archived_absent: 1 }]);
    expect(await bench.ledger.failures()).toEqual([]);
  });

  it.each([
    ['for the first time', [[BOB]]],
    ['once more', [[ANN, BOB], [BOB]]],
  ])('archives who came %s, and left before it was known that the create had worked', async (_, before) => {
    const bench = openBench(subject, emulator, []);
    for (const rows of before) {
      bench.table.rows = rows;
      await bench.run({}, MIRROR);
    }
    bench.table.rows = [ANN, BOB];
    bench.flow.host.before = async ({ operation, method, path, body }) => {
      if (operation !== 'create') return;
      await bench.flow.call(method, path, JSON.parse(body ?? ''));
      throw new Error('the process died');
    };
    await expect(bench.run({}, MIRROR)).rejects.toThrow('the process died');
    expect(subject.names(emulator).sort()).toEqual(['Ann Able', 'Bob Baker']);
    bench.flow.host.before = undefined;
    bench.table.rows = [BOB];
    expect((await bench.run({}, MIRROR)).targets).toMatchObject([{ outcomes: { unchanged: 1 }, archived_absent: 1 }]);
    expect(subject.names(emulator)).toEqual(['Bob Baker']);
  });

  it.each([
    ['is deleted there', [ANN, { ...BOB, deleted: true }]],
    ['has left', [ANN]],
  ])('takes back who %s, and was archived by a process that died before it knew', async (_, rows) => {
    const bench = openBench(subject, emulator, [ANN, BOB]);
    await bench.run({}, MIRROR);
    bench.table.rows = rows;
    bench.flow.host.before = async ({ method, path }) => {
      if (method !== 'DELETE') return;
      await bench.flow.call(method, path);
      throw new Error('the process died');
    };
    await expect(bench.run({}, MIRROR)).rejects.toThrow('the process died');
    expect(subject.names(emulator)).toEqual(['Ann Able']);
    bench.flow.host.before = undefined;
    bench.table.rows = [ANN, BOB];
    expect((await bench.run({}, MIRROR)).targets).toMatchObject([{ outcomes: { unchanged: 1, created: 1 } }]);
    expect(subject.names(emulator).sort()).toEqual(['Ann Able', 'Bob Baker']);
  });
});

describe('a job that mirrors', () => {
  const subject = SUBJECTS.find(({ id }) => id === 'lago');
  if (subject === undefined) throw new Error('no subject');
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());

  it.each([
    ['a source that does not show all', {}, { complete: false }, /does not show all customers/],
    ['without being allowed to', { archive: { allowed: false, consents: [] } }, {}, /allow_archive: true/],
    ['without the second consent', { archive: { allowed: true, consents: [] } }, {}, /consents: \[end_subscriptions\]/],
  ])('is refused for %s', async (_, job, source, words) => {
    const bench = openBench(subject, emulator, [ANN]);
    const refused = bench.run({}, { ...MIRROR, ...job, source: { ...bench.table.source, ...source } });
    await expect(refused).rejects.toSatisfy(
      (error) => error instanceof Error && words.test(`${error.message} ${JSON.stringify(error)}`),
    );
  });
});
