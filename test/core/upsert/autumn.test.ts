import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AutumnEmulator, startEmulator } from '../../../emulators/autumn.js';
import { autumn } from '../../../integrations/autumn/connector.js';
import { type Flow, JOE, openFlow } from './flow.js';

let emulator: AutumnEmulator;
let flow: Flow<AutumnEmulator>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, autumn);
});

const JOE_AUTUMN = { customer_id: JOE.id, email: JOE.email, name: 'Joe Bloggs' };

/** Stores a customer as another program would. */
const store = (fields: Record<string, unknown>) => flow.call('POST', '/customers.get_or_create', fields);

describe('a create that finds the customer there', () => {
  it('is put right by an update, which keeps the metadata of the other writer', async () => {
    flow.host.before = async (_request, earlier) => {
      if (earlier === 1) await store({ ...JOE_AUTUMN, name: 'Joanna', metadata: { theirs: 1, plan: 'bronze' } });
    };
    const outcome = await flow.upsert({ ...JOE, metadata: { plan: 'gold' } });
    expect(outcome).toMatchObject({ warnings: [] });
    expect(flow.steps()).toEqual(['read', 'create', 'update']);
    expect(flow.written()[1]).toEqual({ customer_id: JOE.id, name: 'Joe Bloggs', metadata: { plan: 'gold' } });
    expect(emulator.customers()).toMatchObject([{ name: 'Joe Bloggs', metadata: { theirs: 1, plan: 'gold' } }]);
  });

  it('needs no update where the other writer stored the same', async () => {
    flow.host.before = async (_request, earlier) => {
      if (earlier === 1) await store(JOE_AUTUMN);
    };
    await flow.upsert(JOE);
    expect(flow.steps()).toEqual(['read', 'create']);
  });

  it('takes a customer without an id over, and puts it right', async () => {
    await store({ customer_id: null, email: 'JOE@example.test', name: 'Nobody Yet', metadata: { theirs: 1 } });
    expect(await flow.upsert({ ...JOE, metadata: { plan: 'gold' } })).toMatchObject({ warnings: [] });
    expect(flow.steps()).toEqual(['read', 'create', 'update']);
    expect(emulator.customers()).toMatchObject([
      { id: JOE.id, name: 'Joe Bloggs', email: JOE.email, metadata: { theirs: 1, plan: 'gold' } },
    ]);
  });

  it('does not take over a customer with another id and the same address', async () => {
    await store({ ...JOE_AUTUMN, customer_id: 'other', name: 'Other' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(emulator.customers().map(({ id, name }) => [id, name])).toEqual(
      expect.arrayContaining([
        ['other', 'Other'],
        ['acct_1', 'Joe Bloggs'],
      ]),
    );
  });

  it('that answers with a customer without an id is not believed', async () => {
    const body = JSON.stringify({ id: null, name: 'Joe Bloggs', email: JOE.email, metadata: {} });
    emulator.faults.add({ kind: 'respond', status: 200, body }, { path: /get_or_create/, times: 99 });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
    for (const written of flow.written()) expect(written).toMatchObject({ customer_id: JOE.id });
  });
});

describe('an id', () => {
  it.each(['acme.com', 'joe@example.test', 'a/b', 'a b', 'Jürgen', '..'])(
    'that Autumn would refuse is refused before anything is sent: %s',
    async (id) => {
      expect(await flow.upsert({ ...JOE, id })).toMatchObject({
        status: 'invalid',
        error: { code: 'invalid_customer', message: expect.stringContaining('escape_id') },
      });
      expect(emulator.requests).toEqual([]);
    },
  );

  it.each(['A-z_0:9', 'x'.repeat(2_500)])('that Autumn takes is taken: %s', async (id) => {
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'created' });
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'unchanged' });
  });

  it.each([
    ['acme.com', 'acme:2ecom'],
    ['joe@example.test', 'joe:40example:2etest'],
    ['a:b', 'a:3ab'],
    ['Jürgen', 'J:c3:bcrgen'],
  ])('may be written another way by an overlay: %s', async (id, written) => {
    const overlay = { fields: { customer_id: { from: 'id', transform: ['escape_id'], required: true, read: 'id' } } };
    flow = openFlow(emulator, autumn, { overlay });
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({
      status: 'created',
      customer_id: id,
      provider_id: written,
    });
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'unchanged' });
    expect(await flow.upsert({ ...JOE, id, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(emulator.customers()).toMatchObject([{ id: written, name: 'Joe Smith' }]);
  });

  it('that is the internal id of another customer does not reach that one', async () => {
    await store({ ...JOE_AUTUMN, customer_id: 'other', name: 'Other' });
    const shown = await flow.call('POST', '/customers.get', { customer_id: 'other', with_autumn_id: true });
    const internalId = String(Reflect.get(Object(shown), 'autumn_id'));
    expect(internalId).toMatch(/^cus_/);
    await flow.upsert({ ...JOE, id: internalId });
    expect(emulator.customers().find(({ id }) => id === 'other')).toMatchObject({ name: 'Other' });
  });
});

describe('metadata', () => {
  it('is merged by Autumn: null deletes a key, what is not named stays', async () => {
    await store({ ...JOE_AUTUMN, metadata: { theirs: 1, plan: 'gold', old: true } });
    const outcome = await flow.upsert({ ...JOE, metadata: { plan: 'silver', seats: 3, old: null } });
    expect(outcome).toMatchObject({
      status: 'updated',
      warnings: [],
      changes: [
        { field: 'metadata.plan', from: 'gold', to: 'silver' },
        { field: 'metadata.seats', to: 3 },
        { field: 'metadata.old', change: 'clear', from: true },
      ],
    });
    expect(flow.written()).toEqual([{ customer_id: JOE.id, metadata: { plan: 'silver', seats: 3, old: null } }]);
    expect(emulator.customers()).toMatchObject([{ metadata: { theirs: 1, plan: 'silver', seats: 3 } }]);
  });

  it('holds no null after a create, which Autumn would store as one', async () => {
    await flow.upsert({ ...JOE, metadata: { plan: 'gold', old: null } });
    expect(flow.written()).toEqual([{ ...JOE_AUTUMN, metadata: { plan: 'gold' } }]);
    expect(emulator.customers()[0]?.metadata).toEqual({ plan: 'gold' });
  });

  it('keeps the kinds of its values', async () => {
    const metadata = { text: '1', number: 1, yes: true, no: false };
    await flow.given({ ...JOE, metadata });
    expect(await flow.upsert({ ...JOE, metadata })).toMatchObject({ status: 'unchanged' });
    expect(await flow.upsert({ ...JOE, metadata: { number: '1' } })).toMatchObject({ status: 'updated' });
  });
});

describe('clearing', () => {
  it('sends null', async () => {
    await store({ ...JOE_AUTUMN, fingerprint: 'fp' });
    const provider_fields = { autumn: { fingerprint: null } };
    expect(await flow.upsert({ id: JOE.id, name: null, email: null, provider_fields })).toMatchObject({
      status: 'updated',
      warnings: [],
    });
    expect(flow.written()).toEqual([{ customer_id: JOE.id, name: null, email: null, fingerprint: null }]);
    expect(emulator.customers()).toMatchObject([{ name: null, email: null, fingerprint: null }]);
  });
});

describe('limits', () => {
  it('of updates are waited for, though they are told in text', async () => {
    await flow.given(JOE);
    emulator.faults.add(
      {
        kind: 'respond',
        status: 429,
        headers: { 'content-type': 'text/plain; charset=UTF-8', 'retry-after': '1', 'ratelimit-reset': '1' },
        body: 'Too many requests, please try again later.',
      },
      { path: /update/ },
    );
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(flow.host.waits).toEqual([1_125]);
  });

  it('of the organisation say nothing of when, so our own wait is taken', async () => {
    const body = '{"message":"Rate limit exceeded.","code":"rate_limit_exceeded","env":"sandbox"}';
    emulator.faults.add({ kind: 'respond', status: 429, body }, { path: /get_or_create/ });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(flow.host.waits).toEqual([50]);
  });

  it('of the databases are waited for', async () => {
    const body = '{"message":"Service unavailable","code":"service_unavailable","env":"sandbox"}';
    emulator.faults.add(
      { kind: 'respond', status: 503, headers: { 'retry-after': '1' }, body },
      { path: /customers.get$/ },
    );
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(flow.host.waits).toEqual([1_125]);
  });
});

describe('refusals', () => {
  it('explains a wrong base URL, which Autumn answers as if the key were wrong', async () => {
    flow = openFlow(emulator, autumn, { baseUrl: `${emulator.url}/extra` });
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'failed',
      error: {
        code: 'config',
        status: 401,
        provider_code: 'no_auth_header',
        remedy: expect.stringContaining('key is fine'),
      },
    });
    expect(flow.steps()).toEqual(['read']);
  });

  it('explains a publishable key', async () => {
    flow = openFlow(emulator, autumn, { apiKey: emulator.keys.publishable });
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'auth', remedy: expect.stringContaining('am_sk_') },
    });
  });

  it('explains a key that may only read: it creates, and is refused the update', async () => {
    await flow.given(JOE);
    flow = openFlow(emulator, autumn, { apiKey: emulator.keys.read });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({
      status: 'failed',
      error: { code: 'forbidden', remedy: expect.stringContaining('customers:write') },
    });
    expect(emulator.customers()).toMatchObject([{ name: 'Joe Bloggs' }]);
  });

  it('explains a missing Stripe account, after which the customer is there', async () => {
    const outcome = await flow.upsert({ ...JOE, provider_fields: { autumn: { create_in_stripe: true } } });
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: { remedy: expect.stringContaining('may have created the customer all the same') },
    });
    expect(emulator.customers()).toHaveLength(1);
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'unchanged' });
  });

  it('explains a plan that does not exist', async () => {
    const outcome = await flow.upsert({ ...JOE, provider_fields: { autumn: { auto_enable_plan_id: 'none' } } });
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: { provider_code: 'product_not_found', remedy: expect.stringContaining('auto_enable_plan_id') },
    });
    expect(emulator.customers()).toEqual([]);
  });
});

it('says that a field it cannot read was not sent again', async () => {
  await flow.given(JOE);
  const currency = { provider_fields: { autumn: { currency: 'EUR' } } };
  expect(await flow.upsert({ ...JOE, ...currency })).toMatchObject({
    status: 'unchanged',
    warnings: [{ code: 'cannot_tell' }],
  });
  expect(await flow.upsert({ ...JOE, ...currency, last_name: 'Smith' })).toMatchObject({
    status: 'updated',
    warnings: [],
  });
  expect(flow.written()).toEqual([{ customer_id: JOE.id, name: 'Joe Smith', currency: 'EUR' }]);
});
