import { describe, expect, it } from 'vitest';
import { recharge } from '../../integrations/recharge/connector.js';
import { KEY, useWire, wire } from './wire.js';

useWire();

const { connector } = recharge;
const BASE = 'https://api.rechargeapps.com';
const HEADERS = { accept: 'application/json', 'x-recharge-access-token': KEY, 'x-recharge-version': '2021-11' };
const WRITE_HEADERS = { ...HEADERS, 'content-type': 'application/json' };

/** Recorded by RechargeSharp, with the fields of later records. */
const NIELS = {
  id: 82939898,
  analytics_data: { utm_params: [] },
  apply_credit_to_next_recurring_charge: false,
  created_at: '2026-11-20T05:31:39+00:00',
  email: 'niels@test.example',
  external_customer_id: { ecommerce: '5624561795145' },
  first_charge_processed_at: null,
  first_name: 'Niels',
  has_payment_method_in_dunning: false,
  has_valid_payment_method: false,
  hash: '5c67cf72683ba786c29af7dc3948f0',
  last_name: 'Bohr',
  phone: '+4511223344',
  subscriptions_active_count: 0,
  subscriptions_total_count: 0,
  tax_exempt: false,
  updated_at: '2026-11-20T05:31:39+00:00',
};
const page = (...customers: unknown[]) => ({ next_cursor: null, previous_cursor: null, customers });

describe('find by e-mail', () => {
  const FIND = '/customers?email=niels%40test.example&limit=250';
  const find = (email = 'niels@test.example') => {
    const api = wire(recharge);
    return { ...api, run: () => connector.find(api.client, { by: 'match', value: email }) };
  };

  it('asks by query and answers with the one whose address it is', async () => {
    const { sent, answer, run } = find();
    answer('GET', FIND, 200, page(NIELS));
    expect(await run()).toEqual({ kind: 'found', record: NIELS });
    expect(sent).toEqual([{ method: 'GET', url: BASE + FIND, headers: HEADERS, body: '' }]);
  });

  it('encodes the address, a plus sign too', async () => {
    const { sent, answer, run } = find('a+b&c=d@test.example');
    const target = '/customers?email=a%2Bb%26c%3Dd%40test.example&limit=250';
    answer('GET', target, 200, page());
    expect(await run()).toEqual({ kind: 'absent' });
    expect(sent.map(({ url }) => url)).toEqual([BASE + target]);
  });

  it('answers absent where there is nobody', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, page());
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('takes nobody who was not asked for, as when the filter is ignored', async () => {
    const { answer, run } = find();
    answer(
      'GET',
      FIND,
      200,
      page({ ...NIELS, email: 'other@test.example' }, { ...NIELS, email: 'xniels@test.example' }),
    );
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('takes an address that differs in case', async () => {
    const { answer, run } = find();
    const record = { ...NIELS, email: 'Niels@Test.Example' };
    answer('GET', FIND, 200, page(record));
    expect(await run()).toEqual({ kind: 'found', record });
  });

  it('names all where several have the address', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, page(NIELS, { ...NIELS, id: 2, email: 'NIELS@test.example' }));
    expect(await run()).toEqual({ kind: 'ambiguous', providerIds: ['82939898', '2'] });
  });

  it.each([
    ['an error in a 200', { error: 'a call went wrong' }],
    ['a customer without an id', page({ email: 'niels@test.example' })],
    ['a list that is none', { customers: {} }],
  ])('does not believe %s', async (_, body) => {
    const { answer, run } = find();
    answer('GET', FIND, 200, body);
    await expect(run()).rejects.toMatchObject({ code: 'protocol', details: { provider: 'recharge' } });
  });

  it('does not believe an answer of another version', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 200, page(), { 'X-Recharge-Version': '2021-01' });
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });

  it('does not take a missing endpoint for a missing customer', async () => {
    const { answer, run } = find();
    answer('GET', FIND, 404, { error: 'endpoint not found' });
    await expect(run()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('find by Recharge id', () => {
  it('asks by path', async () => {
    const { client, sent, answer } = wire(recharge);
    answer('GET', '/customers/82939898', 200, { customer: NIELS });
    expect(await connector.find(client, { by: 'provider_id', value: '82939898' })).toEqual({
      kind: 'found',
      record: NIELS,
    });
    expect(sent).toEqual([{ method: 'GET', url: `${BASE}/customers/82939898`, headers: HEADERS, body: '' }]);
  });

  it('answers absent to 404', async () => {
    const { client, answer } = wire(recharge);
    answer('GET', '/customers/111111', 404, { errors: 'Not Found' });
    expect(await connector.find(client, { by: 'provider_id', value: '111111' })).toEqual({ kind: 'absent' });
  });

  it('keeps an id with a slash in one segment', async () => {
    const { client, sent, answer } = wire(recharge);
    answer('GET', '/customers/1%2Faddresses', 404, { errors: 'Not Found' });
    await connector.find(client, { by: 'provider_id', value: '1/addresses' });
    expect(sent[0]?.url).toBe(`${BASE}/customers/1%2Faddresses`);
  });

  it('lets every other refusal through', async () => {
    const { client, answer } = wire(recharge);
    answer('GET', '/customers/1', 403, { error: 'scope' });
    await expect(connector.find(client, { by: 'provider_id', value: '1' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('create', () => {
  const payload = { email: 'niels@test.example', first_name: 'Niels', last_name: 'Bohr', tax_exempt: false };

  it.each([200, 201])('posts the fields flat and takes %i', async (status) => {
    const { client, sent, answer } = wire(recharge);
    answer('POST', '/customers', status, { customer: NIELS });
    expect(await connector.create(client, { payload, idempotencyKey: 'k' })).toEqual(NIELS);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers`,
        headers: WRITE_HEADERS,
        body: '{"email":"niels@test.example","first_name":"Niels","last_name":"Bohr","tax_exempt":false}',
      },
    ]);
  });

  it('is not repeated after a lost answer', async () => {
    const { client, answer } = wire(recharge);
    answer('POST', '/customers', 504, '');
    await expect(connector.create(client, { payload, idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'uncertain',
    });
  });

  it.each([
    ['without an id', { customer: { email: 'niels@test.example' } }],
    ['that is an error', { errors: { email: 'bad' } }],
    ['without the wrapper', NIELS],
  ])('does not believe a 201 %s', async (_, body) => {
    const { client, answer } = wire(recharge);
    answer('POST', '/customers', 201, body);
    await expect(connector.create(client, { payload, idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'protocol',
    });
  });
});

describe('update', () => {
  it('puts the changed fields to the Recharge id', async () => {
    const { client, sent, answer } = wire(recharge);
    const record = { ...NIELS, first_name: 'Aage', tax_exempt: true };
    answer('PUT', '/customers/82939898', 200, { customer: record });
    const payload = { first_name: 'Aage', tax_exempt: true };
    expect(await connector.update(client, { address: '82939898', payload })).toEqual(record);
    expect(sent).toEqual([
      {
        method: 'PUT',
        url: `${BASE}/customers/82939898`,
        headers: WRITE_HEADERS,
        body: '{"first_name":"Aage","tax_exempt":true}',
      },
    ]);
  });

  it('tells that the record is gone', async () => {
    const { client, answer } = wire(recharge);
    answer('PUT', '/customers/1', 404, { errors: 'Not Found' });
    await expect(connector.update(client, { address: '1', payload: {} })).rejects.toMatchObject({
      verdict: 'not_found',
    });
  });
});

describe('list', () => {
  it('asks for full pages and hands the cursor on', async () => {
    const { client, sent, answer } = wire(recharge);
    answer('GET', '/customers?limit=250', 200, { ...page(NIELS), next_cursor: 'eyJ+/=' });
    expect(await connector.list(client)).toEqual({ records: [NIELS], next: 'eyJ+/=' });
    expect(sent).toEqual([{ method: 'GET', url: `${BASE}/customers?limit=250`, headers: HEADERS, body: '' }]);
  });

  it.each([null, '', undefined])('ends where the cursor is %o', async (next_cursor) => {
    const { client, answer } = wire(recharge);
    answer('GET', '/customers?limit=250', 200, { customers: [NIELS], next_cursor });
    expect(await connector.list(client)).toEqual({ records: [NIELS] });
  });

  it('sends a cursor with nothing but the limit', async () => {
    const { client, sent, answer } = wire(recharge);
    answer('GET', '/customers?limit=250&cursor=eyJ%2B%2F%3D', 200, page(NIELS));
    expect(await connector.list(client, 'eyJ+/=')).toEqual({ records: [NIELS] });
    expect(sent.map(({ url }) => url)).toEqual([`${BASE}/customers?limit=250&cursor=eyJ%2B%2F%3D`]);
  });
});
