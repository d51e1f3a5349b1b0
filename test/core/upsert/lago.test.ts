import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LagoEmulator, startEmulator } from '../../../emulators/lago.js';
import { lago } from '../../../integrations/lago/connector.js';
import { during, type Flow, JOE, openFlow } from './flow.js';
import { metadataOf, store } from './lago-customers.js';

let emulator: LagoEmulator;
let flow: Flow<LagoEmulator>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, lago);
});

describe('an id', () => {
  it.each([
    ['acme.com', 'acme'],
    ['joe@acme.test', 'joe@acme'],
    ['a/b', 'a'],
    ['v1.2/x y', 'v1'],
    ['50%', '50'],
    ['a?b#c&d=e', 'a'],
    ['Jürgen 😀', 'Jürgen'],
    ['..', '.'],
  ])('that a path could not hold works, and never means another one: %s, not %s', async (id, other) => {
    await store(flow, { external_id: other, firstname: 'Wrong' });
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'created' });
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'unchanged' });
    expect(await flow.upsert({ ...JOE, id, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(emulator.customers()).toHaveLength(2);
    expect(emulator.customers().find(({ external_id }) => external_id === id)).toMatchObject({ lastname: 'Smith' });
    expect(emulator.customers().find(({ external_id }) => external_id === other)).toMatchObject({ lastname: null });
  });

  it('that differs in case is another customer', async () => {
    await store(flow, { external_id: 'ACCT_1', lastname: 'Other' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(emulator.customers().map(({ lastname }) => lastname)).toEqual(expect.arrayContaining(['Other', 'Bloggs']));
  });

  it('that is a part of another one is another customer', async () => {
    await store(flow, { external_id: 'acct_10' }, { external_id: 'xacct_1' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(emulator.customers()).toHaveLength(3);
  });
});

describe('a server that does not know the filter', () => {
  async function openOld() {
    const old = await during(startEmulator({ rateLimits: false, version: '1.48' }));
    flow = openFlow(old, lago);
    await store(flow, { external_id: 'other_1' }, { external_id: 'acme' }, { external_id: 'other_2' });
    return old;
  }

  it('is asked by path: creates, finds and updates', async () => {
    const old = await openOld();
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    await store(flow, { external_id: 'newer_1' }, { external_id: 'newer_2' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'unchanged' });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(old.customers()).toHaveLength(6);
    expect(flow.host.requests.map(({ path }) => path)).toContain('/customers/acct_1');
  });

  it.each(['acme.com', 'acme/x'])('is not asked by a path that it would cut, and nobody is written: %s', async (id) => {
    const old = await openOld();
    const before = old.customers();
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({
      status: 'invalid',
      error: { code: 'invalid_customer', remedy: expect.stringContaining('1.49') },
    });
    expect(flow.steps()).toEqual(['read']);
    expect(old.customers()).toEqual(before);
  });
});

describe('a create that loses against another writer', () => {
  it('goes on with an update of what differs', async () => {
    emulator.raceNextCreate({ email: JOE.email, firstname: 'Joanna', phone: '+4511223344' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'update']);
    expect(flow.written()[1]).toEqual({ customer: { external_id: JOE.id, firstname: 'Joe', lastname: 'Bloggs' } });
    expect(emulator.customers()).toMatchObject([{ firstname: 'Joe', lastname: 'Bloggs', phone: '+4511223344' }]);
  });

  it('keeps the metadata of the other one', async () => {
    emulator.raceNextCreate({ metadata: [{ key: 'theirs', value: '1' }] });
    expect(await flow.upsert({ ...JOE, metadata: { ours: '2' } })).toMatchObject({ status: 'updated' });
    expect(metadataOf(emulator, JOE.id)).toEqual([
      ['theirs', '1', false],
      ['ours', '2', false],
    ]);
  });
});

describe('what Lago does not keep', () => {
  it('is told: the time zone without a licence', async () => {
    const customer = { ...JOE, timezone: 'Europe/Berlin' };
    expect(await flow.upsert(customer)).toMatchObject({
      status: 'created',
      warnings: [{ code: 'not_kept', field: 'timezone' }],
    });
    expect(await flow.upsert({ ...customer, last_name: 'Smith' })).toMatchObject({
      status: 'updated',
      warnings: [{ code: 'not_kept', field: 'timezone' }],
    });
  });

  it('is kept with a licence', async () => {
    const premium = await during(startEmulator({ rateLimits: false, premium: true }));
    flow = openFlow(premium, lago);
    expect(await flow.upsert({ ...JOE, timezone: 'Europe/Berlin' })).toMatchObject({ status: 'created', warnings: [] });
    expect(premium.customers()).toMatchObject([{ timezone: 'Europe/Berlin' }]);
  });

  it('does not hide what was written by a request whose answer cannot be read', async () => {
    await flow.given(JOE);
    emulator.faults.add({ kind: 'respond', status: 200, body: '{"customer":{}}', commit: true }, { method: 'POST' });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith', timezone: 'Europe/Berlin' });
    expect(outcome).toMatchObject({ status: 'updated', warnings: [{ code: 'not_kept', field: 'timezone' }] });
    expect(outcome.changes.map(({ field }) => field).sort()).toEqual(['last_name', 'timezone']);
    expect(flow.steps()).toEqual(['read', 'update', 'read', 'update']);
  });
});

describe('clearing', () => {
  it('sends null for what is stored, and only for that', async () => {
    await store(flow, {
      external_id: JOE.id,
      phone: '+4511223344',
      city: 'Berlin',
      shipping_address: { city: 'Bonn', country: 'DE' },
      currency: 'EUR',
    });
    const outcome = await flow.upsert({
      id: JOE.id,
      phone: null,
      url: null,
      address: null,
      shipping_address: { city: null },
      currency: null,
    });
    expect(outcome).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.written()).toEqual([
      { customer: { external_id: JOE.id, phone: null, city: null, shipping_address: { city: null }, currency: null } },
    ]);
    expect(emulator.customers()).toMatchObject([
      { phone: null, city: null, currency: null, shipping_address: { city: null, country: 'DE' } },
    ]);
  });

  it('of the locale leaves the rest of the billing configuration alone', async () => {
    const billing = { subscription_invoice_issuing_date_anchor: 'next_period_start' };
    await flow.given({ ...JOE, locale: 'de-AT', provider_fields: { lago: { billing_configuration: billing } } });
    expect(await flow.upsert({ id: JOE.id, locale: null })).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.written()).toEqual([
      { customer: { external_id: JOE.id, billing_configuration: { document_locale: null } } },
    ]);
    expect(emulator.customers()).toMatchObject([{ billing_configuration: { ...billing, document_locale: null } }]);
  });

  it('of metadata as a whole without a ledger deletes nothing and says so', async () => {
    await flow.given({ ...JOE, metadata: { plan: 'gold' } });
    expect(await flow.upsert({ id: JOE.id, metadata: null })).toMatchObject({
      status: 'unchanged',
      warnings: [{ code: 'cannot_clear', field: 'metadata' }],
    });
    expect(metadataOf(emulator, JOE.id)).toHaveLength(1);
  });
});

describe('refusals', () => {
  it('explains a currency that an older server keeps', async () => {
    const older = await during(startEmulator({ rateLimits: false, version: '1.51' }));
    flow = openFlow(older, lago);
    await flow.given({ ...JOE, currency: 'EUR' });
    older.addSubscription(JOE.id);
    expect(await flow.upsert({ ...JOE, currency: 'USD' })).toMatchObject({
      status: 'rejected',
      error: { fields: [{ field: 'currency' }], remedy: expect.stringContaining('leave currency out') },
    });
    expect(await flow.upsert({ ...JOE, currency: 'EUR', last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(older.customers()).toMatchObject([{ currency: 'EUR', lastname: 'Smith' }]);
  });

  it('explains a base URL without its ending, and does not take it for a missing customer', async () => {
    flow = openFlow(emulator, lago, { baseUrl: emulator.url.replace('/api/v1', '') });
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'failed',
      error: { code: 'config', provider_code: 'resource_not_found', remedy: expect.stringContaining('/api/v1') },
    });
    expect(flow.steps()).toEqual(['read']);
  });

  it('tells a 401 of the payment provider from one of Lago', async () => {
    await flow.given(JOE);
    const body = '{"status":401,"error":"Stripe authentication failed. Invalid API Key provided: sk_live_x"}';
    emulator.faults.add({ kind: 'respond', status: 401, body, commit: true }, { method: 'POST', times: 9 });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: { code: 'rejected', remedy: expect.stringContaining('The Lago key is fine') },
    });
    expect(flow.steps()).toEqual(['read', 'update']);
    expect(JSON.stringify(outcome)).not.toContain('sk_live');
  });

  it('explains a refusal of the payment provider, after which the customer is saved', async () => {
    await flow.given(JOE);
    const body =
      '{"status":422,"error":"Unprocessable Entity","code":"third_party_error","error_details":{"third_party":"Stripe","thirdparty_error":"No such customer"}}';
    emulator.faults.add({ kind: 'respond', status: 422, body, commit: true }, { method: 'POST' });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({
      status: 'rejected',
      error: { provider_code: 'third_party_error', remedy: expect.stringContaining('Lago saved the customer') },
    });
  });

  it('explains a payment provider that is not connected, after which the customer is saved', async () => {
    const billing = { payment_provider: 'stripe', sync_with_provider: true };
    const customer = { ...JOE, provider_fields: { lago: { billing_configuration: billing } } };
    expect(await flow.upsert(customer)).toMatchObject({
      status: 'rejected',
      error: { fields: [{ field: 'base' }], remedy: expect.stringContaining('Lago saved the customer') },
    });
    expect(emulator.customers()).toMatchObject([{ external_id: JOE.id, firstname: 'Joe' }]);
  });

  it('explains a tax that does not exist', async () => {
    expect(await flow.upsert({ ...JOE, provider_fields: { lago: { tax_codes: ['none'] } } })).toMatchObject({
      status: 'rejected',
      error: { provider_code: 'tax_not_found', remedy: expect.stringContaining('provider_fields.lago') },
    });
    expect(emulator.customers()).toEqual([]);
  });

  it('explains a key that may not write', async () => {
    flow = openFlow(await during(startEmulator({ rateLimits: false, permissions: { write: false } })), lago);
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'forbidden' } });
    expect(flow.steps()).toEqual(['read', 'create']);
  });
});

it('waits as long as the gateway says', async () => {
  emulator.faults.add(
    { kind: 'respond', status: 429, headers: { 'x-ratelimit-reset': '3' }, body: 'Too Many Requests' },
    { method: 'POST' },
  );
  expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
  expect(flow.host.waits).toEqual([3_125]);
});
