import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulators/server.js';
import { SUBJECTS, type Subject } from '../core/upsert/flow.js';
import { accountOf, openBench } from './job-under-test.js';

const ANN = { id: 'acct_1', email: 'ann@example.test', first_name: 'Ann', last_name: 'Able' };
const BOB = { id: 'acct_2', email: 'bob@example.test', first_name: 'Bob', last_name: 'Baker' };

describe.each(SUBJECTS)('what a job to $id sends', (subject) => {
  let emulator: Emulator<object>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => emulator.reset());

  it('leaves a field alone that somebody changed at the provider and nobody changed in the source', async () => {
    const bench = openBench(subject, emulator, [{ ...ANN, phone: '+493012345678' }]);
    await bench.run();
    await bench.flow.given({ ...ANN, email: 'elsewhere@example.test', external_ids: await recordOf(bench, subject) });
    bench.table.rows[0] = { ...ANN, last_name: 'Smith', phone: '+493012345678' };
    await bench.run();
    expect(JSON.stringify(emulator.customers())).toContain('elsewhere@example.test');
    expect(subject.names(emulator)).toEqual(['Ann Smith']);
  });

  it('corrects it when the whole is compared', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    await bench.flow.given({ ...ANN, last_name: 'Elsewhere', external_ids: await recordOf(bench, subject) });
    const report = await bench.run({ full: true });
    expect(report).toMatchObject({ kind: 'full', targets: [{ outcomes: { updated: 1 } }] });
    expect(subject.names(emulator)).toEqual(['Ann Able']);
    const again = await bench.run({ full: true });
    expect(again.targets).toMatchObject([{ outcomes: { unchanged: 1 } }]);
    expect(bench.flow.steps()).toEqual(['read']);
  });

  it('reads a list instead of each customer where that is cheaper', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: `acct_${index}`,
      email: `user${index}@example.test`,
      first_name: 'Ann',
      last_name: `Able${index}`,
    }));
    const bench = openBench(subject, emulator, rows);
    await bench.run();
    const report = await bench.run({ full: true });
    expect(report.targets).toMatchObject([{ outcomes: { unchanged: 60 } }]);
    expect(bench.flow.steps().length).toBeLessThan(5);
  });

  it('asks for each customer where the account is too large for its list to show them', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    const account = await bench.ledger.bind(subject.id, accountOf(emulator));
    const lane = await bench.ledger.lane(bench.job.name, subject.id, account);
    const others = await bench.ledger.enter(
      lane,
      Array.from({ length: 1_000 }, (_, index) => `known_${index}`),
    );
    const settled = { state: 'settled', status: 'created', rowDigest: 'as it was', version: '1' } as const;
    await bench.ledger.settle(
      lane,
      1,
      others.map(({ number, customerId }) => ({ ...settled, number, customerId, providerId: `at ${customerId}` })),
    );
    const added = Array.from({ length: 20 }, (_, index) => ({
      ...BOB,
      id: `new_${index}`,
      email: `new${index}@mail.test`,
    }));
    bench.table.rows = [ANN, ...added];
    const report = await bench.run({ allow: new Set(['shrunk']) });
    // One to find and one to create each, and none for a list.
    expect(report.targets).toMatchObject([{ outcomes: { created: 20, unchanged: 1 }, requests: 40 }]);
  });

  it('sends again what a process sent that died, where the source went back to what it was', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    bench.table.rows = [{ ...ANN, last_name: 'Smith' }];
    const settle = () => Promise.reject(new Error('the process died'));
    await expect(bench.run({ ledger: { ...bench.ledger, settle } })).rejects.toThrow('the process died');
    expect(subject.names(emulator)).toEqual(['Ann Smith']);
    bench.table.rows = [ANN];
    await bench.run();
    expect(subject.names(emulator)).toEqual(['Ann Able']);
  });

  it('sends nothing for a row that says the same in other words', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    bench.table.rows[0] = { updated_at: '2026-11-21T06:00:00Z', ...ANN, deleted: false };
    expect((await bench.run()).targets).toMatchObject([{ outcomes: { unchanged: 1 }, requests: 0 }]);
  });

  it('creates again who was deleted at the provider, once the customer changes', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    await subject.deleteElsewhere(bench.flow);
    bench.table.rows[0] = { ...ANN, last_name: 'Smith' };
    await bench.run();
    expect(subject.names(emulator)).toEqual(['Ann Smith']);
  });

  it('sends all of who was deleted and came back by an update whose answer is lost', async () => {
    const bench = openBench(subject, emulator, [ANN]);
    await bench.run();
    await subject.deleteElsewhere(bench.flow);
    bench.table.rows[0] = { ...ANN, email: 'smith@example.test' };
    bench.flow.host.before = ({ operation }) => {
      if (operation === 'update') emulator.faults.add({ kind: 'truncate' });
    };
    await bench.run();
    bench.flow.host.before = undefined;
    bench.now += 3_600_000;
    await bench.run();
    expect(subject.names(emulator)).toEqual(['Ann Able']);
  });

  it('deletes the metadata keys that we wrote, and no others, when metadata is cleared whole', async () => {
    const bench = openBench(subject, emulator, [{ ...ANN, metadata: { plan: 'gold', seats: '3' } }]);
    await bench.run();
    await bench.flow.given({ ...ANN, metadata: { theirs: 'kept' }, external_ids: await recordOf(bench, subject) });
    bench.table.rows = [{ ...ANN, metadata: null }];
    await bench.run();
    const stored = JSON.stringify(emulator.customers());
    const hasMetadata = subject.id !== 'recharge';
    expect([stored.includes('gold'), stored.includes('seats'), stored.includes('kept')]).toEqual([
      false,
      false,
      hasMetadata,
    ]);
    expect((await bench.run()).targets).toMatchObject([{ requests: 0 }]);
  });

  it('adds up with customers who cannot be sent, and lists them until they can', async () => {
    const bench = openBench(subject, emulator, [
      ANN,
      { ...BOB, email: 'not an address' },
      { first_name: 'Nobody' },
      ANN,
    ]);
    const report = await bench.run();
    expect(report.targets).toMatchObject([
      { rows: 4, outcomes: { created: 1, invalid: 3 }, failing: 3, new_failures: 3 },
    ]);
    const failures = await bench.ledger.failures();
    expect(failures.map(({ customerId }) => customerId)).toEqual(['acct_2', 'row 3', 'row 4']);

    const again = await bench.run();
    expect(again.targets).toMatchObject([
      { rows: 4, outcomes: { unchanged: 1, invalid: 3 }, failing: 3, new_failures: 0 },
    ]);

    bench.table.rows = [ANN, BOB];
    const mended = await bench.run();
    expect(mended.targets).toMatchObject([{ rows: 2, outcomes: { unchanged: 1, created: 1 }, failing: 0 }]);
    expect(await bench.ledger.failures()).toEqual([]);
  });
});

async function recordOf({ ledger, flow }: ReturnType<typeof openBench>, { id }: Subject) {
  const account = await ledger.bind(flow.connection.name, {
    provider: id,
    origin: flow.emulator.url,
    credential: flow.emulator.apiKey,
  });
  const [entry] = await ledger.find(await ledger.lane('nightly', flow.connection.name, account), ['acct_1']);
  return id === 'recharge' ? { recharge: entry?.providerId ?? '' } : {};
}
