import { describe, expect, it } from 'vitest';
import { stripe } from '../../integrations/stripe/connector.js';
import { KEY, useWire, wire } from './wire.js';

useWire();

const { connector } = stripe;
const BASE = 'https://api.stripe.com';
const HEADERS = { accept: 'application/json', authorization: `Bearer ${KEY}`, 'stripe-version': '2026-08-26.dahlia' };
const WRITE_HEADERS = { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' };

/** As Stripe's published fixture, with what the tests are about filled in. */
const ACME = {
  id: 'cus_QXg1o8vcGmoR32',
  object: 'customer',
  address: {
    city: 'Berlin',
    country: 'DE',
    line1: 'Invalidenstr. 116',
    line2: null,
    postal_code: '10115',
    state: null,
  },
  balance: 0,
  created: 1795217906,
  currency: null,
  email: 'billing@acme.example',
  livemode: false,
  metadata: { customer_sync_id: 'acct_1', plan: 'gold' },
  name: 'Acme GmbH',
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
};
const GET = '/v1/customers/cus_QXg1o8vcGmoR32';
const gone = { id: 'cus_QXg1o8vcGmoR32', object: 'customer', deleted: true };
const missing = {
  error: {
    code: 'resource_missing',
    doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
    message: "No such customer: 'cus_QXg1o8vcGmoR32'",
    param: 'id',
    type: 'invalid_request_error',
  },
};
const found = (...data: unknown[]) => ({ object: 'search_result', url: '/v1/customers/search', has_more: false, data });
const page = (has_more: boolean, ...data: unknown[]) => ({ object: 'list', url: '/v1/customers', has_more, data });

describe('find by our id', () => {
  const SEARCH = '/v1/customers/search?query=metadata%5B%22customer_sync_id%22%5D%3A%22acct_1%22&limit=100';
  const find = (value = 'acct_1') => {
    const api = wire(stripe);
    return { ...api, run: () => connector.find(api.client, { by: 'match', value }) };
  };

  it('searches the metadata, and reads by its id whom it finds, since a search lags', async () => {
    const { sent, answer, run } = find();
    answer('GET', SEARCH, 200, found({ ...ACME, name: 'as it was before' }));
    answer('GET', GET, 200, ACME);
    expect(await run()).toEqual({ kind: 'found', record: ACME });
    expect(sent).toEqual([
      { method: 'GET', url: BASE + SEARCH, headers: HEADERS, body: '' },
      { method: 'GET', url: BASE + GET, headers: HEADERS, body: '' },
    ]);
  });

  it('answers absent where nobody is found', async () => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, found());
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('takes nobody whose id differs in case, which a search does not see', async () => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, found({ ...ACME, metadata: { customer_sync_id: 'ACCT_1' } }, { ...ACME, metadata: {} }));
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('takes nobody who has another id by now', async () => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, found(ACME));
    answer('GET', GET, 200, { ...ACME, metadata: { customer_sync_id: 'acct_2' } });
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it.each<[string, number, unknown]>([
    ['deleted', 200, gone],
    ['gone', 404, missing],
  ])('takes nobody who is %s by now', async (_, status, body) => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, found(ACME));
    answer('GET', GET, status, body);
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('names all where several have the id, and never takes the first', async () => {
    const { answer, run } = find();
    const other = { ...ACME, id: 'cus_2' };
    answer('GET', SEARCH, 200, found(ACME, other));
    answer('GET', GET, 200, ACME);
    answer('GET', '/v1/customers/cus_2', 200, other);
    expect(await run()).toEqual({ kind: 'ambiguous', providerIds: ['cus_QXg1o8vcGmoR32', 'cus_2'] });
  });

  it('escapes what would end the text of the query', async () => {
    const { sent, answer, run } = find(`a"b\\c' OR email:"x`);
    const text = encodeURIComponent('metadata["customer_sync_id"]:"a\\"b\\\\c\' OR email:\\"x"').replaceAll('%20', '+');
    const target = `/v1/customers/search?query=${text.replaceAll("'", '%27')}&limit=100`;
    answer('GET', target, 200, found());
    expect(await run()).toEqual({ kind: 'absent' });
    expect(sent.map(({ url }) => url)).toEqual([BASE + target]);
  });

  it.each([
    ['an error in a 200', { error: 'x' }],
    ['a customer without an id', found({ metadata: { customer_sync_id: 'acct_1' } })],
    ['a list that is none', { ...found(), data: {} }],
  ])('does not believe %s', async (_, body) => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, body);
    await expect(run()).rejects.toMatchObject({ code: 'protocol', details: { provider: 'stripe' } });
  });

  it('does not believe an answer of another version', async () => {
    const { answer, run } = find();
    answer('GET', SEARCH, 200, found(), { 'Stripe-Version': '2020-08-27' });
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });

  it('does not take a base URL that ends in /v1 for a missing customer', async () => {
    const { answer, run } = find();
    const message = 'Unrecognized request URL (GET: /v1/v1/customers/search).';
    answer('GET', SEARCH, 404, { error: { message, type: 'invalid_request_error' } });
    await expect(run()).rejects.toMatchObject({ code: 'config' });
  });
});

describe("find by Stripe's id", () => {
  const find = (status: number, body: unknown) => {
    const { client, answer } = wire(stripe);
    answer('GET', GET, status, body);
    return connector.find(client, { by: 'provider_id', value: ACME.id });
  };

  it('answers with the record', async () => {
    expect(await find(200, ACME)).toEqual({ kind: 'found', record: ACME });
  });

  it.each<[string, number, unknown]>([
    ['200 with deleted: true', 200, gone],
    ['404', 404, missing],
  ])('answers absent to %s', async (_, status, body) => {
    expect(await find(status, body)).toEqual({ kind: 'absent' });
  });

  it('does not take an id of the other mode for a missing customer', async () => {
    const message = `${missing.error.message}; a similar object exists in live mode, but a test mode key was used to make this request.`;
    await expect(find(404, { error: { ...missing.error, message } })).rejects.toMatchObject({ code: 'config' });
  });

  it('does not take the 404 of a gateway for a missing customer', async () => {
    await expect(find(404, '')).rejects.toMatchObject({ code: 'config' });
  });
});

describe('create', () => {
  const payload = {
    metadata: { plan: 'gold', customer_sync_id: 'acct_1' },
    name: 'Acme & Söhne',
    address: { line1: '1 Main St' },
    preferred_locales: ['de-AT'],
  };
  const BODY =
    'metadata%5Bplan%5D=gold&metadata%5Bcustomer_sync_id%5D=acct_1&name=Acme+%26+S%C3%B6hne&address%5Bline1%5D=1+Main+St&preferred_locales%5B0%5D=de-AT';
  const headers = (key: string) => ({ ...WRITE_HEADERS, 'idempotency-key': key });

  it('sends a form with nested names, and the key', async () => {
    const { client, sent, answer } = wire(stripe);
    answer('POST', '/v1/customers', 200, ACME);
    expect(await connector.create(client, { payload, idempotencyKey: 'customer-sync-acct_1' })).toEqual(ACME);
    expect(sent).toEqual([
      { method: 'POST', url: `${BASE}/v1/customers`, headers: headers('customer-sync-acct_1'), body: BODY },
    ]);
  });

  it('reads by its id whom an earlier create has made, since that answer may be a day old', async () => {
    const { client, sent, answer } = wire(stripe);
    answer('POST', '/v1/customers', 200, ACME, { 'Idempotent-Replayed': 'true' });
    answer('GET', GET, 200, { ...ACME, name: 'as it is now' });
    expect(await connector.create(client, { payload, idempotencyKey: 'k' })).toMatchObject({ name: 'as it is now' });
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('creates anew under another key where that one is deleted', async () => {
    const { client, sent, answer } = wire(stripe);
    answer('POST', '/v1/customers', 200, ACME, { 'Idempotent-Replayed': 'true' });
    answer('GET', GET, 200, gone);
    answer('POST', '/v1/customers', 200, { ...ACME, id: 'cus_2' });
    expect(await connector.create(client, { payload, idempotencyKey: 'k' })).toMatchObject({ id: 'cus_2' });
    expect(sent.map(({ headers: { 'idempotency-key': key } }) => key)).toEqual(['k', undefined, `k:after:${ACME.id}`]);
  });
});

describe('update', () => {
  const update = (payload: Record<string, unknown>, stored: unknown = undefined) => {
    const api = wire(stripe);
    if (stored !== undefined) api.answer('GET', GET, 200, stored);
    api.answer('POST', GET, 200, ACME);
    const run = async () => {
      await connector.update(api.client, { address: ACME.id, payload });
      return api.sent.map(({ method, body }) => [method, decodeURIComponent(body)]);
    };
    return { ...api, run };
  };

  it('sends the fields that change, without a key', async () => {
    const { sent, run } = update({ name: 'Acme AG', email: '', metadata: { plan: '' } });
    await run();
    const body = 'name=Acme+AG&email=&metadata%5Bplan%5D=';
    expect(sent).toEqual([{ method: 'POST', url: BASE + GET, headers: WRITE_HEADERS, body }]);
  });

  it('sends the rest of an address with the part that changes', async () => {
    expect(await update({ address: { line1: '', city: 'Bonn' } }, ACME).run()).toEqual([
      ['GET', ''],
      ['POST', 'address[city]=Bonn&address[country]=DE&address[line1]=&address[postal_code]=10115'],
    ]);
  });

  it('clears an address as a whole where no part of it is left', async () => {
    const empty = { line1: '', city: '', postal_code: '', country: '' };
    expect(await update({ address: empty }, ACME).run()).toContainEqual(['POST', 'address=']);
  });

  const shipping = { address: ACME.address, name: 'Ada', phone: '+493012345678', carrier: null, tracking_number: 'x' };

  it('sends the recipient with a change of the delivery address, and nothing that cannot be written', async () => {
    expect(await update({ shipping: { address: { city: 'Bonn' } } }, { ...ACME, shipping }).run()).toContainEqual([
      'POST',
      'shipping[address][city]=Bonn&shipping[address][country]=DE&shipping[address][line1]=Invalidenstr.+116&shipping[address][postal_code]=10115&shipping[name]=Ada&shipping[phone]=+493012345678',
    ]);
  });

  it('clears the delivery as a whole where no part of the address is left', async () => {
    const address = { line1: '', city: '', postal_code: '', country: '' };
    expect(await update({ shipping: { address } }, { ...ACME, shipping }).run()).toContainEqual(['POST', 'shipping=']);
  });

  it('says that the customer is gone', async () => {
    const { client, answer } = wire(stripe);
    answer('POST', GET, 404, missing);
    const updating = connector.update(client, { address: ACME.id, payload: { name: 'x' } });
    await expect(updating).rejects.toMatchObject({ code: 'not_found', verdict: 'not_found' });
  });
});

describe('list', () => {
  it('starts each page after the last customer of the one before', async () => {
    const { client, sent, answer } = wire(stripe);
    answer('GET', '/v1/customers?limit=100', 200, page(true, ACME, { ...ACME, id: 'cus_2' }));
    answer('GET', '/v1/customers?limit=100&starting_after=cus_2', 200, page(false, { ...ACME, id: 'cus_3' }));
    const first = await connector.list(client);
    expect(first.next).toBe('cus_2');
    expect(await connector.list(client, first.next)).toEqual({ records: [{ ...ACME, id: 'cus_3' }] });
    expect(sent.map(({ headers }) => headers)).toEqual([HEADERS, HEADERS]);
  });

  it('ends at an empty page, whatever it says', async () => {
    const { client, answer } = wire(stripe);
    answer('GET', '/v1/customers?limit=100', 200, page(true));
    expect(await connector.list(client)).toEqual({ records: [] });
  });
});
