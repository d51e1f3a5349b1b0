import { describe, expect, it } from 'vitest';
import { autumn } from '../../integrations/autumn/connector.js';
import { KEY, useWire, wire } from './wire.js';

useWire();

const { connector } = autumn;
const BASE = 'https://api.useautumn.com/v1';
const HEADERS = {
  accept: 'application/json',
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
  'x-api-version': '2.1',
};

/** Recorded on the real server. */
const JOHN = {
  id: 'cus_123',
  name: 'John Doe',
  email: 'john@example.com',
  created_at: 1795217906535,
  fingerprint: 'fp1',
  stripe_id: null,
  env: 'sandbox',
  metadata: { n: 1, plan: 'gold' },
  send_email_receipts: false,
  billing_controls: {},
  subscriptions: [],
  purchases: [],
  licenses: [],
  balances: {},
  flags: {},
  config: {},
};
const NOT_FOUND = { message: 'Customer nope not found', code: 'customer_not_found', env: 'sandbox' };

describe('find', () => {
  const find = (value: string) => {
    const api = wire(autumn);
    return { ...api, run: () => connector.find(api.client, { by: 'match', value }) };
  };

  it('asks by POST with the id in the body', async () => {
    const { sent, answer, run } = find('cus_123');
    answer('POST', '/customers.get', 200, JOHN);
    expect(await run()).toEqual({ kind: 'found', record: JOHN });
    expect(sent).toEqual([
      { method: 'POST', url: `${BASE}/customers.get`, headers: HEADERS, body: '{"customer_id":"cus_123"}' },
    ]);
  });

  it('answers absent to customer_not_found', async () => {
    const { answer, run } = find('nope');
    answer('POST', '/customers.get', 404, NOT_FOUND);
    expect(await run()).toEqual({ kind: 'absent' });
  });

  it('explains the 401 of a wrong path', async () => {
    const { answer, run } = find('cus_123');
    answer('POST', '/customers.get', 401, {
      message: 'Unauthorized - no session found',
      code: 'no_auth_header',
      env: 'sandbox',
    });
    await expect(run()).rejects.toMatchObject({
      code: 'config',
      details: { remedy: expect.stringContaining('AUTUMN_BASE_URL') },
    });
  });

  it('does not believe a customer wrapped as in older versions', async () => {
    const { answer, run } = find('cus_123');
    answer('POST', '/customers.get', 200, { customer: JOHN, products: [] });
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('create', () => {
  const payload = { customer_id: 'cus_123', name: 'John Doe', metadata: { plan: 'gold', n: 1 } };
  const create = () => {
    const api = wire(autumn);
    return { ...api, run: () => connector.create(api.client, { payload, idempotencyKey: 'key-1' }) };
  };

  it('posts to get_or_create, without an idempotency key, which Autumn answers with 409', async () => {
    const { sent, answer, run } = create();
    answer('POST', '/customers.get_or_create', 200, JOHN);
    expect(await run()).toEqual(JOHN);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers.get_or_create`,
        headers: HEADERS,
        body: '{"customer_id":"cus_123","name":"John Doe","metadata":{"plan":"gold","n":1}}',
      },
    ]);
  });

  it('answers with the record although it has no id, for the engine to refuse', async () => {
    const { answer, run } = create();
    answer('POST', '/customers.get_or_create', 200, { ...JOHN, id: null });
    expect(await run()).toMatchObject({ id: null });
  });

  it.each([
    ['an error', { message: 'x', code: 'internal_error' }],
    ['an id that is a number', { ...JOHN, id: 5 }],
  ])('does not believe a 200 with %s', async (_, body) => {
    const { answer, run } = create();
    answer('POST', '/customers.get_or_create', 200, body);
    await expect(run()).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('update', () => {
  it('posts the changed fields and our id', async () => {
    const { client, sent, answer } = wire(autumn);
    answer('POST', '/customers.update', 200, JOHN);
    const payload = { name: null, metadata: { plan: null, region: 'eu' } };
    expect(await connector.update(client, { address: 'cus_123', payload })).toEqual(JOHN);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${BASE}/customers.update`,
        headers: HEADERS,
        body: '{"customer_id":"cus_123","name":null,"metadata":{"plan":null,"region":"eu"}}',
      },
    ]);
  });

  it('tells that the customer is gone', async () => {
    const { client, answer } = wire(autumn);
    answer('POST', '/customers.update', 404, NOT_FOUND);
    await expect(connector.update(client, { address: 'nope', payload: {} })).rejects.toMatchObject({
      verdict: 'not_found',
    });
  });

  it('understands the text of a 429', async () => {
    const { client, answer } = wire(autumn);
    answer('POST', '/customers.update', 429, 'Too many requests, please try again later.', {
      'content-type': 'text/plain; charset=UTF-8',
      'retry-after': '1',
    });
    await expect(connector.update(client, { address: 'cus_123', payload: {} })).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });
});

describe('list', () => {
  const page = { total: 1, total_count: 1, total_filtered_count: 1, limit: 1000, offset: 0 };

  it('asks for a thousand from the start', async () => {
    const { client, sent, answer } = wire(autumn);
    answer('POST', '/customers.list', 200, { list: [JOHN], ...page, has_more: false });
    expect(await connector.list(client)).toEqual({ records: [JOHN] });
    expect(sent).toEqual([
      { method: 'POST', url: `${BASE}/customers.list`, headers: HEADERS, body: '{"limit":1000,"offset":0}' },
    ]);
  });

  it('goes on with the last record once more, also where the server gave less than asked for', async () => {
    const { client, sent, answer } = wire(autumn);
    answer('POST', '/customers.list', 200, { list: [JOHN, JOHN], ...page, has_more: true });
    expect(await connector.list(client, '1000')).toEqual({ records: [JOHN, JOHN], next: '1001', previous: '1' });
    expect(sent.map(({ body }) => body)).toEqual(['{"limit":1000,"offset":1000}']);
  });

  it('ends at an empty page that says that there is more', async () => {
    const { client, answer } = wire(autumn);
    answer('POST', '/customers.list', 200, { list: [], ...page, has_more: true });
    expect(await connector.list(client, '1000')).toEqual({ records: [], previous: '1' });
  });

  it('takes customers without an id of ours along', async () => {
    const { client, answer } = wire(autumn);
    answer('POST', '/customers.list', 200, { list: [{ ...JOHN, id: null }], ...page, has_more: false });
    expect(await connector.list(client)).toEqual({ records: [{ ...JOHN, id: null }] });
  });
});
