import { describe, expect, it } from 'vitest';
import { guardNames } from '../../src/jobs/job.js';
import { during, SUBJECTS } from '../core/upsert/flow.js';
import { openBench } from './job-under-test.js';

const allow = new Set(guardNames);
const ANN = { id: 'acct_1', email: 'ann@example.test', first_name: 'Ann', last_name: 'Able' };
const PHONE = { phone: '+493012345678' };

async function openAt(id: string, rows: readonly Record<string, unknown>[]) {
  const subject = SUBJECTS.find((one) => one.id === id);
  if (subject === undefined) throw new Error(`${id} is gone`);
  return openBench(subject, await during(subject.start()), rows);
}

function idOf(record: object | undefined): string {
  return String(Reflect.get(record ?? {}, 'id'));
}

describe('what was sent to one record is not taken for said to another', () => {
  it('when the customer is linked to another record', async () => {
    const bench = await openAt('recharge', [ANN]);
    await bench.run({ allow });
    await bench.flow.call('DELETE', `/customers/${idOf(bench.flow.emulator.customers()[0])}`);
    await bench.flow.call('POST', '/customers', { email: 'bob@example.test', first_name: 'Bob', last_name: 'Baker' });
    const providerId = idOf(bench.flow.emulator.customers()[0]);
    const [target] = bench.job.targets;
    if (target === undefined) throw new Error('no target');
    const account = await bench.ledger.bind(target.connection.name, target.account);
    await bench.ledger.link(account, [{ customerId: ANN.id, providerId }]);
    expect((await bench.run({ allow })).targets).toMatchObject([{ outcomes: { updated: 1 } }]);
    const { id: _, ...sent } = ANN;
    expect(bench.flow.emulator.customers()).toMatchObject([sent]);
  });

  it('when the source takes up a field again that the record before had', async () => {
    const bench = await openAt('recharge', [{ ...ANN, ...PHONE }]);
    await bench.run({ allow });
    await bench.flow.call('DELETE', `/customers/${idOf(bench.flow.emulator.customers()[0])}`);
    bench.table.rows = [{ ...ANN, last_name: 'Baker' }];
    await bench.run({ allow });
    bench.table.rows = [{ ...ANN, last_name: 'Baker', ...PHONE }];
    await bench.run({ allow });
    expect(bench.flow.emulator.customers()).toMatchObject([PHONE]);
  });

  it('when another job has archived the one before', async () => {
    const bench = await openAt('lago', [ANN]);
    const mirror = {
      name: 'leavers',
      mode: 'mirror',
      archive: { allowed: true, consents: ['end_subscriptions'] },
    } as const;
    await bench.run({ allow });
    await bench.run({ allow }, mirror);
    bench.table.rows = [{ ...ANN, deleted: true }];
    await bench.run({ allow }, mirror);
    expect(bench.flow.emulator.customers()).toEqual([]);
    bench.table.rows = [ANN];
    await bench.run({ allow });
    expect(bench.flow.emulator.customers()).toHaveLength(1);
  });
});

describe('of an account that was listed', () => {
  it('one record is given to one customer only, though it is equal to two', async () => {
    const bench = await openAt('recharge', [ANN, { ...ANN, id: 'acct_2' }]);
    const { id: _, ...fields } = ANN;
    await bench.flow.call('POST', '/customers', fields);
    expect((await bench.run({ allow })).targets).toMatchObject([{ outcomes: { linked: 1, conflict: 1 } }]);
  });

  it('a field is sent that its records do not show', async () => {
    const sections = (code: string) => ({ provider_fields: { lago: { invoice_custom_section_codes: [code] } } });
    const bench = await openAt('lago', [{ ...ANN, ...sections('old') }]);
    await bench.run({ allow });
    const others = Array.from({ length: 20 }, (_, index) => ({ ...ANN, id: `other_${index}` }));
    bench.table.rows = [{ ...ANN, ...sections('new') }, ...others];
    expect((await bench.run({ allow })).targets).toMatchObject([{ outcomes: { updated: 1, created: 20 } }]);
    expect(bench.flow.written()).toContainEqual({
      customer: expect.objectContaining({ external_id: ANN.id, invoice_custom_section_codes: ['new'] }),
    });
  });
});

it('who could not be corrected by a full run is failing until the record is right', async () => {
  const bench = await openAt('recharge', [ANN]);
  await bench.run({ allow });
  const { emulator } = bench.flow;
  await bench.flow.call('PUT', `/customers/${idOf(emulator.customers()[0])}`, { first_name: 'Edited' });
  bench.flow.host.before = ({ operation }) => {
    if (operation === 'update') emulator.faults.add({ kind: 'respond', status: 503, body: '{}' });
  };
  expect((await bench.run({ allow, full: true })).targets).toMatchObject([{ failing: 1 }]);
  bench.flow.host.before = undefined;
  bench.now += 3_600_000;
  expect((await bench.run({ allow })).targets).toMatchObject([{ outcomes: { updated: 1 } }]);
  expect(emulator.customers()).toMatchObject([{ first_name: 'Ann' }]);
  expect(await bench.ledger.failures()).toEqual([]);
});
