import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { Customer } from '../../schemas/customer.js';
import type { Remote, Result } from '../../src/runner/remote.js';
import { createRunner } from '../../src/runner/runner.js';
import { type Flow, SUBJECTS } from '../core/upsert/flow.js';
import { accountOf, type Bench, openBench } from './job-under-test.js';

const ANN = { id: 'acct_1', email: 'ann@example.test', first_name: 'Ann', last_name: 'Able' };
const BOB = { id: 'acct_2', email: 'bob@example.test', first_name: 'Bob', last_name: 'Baker' };

const runner = createRunner({ providers: builtInProviders });

/** What a deployed action does: all the work for a customer, and nothing that only a ledger knows. */
function actionOf({ connection }: Flow<Emulator<object>>) {
  const upserted: Customer[] = [];
  let plans = 0;
  const remote: Remote = {
    inFlight: 10,
    async upsert(customer) {
      upserted.push(customer);
      const [outcome] = await runner.upsert(connection, customer);
      if (outcome === undefined) throw new Error('no outcome');
      return outcome;
    },
    async plan(customer) {
      plans += 1;
      const results: Result[] = [];
      for await (const row of runner.dryRun([connection], [{ value: customer }])) results.push(...row.results);
      const [result] = results;
      if (result === undefined) throw new Error('no plan');
      return result;
    },
  };
  return { remote, upserted, plans: () => plans };
}

/** A job whose customers go through a deployed action. */
function openRemoteBench(subject: (typeof SUBJECTS)[number], emulator: Emulator<object>, rows: readonly object[]) {
  const bench = openBench(
    subject,
    emulator,
    rows.map((row) => ({ ...row })),
  );
  const action = actionOf(bench.flow);
  const connection = runner.connect({ to: subject.id, remote: action.remote });
  const targets = [{ connection, account: accountOf(emulator) }];
  const run: Bench['run'] = (options, job) => bench.run(options, { targets, ...job });
  return { ...bench, action, run, targets };
}

describe.each(SUBJECTS)('through a deployed action, at $id', (subject) => {
  let emulator: Emulator<object>;
  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => emulator.reset());

  it('a customer who has another e-mail address is still the same record', async () => {
    const { run, table } = openRemoteBench(subject, emulator, [ANN, BOB]);
    expect((await run()).targets).toMatchObject([{ outcomes: { created: 2 } }]);
    table.rows = [{ ...ANN, email: 'ann.new@example.test' }, BOB];
    expect((await run()).targets).toMatchObject([{ outcomes: { updated: 1, unchanged: 1 } }]);
    expect(emulator.customers()).toHaveLength(2);
    expect(JSON.stringify(emulator.customers())).not.toContain('ann@example.test');
  });

  it('who was deleted at the provider is created once more', async () => {
    const bench = openRemoteBench(subject, emulator, [ANN]);
    await bench.run();
    await subject.deleteElsewhere(bench.flow);
    bench.table.rows = [{ ...ANN, last_name: 'Smith' }];
    expect((await bench.run()).targets).toMatchObject([{ outcomes: { created: 1 } }]);
    expect(subject.names(emulator)).toEqual(['Ann Smith']);
  });

  it.each(['update_only', 'create_only'] as const)('a job of mode %s is refused', async (mode) => {
    const { run } = openRemoteBench(subject, emulator, [ANN]);
    await expect(run({}, { mode })).rejects.toMatchObject({
      message: `job "nightly" has mode ${mode}, and the deployed actions behind ${subject.id} create and update`,
      details: { remedy: 'Use via: nango-proxy for this connection, or mode upsert.' },
    });
    expect(emulator.requests).toEqual([]);
  });
});

it('a record that belongs to another customer is left to it, where e-mail addresses find it', async () => {
  const subject = SUBJECTS.find(({ id }) => id === 'recharge');
  if (subject === undefined) throw new Error('Recharge is gone');
  const emulator = await subject.start();
  try {
    const bench = openRemoteBench(subject, emulator, [ANN]);
    await bench.run();
    const impostor = { ...BOB, email: ANN.email };
    bench.table.rows = [ANN, impostor];
    expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 1, conflict: 1 } }]);
    expect(bench.action.upserted.map(({ id }) => id)).toEqual([ANN.id]);
    expect(subject.names(emulator)).toEqual(['Ann Able']);
  } finally {
    await emulator.close();
  }
});
