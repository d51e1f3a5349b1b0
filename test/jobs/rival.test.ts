import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import type { OutcomeStatus } from '../../schemas/outcome.js';
import { SUBJECTS } from '../core/upsert/flow.js';
import { type Bench, openBench } from './job-under-test.js';

const ANN = { id: 'acct_1', email: 'ann@example.test', first_name: 'Ann', last_name: 'Able' };
const IMPOSTOR = { ...ANN, id: 'acct_2', email: 'Ann@Example.test', first_name: 'Bob' };

const subject = SUBJECTS.find(({ id }) => id === 'recharge');
if (subject === undefined) throw new Error('Recharge is gone');

let emulator: Emulator<object>;
let bench: Bench;
beforeAll(async () => {
  emulator = await subject.start();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  bench = openBench(subject, emulator, [ANN, IMPOSTOR]);
  bench.concurrency = 1;
});

/** What became of each customer, or in a dry run would. */
function toldOf(): unknown[] {
  return bench.events.flatMap((event) => {
    if (event.kind === 'plan') return [[event.plan.customer_id, event.plan.action]];
    return event.kind === 'outcome' ? [[event.outcome.customer_id, event.outcome.error?.message]] : [];
  });
}

describe('of two customers with one e-mail address', () => {
  const refused = [IMPOSTOR.id, `the record that is found for this customer belongs to customer "${ANN.id}"`];

  it.each<[string, () => Promise<unknown>, string, OutcomeStatus]>([
    ['is created', async () => {}, 'create', 'created'],
    ['is linked', () => bench.flow.given({ ...ANN, last_name: 'Old' }), 'update', 'updated'],
  ])('a dry run shows that only the first %s, as a run does', async (_, given, action, status) => {
    await given();
    const planned = await bench.plan();
    expect(toldOf()).toEqual([[ANN.id, action], refused]);
    const report = await bench.run({ allow: new Set(['first_write']) });
    expect(toldOf()).toEqual([[ANN.id, undefined], refused]);
    expect(report.targets[0]?.outcomes).toEqual({ [status]: 1, conflict: 1 });
    expect(planned.targets[0]?.outcomes).toEqual(report.targets[0]?.outcomes);
  });
});
