import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RechargeEmulator, startEmulator } from '../../../emulators/recharge.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import { type Flow, JOE, openFlow } from './flow.js';
import { OTHER, seedJoe } from './recharge-customers.js';

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

describe('the e-mail address is the identity', () => {
  it('two records with one address are a conflict, and neither is written', async () => {
    const ids = [seedJoe(emulator).id, seedJoe(emulator, { email: 'JOE@example.test' }).id];
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(outcome).toMatchObject({ status: 'conflict', error: { code: 'conflict' } });
    for (const id of ids) expect(outcome.error?.message).toContain(String(id));
    expect(flow.steps()).toEqual(['read']);
  });

  it('the right one of two is taken where its id is known', async () => {
    const [first, second] = [seedJoe(emulator), seedJoe(emulator)];
    const external_ids = { recharge: String(second.id) };
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', external_ids })).toMatchObject({
      status: 'updated',
      provider_id: String(second.id),
    });
    expect(emulator.customers().map(({ id, last_name }) => [id, last_name])).toEqual([
      [first.id, 'Bloggs'],
      [second.id, 'Smith'],
    ]);
  });

  it('a record that differs in case only is the same, and its address is left alone', async () => {
    seedJoe(emulator, { email: 'Joe@Example.Test' });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(flow.written()).toEqual([{ last_name: 'Smith' }]);
    expect(emulator.customers()).toMatchObject([{ email: 'Joe@Example.Test', last_name: 'Smith' }]);
  });

  it('a record of the address with the shop id of another customer is a conflict', async () => {
    seedJoe(emulator, { external_customer_id: { ecommerce: '111' } });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith', external_ids: { shopify: '222' } });
    expect(outcome).toMatchObject({
      status: 'conflict',
      error: { message: expect.stringContaining('another customer'), remedy: expect.stringContaining('external_ids') },
    });
    expect(flow.steps()).toEqual(['read']);
  });

  it.each([
    ['has the same shop id', '222', { shopify: '222' }],
    ['has no shop id', null, { shopify: '222' }],
    ['has one and we know none', '111', {}],
  ])('a record of the address is taken where it %s', async (_, ecommerce, external_ids) => {
    seedJoe(emulator, { external_customer_id: { ecommerce } });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', external_ids })).toMatchObject({ status: 'updated' });
  });

  it('a record with another shop id is taken where its Recharge id is known', async () => {
    const { id } = seedJoe(emulator, { external_customer_id: { ecommerce: '111' } });
    const external_ids = { shopify: '222', recharge: String(id) };
    expect(await flow.upsert({ ...JOE, external_ids })).toMatchObject({ status: 'updated' });
    expect(emulator.customers()).toMatchObject([{ external_customer_id: { ecommerce: '222' } }]);
  });

  it('an address that no query may hold as it is finds its record', async () => {
    const email = 'a+b&c=d@test.example';
    seedJoe(emulator, { email });
    expect(await flow.upsert({ ...JOE, email })).toMatchObject({ status: 'unchanged' });
  });

  it('a server that ignores the filter gets no customer overwritten', async () => {
    emulator.seed(OTHER);
    const body = JSON.stringify({ customers: emulator.customers(), next_cursor: null, previous_cursor: null });
    emulator.faults.add({ kind: 'respond', status: 200, body }, { method: 'GET' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(emulator.customers()).toMatchObject([OTHER, { email: JOE.email }]);
  });
});

describe('a known Recharge id', () => {
  const known = (id: number) => ({ external_ids: { recharge: String(id) } });

  it('lets the address change', async () => {
    const { id } = seedJoe(emulator);
    const outcome = await flow.upsert({ ...JOE, email: 'new@test.example', ...known(id) });
    expect(outcome).toMatchObject({
      status: 'updated',
      provider_id: String(id),
      changes: [{ field: 'email', change: 'set', from: JOE.email, to: 'new@test.example' }],
    });
    expect(flow.host.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /customers/${id}`,
      `PUT /customers/${id}`,
    ]);
  });

  it('makes a taken address a conflict, which is not repeated', async () => {
    const { id } = seedJoe(emulator);
    emulator.seed(OTHER);
    const outcome = await flow.upsert({ ...JOE, email: OTHER.email, ...known(id) });
    expect(outcome).toMatchObject({
      status: 'conflict',
      changes: [],
      error: { code: 'conflict', status: 422, remedy: expect.stringContaining('merge the two') },
    });
    expect(flow.steps()).toEqual(['read', 'update']);
    expect(emulator.customers().map(({ email }) => email)).toEqual([JOE.email, OTHER.email]);
  });

  it('is enough without an address', async () => {
    const { id } = seedJoe(emulator);
    const outcome = await flow.upsert({ id: JOE.id, last_name: 'Smith', ...known(id) });
    expect(outcome).toMatchObject({ status: 'updated', provider_id: String(id), warnings: [] });
    expect(emulator.customers()).toMatchObject([{ email: JOE.email, last_name: 'Smith' }]);
  });

  it('that leads nowhere is forgotten: the record is found by its address', async () => {
    const { id } = seedJoe(emulator);
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', ...known(1) })).toMatchObject({
      status: 'updated',
      provider_id: String(id),
    });
    expect(flow.steps()).toEqual(['read', 'read', 'update']);
  });

  it('that leads nowhere is forgotten: who is not found by the address is created', async () => {
    expect(await flow.upsert({ ...JOE, ...known(1) })).toMatchObject({ status: 'created' });
    expect(flow.steps()).toEqual(['read', 'read', 'create']);
  });

  it('that leads nowhere is too little without an address', async () => {
    const outcome = await flow.upsert({ id: JOE.id, last_name: 'Smith', ...known(1) });
    expect(outcome).toMatchObject({ status: 'invalid', error: { fields: [{ field: 'email' }] } });
    expect(flow.steps()).toEqual(['read']);
  });

  it('of a record deleted between read and update leads to a new one', async () => {
    const { id } = seedJoe(emulator);
    flow.host.before = async ({ operation }) => {
      if (operation === 'update') await flow.call('DELETE', `/customers/${id}`);
    };
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', ...known(id) })).toMatchObject({ status: 'created' });
    expect(emulator.customers()).toMatchObject([{ email: JOE.email, last_name: 'Smith' }]);
  });

  it('that answers with another record is not believed', async () => {
    const { id } = seedJoe(emulator);
    const other = emulator.seed(OTHER);
    emulator.faults.add({ kind: 'respond', status: 200, body: JSON.stringify({ customer: other }) }, { method: 'GET' });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', ...known(id) })).toMatchObject({
      status: 'failed',
      error: { code: 'protocol' },
    });
    expect(flow.steps()).toEqual(['read']);
  });
});

it('needs an address or a Recharge id, and asks for nothing without', async () => {
  expect(await flow.upsert({ id: 'acct_1', first_name: 'Joe', last_name: 'Bloggs' })).toMatchObject({
    status: 'invalid',
    error: { fields: [{ field: 'email' }] },
  });
  expect(flow.steps()).toEqual([]);
});
