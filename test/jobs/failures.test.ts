import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { CustomerSyncError } from '../../src/core/errors.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { type Bench, openBench, rowOf, temporaryFolder } from './job-under-test.js';

const subject = SUBJECTS[3];
if (subject === undefined) throw new Error('no subject');
const people = ['Ann', 'Bob', 'Cid', 'Dan'].map((first_name, index) => ({
  id: `acct_${index}`,
  email: `user${index}@example.test`,
  first_name,
  last_name: 'Able',
}));
const broken = new CustomerSyncError('config', { message: 'the file ends too early', remedy: 'Write it again.' });
const MINUTE = 60_000;

let emulator: Emulator<object>;
let bench: Bench;

beforeAll(async () => {
  emulator = await subject.start();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  bench = openBench(subject, emulator, people);
  bench.concurrency = 1;
});

/** What the provider answers to everything about one customer. */
function refuse(status: number, times = Number.POSITIVE_INFINITY): void {
  bench.flow.host.before = (request) => {
    if (request.body?.includes('user1@') && times > 0) {
      times -= 1;
      emulator.faults.add(refusal(status));
    }
  };
}

function refusal(status: number) {
  const { body } = subject?.refusal('is not accepted') ?? {};
  return { kind: 'respond' as const, status, body: JSON.stringify(status === 400 ? body : { message: 'down' }) };
}

it('tries a passing failure again, later and later', async () => {
  refuse(503);
  const first = await bench.run();
  expect(first.targets).toMatchObject([{ outcomes: { created: 3, failed: 1 }, new_failures: 1 }]);
  const early = await bench.run();
  expect(early.targets).toMatchObject([{ outcomes: { unchanged: 3, failed: 1 }, new_failures: 0, requests: 0 }]);
  expect(bench.events).toContainEqual(
    expect.objectContaining({
      kind: 'outcome',
      outcome: expect.objectContaining({ reason: 'not tried again before 2026-11-21T06:01:00.000Z' }),
    }),
  );
  bench.now += MINUTE;
  await bench.run();
  expect(await bench.ledger.failures()).toMatchObject([{ attempts: 2, retryAt: '2026-11-21T06:05:00.000Z' }]);
  bench.flow.host.before = undefined;
  bench.now += 4 * MINUTE;
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 3, created: 1 }, failing: 0 }]);
  expect(await bench.ledger.failures()).toEqual([]);
});

it('does not wait for a time that a clock which went back will not see again', async () => {
  refuse(503);
  await bench.run();
  bench.flow.host.before = undefined;
  bench.now -= 24 * 60 * MINUTE;
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 3, created: 1 } }]);
});

it('tries a refused customer again only when it has changed', async () => {
  refuse(400);
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { created: 3, rejected: 1 } }]);
  bench.flow.host.before = undefined;
  bench.now += 1000 * MINUTE;
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 3, rejected: 1 }, requests: 0 }]);
  bench.table.rows[1] = { ...people[1], last_name: 'Baker' };
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 3, created: 1 }, failing: 0 }]);
});

it('tries it again when somebody asks for it, by id or by code', async () => {
  refuse(400);
  await bench.run();
  expect((await bench.run({ retry: { ids: ['acct_0'] } })).targets).toMatchObject([{ rows: 0 }]);
  bench.flow.host.before = undefined;
  const report = await bench.run({ retry: { code: 'rejected' } });
  expect(report).toMatchObject({ kind: 'retry', targets: [{ rows: 1, outcomes: { created: 1 } }] });
});

it('takes a customer whom the provider fails at in three runs as rejected', async () => {
  refuse(500);
  for (let run = 1; run <= 3; run += 1) {
    await bench.run();
    bench.now += 1000 * MINUTE;
  }
  expect(await bench.ledger.failures()).toMatchObject([{ customerId: 'acct_1', status: 'rejected', attempts: 3 }]);
  expect((await bench.run()).targets).toMatchObject([{ outcomes: { rejected: 1 }, requests: 0 }]);
});

it('takes nobody as rejected while the whole provider is down', async () => {
  bench.flow.host.before = () => emulator.faults.add(refusal(500));
  for (let run = 1; run <= 4; run += 1) {
    await bench.run({ allow: new Set(['first_write']) });
    bench.now += 1000 * MINUTE;
  }
  const statuses = (await bench.ledger.failures()).map(({ status }) => status);
  expect(statuses).not.toContain('rejected');
});

it('takes who left a complete source off the list, and nobody else', async () => {
  refuse(400);
  await bench.run();
  bench.table.rows = people.filter(({ id }) => id !== 'acct_0');
  await bench.run();
  expect(await bench.ledger.failures()).toHaveLength(1);
  bench.table.rows = people.filter(({ id }) => id !== 'acct_1');
  await bench.run();
  expect(await bench.ledger.failures()).toEqual([]);
});

it('does not pass a row that failed, where the source cannot fetch it by its id', async () => {
  const afters: (string | undefined)[] = [];
  const source = {
    ...bench.table.source,
    complete: false,
    async *rows({ after }: { after?: string | undefined } = {}) {
      afters.push(after);
      for (const [index, value] of bench.table.rows.entries())
        if (index > Number(after ?? -1)) yield { ...rowOf(value, `row ${index}`), position: String(index) };
    },
  };
  refuse(400);
  await bench.run({}, { source });
  await bench.run({}, { source: { ...source, byIds: () => source.rows({ after: '99' }) } });
  await bench.run({}, { source });
  expect(afters).toEqual([undefined, undefined, '0', '0', '3', '3']);
});

it('fetches customers by id whose time has come and whom the source does not show again', async () => {
  const asked: (readonly string[])[] = [];
  const source = {
    ...bench.table.source,
    complete: false,
    async *rows({ after }: { after?: string | undefined } = {}) {
      if (after === undefined)
        for (const [index, row] of people.entries()) yield { ...rowOf(row, 'row'), position: String(index) };
    },
    async *byIds(ids: readonly string[]) {
      asked.push(ids);
      for (const row of people) if (ids.includes(row.id)) yield rowOf(row, 'row');
    },
  };
  refuse(503);
  await bench.run({}, { source });
  bench.flow.host.before = undefined;
  bench.now += 2 * MINUTE;
  expect((await bench.run({}, { source })).targets).toMatchObject([{ rows: 1, outcomes: { created: 1 } }]);
  expect(asked).toEqual([['acct_1']]);
});

it('ends at a source that breaks, and keeps what was done', async () => {
  let reads = 0;
  const source = {
    ...bench.table.source,
    async *rows() {
      reads += 1;
      for (const row of people.slice(0, 2)) yield rowOf(row, 'row');
      if (reads === 2) throw broken;
      for (const row of people.slice(2)) yield rowOf(row, 'row');
    },
  };
  const report = await bench.run({}, { source });
  expect(report).toMatchObject({ ended: 'stopped', reason: 'the file ends too early. Write it again.' });
  expect((await bench.run({}, { source })).targets[0]?.outcomes).toMatchObject({ created: 4 });
});

it('finishes what is in flight when it is interrupted', async () => {
  const interrupt = new AbortController();
  bench.flow.host.before = (_, earlier) => {
    if (earlier === 3) interrupt.abort();
  };
  const report = await bench.run({ signal: interrupt.signal });
  expect(report.ended).toBe('interrupted');
  const { outcomes = {}, rows } = report.targets[0] ?? {};
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(rows);
  expect(outcomes.not_attempted).toBeGreaterThan(0);
  expect(emulator.customers()).toHaveLength(outcomes.created ?? 0);
});

it('sends nothing when it is interrupted while it still counts', async () => {
  const interrupt = new AbortController();
  const source = {
    ...bench.table.source,
    async *rows() {
      interrupt.abort();
      for (const row of people) yield rowOf(row, 'row');
    },
  };
  const report = await bench.run({ signal: interrupt.signal }, { source });
  expect(report).toMatchObject({ ended: 'interrupted', source: { rows: 0, complete: false }, targets: [{ rows: 0 }] });
  expect(emulator.requests).toEqual([]);
});

it('gives up waiting for an answer when the time is over', async () => {
  const interrupt = new AbortController();
  bench.flow.host.before = (request) => {
    if (request.operation !== 'create') return undefined;
    interrupt.abort();
    return new Promise(() => {});
  };
  const report = await bench.run({ signal: interrupt.signal, deadlineMs: 50 });
  expect(report).toMatchObject({ ended: 'interrupted', targets: [{ rows: 4, outcomes: { uncertain: 4 } }] });
});

it('tells what a run would cost, and changes nothing', async () => {
  await bench.run();
  bench.table.rows = [{ ...people[0], last_name: 'Baker' }, ...people.slice(1), { ...people[0], id: 'acct_9' }];
  const before = JSON.stringify(emulator.customers());
  const report = await bench.plan();
  expect(bench.events[0]).toMatchObject({
    kind: 'counted',
    counts: { rows: 5, unchanged: 3, unknown: 1, changed: 1, cost: { reads: 1, writes: 2 } },
  });
  expect(bench.events.filter(({ kind }) => kind === 'plan')).toMatchObject([
    { plan: { action: 'update', customer_id: 'acct_0' } },
    { plan: { action: 'create', customer_id: 'acct_9' } },
  ]);
  expect(report).toMatchObject({ run: 0, ended: 'done' });
  expect(JSON.stringify(emulator.customers())).toBe(before);
  expect(await bench.ledger.runs()).toHaveLength(1);
});

it('ends when the ledger cannot be written, and sends nothing more', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const many = Array.from({ length: 3_000 }, (_, index) => ({
    ...people[0],
    id: `acct_${index}`,
    email: `u${index}@example.test`,
  }));
  const small = openLedger({ path, env: {}, mode: 'write', maxPages: 60 });
  bench.table.rows = many;
  await expect(bench.run({ ledger: small })).rejects.toThrow(/cannot be written: the disk is full/);
  const sent = emulator.requests.length;
  await small.close();
  expect(sent).toBeLessThan(many.length);
  const large = openLedger({ path, env: {}, mode: 'write' });
  bench.table.rows = many.slice(0, 50);
  expect((await bench.run({ ledger: large })).targets).toMatchObject([{ rows: 50, failing: 0 }]);
  await large.close();
});
