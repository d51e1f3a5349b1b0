import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import type { Emulator } from '../../emulators/server.js';
import { lago } from '../../integrations/lago/connector.js';
import type { Job, JobSource } from '../../src/jobs/job.js';
import type { RunJobOptions } from '../../src/jobs/run-job.js';
import { during, openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { accountOf, openBench, rowOf } from './job-under-test.js';

let emulator: Emulator<object>;
beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

/** Rows come with their number as a position. */
function benchWith(rows: readonly Record<string, unknown>[], more: Partial<JobSource> = {}) {
  const subject = SUBJECTS.find(({ id }) => id === 'lago');
  if (subject === undefined) throw new Error('Lago is gone');
  const bench = openBench(subject, emulator, []);
  const source: JobSource = {
    name: 'crm',
    complete: false,
    version: '1',
    async *rows({ after = '0' } = {}) {
      for (const [index, value] of rows.entries())
        if (index >= Number(after)) yield { ...rowOf(value, `row ${index + 1}`), position: String(index + 1) };
    },
    ...more,
  };
  return {
    ...bench,
    run: (options: Partial<RunJobOptions> = {}, job: Partial<Job> = {}) =>
      bench.run({ allow: new Set(['first_write']), ...options }, { source, ...job }),
    source,
  };
}

it('is read on from where the last run ended, and with --full from its start', async () => {
  const { run } = benchWith([
    { id: 'a', name: 'Ann Able' },
    { id: 'b', name: 'Bo Baker' },
  ]);
  expect((await run()).targets).toMatchObject([{ outcomes: { created: 2 } }]);
  expect((await run()).source.rows).toBe(0);
  const full = await run({ full: true });
  expect(full.targets).toMatchObject([{ rows: 2, outcomes: { unchanged: 2 } }]);
});

describe('is read from its start', () => {
  const people = [
    { id: 'a', name: 'Ann Able' },
    { id: 'b', name: 'Bo Baker' },
  ];

  it('once more for a connection that is new in the job, and then for nobody', async () => {
    const bench = benchWith(people);
    await bench.run();
    const second = openFlow(await during(startEmulator({ rateLimits: false })), lago);
    const newcomer = { ...second.connection, name: 'second' };
    const targets = [...bench.job.targets, { connection: newcomer, account: accountOf(second.emulator) }];
    expect((await bench.run({}, { targets })).targets).toMatchObject([
      { to: 'lago', outcomes: { unchanged: 2 }, requests: 0 },
      { to: 'second', outcomes: { created: 2 } },
    ]);
    expect((await bench.run({}, { targets })).source.rows).toBe(0);
  });

  it('for a connection that has missed a part of it', async () => {
    const rows = [...people];
    const bench = benchWith(rows);
    const second = openFlow(await during(startEmulator({ rateLimits: false })), lago);
    const newcomer = { ...second.connection, name: 'second' };
    const targets = [...bench.job.targets, { connection: newcomer, account: accountOf(second.emulator) }];
    await bench.run({}, { targets });
    rows.push({ id: 'c', name: 'Cy Cole' });
    await bench.run();
    await bench.run({}, { targets });
    expect(second.emulator.customers()).toHaveLength(3);
  });

  it.each([
    ['mapping of the source', (source: JobSource) => ({ source: { ...source, version: '2' } })],
    ['filter', () => ({ filter: { text: 'everybody', test: () => true } })],
  ])('when the %s is another one', async (_, change) => {
    const bench = benchWith(people);
    await bench.run();
    const changed = change(bench.source);
    expect((await bench.run({}, changed)).targets).toMatchObject([
      { rows: 2, outcomes: { unchanged: 2 }, requests: 0 },
    ]);
    expect((await bench.run({}, changed)).source.rows).toBe(0);
  });
});

it('that never held anything is noticed, with what to look at', async () => {
  const { run, events } = benchWith([], { ifEmpty: 'Check "model" of the source.' });
  const message = 'crm holds nothing, and did so whenever it was read. Check "model" of the source.';
  for (const _ of [1, 2]) {
    await run();
    expect(events).toContainEqual({ kind: 'notice', message });
  }
});

it('that holds nothing new is no reason to say anything', async () => {
  const { run, events } = benchWith([{ id: 'a', name: 'Ann Able' }]);
  await run();
  await run();
  expect(events.filter(({ kind }) => kind === 'notice')).toEqual([]);
});
