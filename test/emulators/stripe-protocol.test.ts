import { beforeEach, describe, expect, it } from 'vitest';
import { type StripeEmulatorOptions, startEmulator } from '../../emulators/stripe.js';
import { during } from '../core/upsert/flow.js';
import { clientOf } from './stripe-client.js';

let now: number;
beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00Z');
});

async function open(options: StripeEmulatorOptions = {}) {
  const emulator = await during(startEmulator({ rateLimits: false, now: () => now, ...options }));
  return { emulator, ...clientOf(emulator) };
}

const key = (value: string) => ({ 'idempotency-key': value });

describe('a key', () => {
  it.each([
    ['as bearer', 'Bearer sk_test_emulator', 200],
    ['as the name of basic authentication, which is how Nango sends it', `Basic ${btoa('sk_test_emulator:')}`, 200],
    ['that is wrong', 'Bearer sk_test_wrong', 401],
    ['of an unknown scheme', 'Token sk_test_emulator', 401],
  ])('%s', async (_, authorization, status) => {
    const { send } = await open();
    expect((await send('GET', '/v1/customers', { headers: { authorization } })).status).toBe(status);
  });

  it('is not repeated whole by the refusal', async () => {
    const { send } = await open();
    const { body } = await send('GET', '/v1/customers', { headers: { authorization: 'Bearer sk_test_secret' } });
    expect(body.error?.['message']).toBe('Invalid API Key provided: sk_********cret');
  });

  it('that may only read answers 403 to a write', async () => {
    const { create, send } = await open({ permission: 'read' });
    expect((await create('name=x')).status).toBe(403);
    expect((await send('GET', '/v1/customers')).status).toBe(200);
  });

  it('that may nothing answers 403 to a read', async () => {
    const { send } = await open({ permission: 'none' });
    expect((await send('GET', '/v1/customers')).status).toBe(403);
  });
});

describe('the version', () => {
  it('asked for is repeated, with an id of the request', async () => {
    const { send } = await open();
    const { headers } = await send('GET', '/v1/customers', { headers: { 'stripe-version': '2020-08-27' } });
    expect([headers.get('stripe-version'), headers.get('request-id')]).toEqual([
      '2020-08-27',
      expect.stringMatching(/^req_/),
    ]);
  });

  it('of another form is refused', async () => {
    const { send } = await open();
    expect((await send('GET', '/v1/customers', { headers: { 'stripe-version': 'latest' } })).status).toBe(400);
  });
});

it('answers 404 without a code to a path it does not know', async () => {
  const { send } = await open();
  const { status, body } = await send('GET', '/v1/v1/customers');
  expect([status, body.error]).toEqual([
    404,
    { message: 'Unrecognized request URL (GET: /v1/v1/customers).', type: 'invalid_request_error' },
  ]);
});

describe('an idempotency key', () => {
  it('answers a repeat with the first result, and says so', async () => {
    const { create, emulator } = await open();
    const first = await create('name=Acme&email=a@b.example', key('k'));
    const again = await create('email=a@b.example&name=Acme', key('k'));
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(emulator.customers()).toHaveLength(1);
  });

  it('answers with the first result although the customer has changed or is gone', async () => {
    const { create, send } = await open();
    const { body } = await create('name=Acme', key('k'));
    await send('POST', `/v1/customers/${body['id']}`, { form: 'name=Other' });
    expect((await create('name=Acme', key('k'))).body).toEqual(body);
    await send('DELETE', `/v1/customers/${body['id']}`);
    expect((await create('name=Acme', key('k'))).body).toEqual(body);
  });

  it('is refused with other parameters', async () => {
    const { create, emulator } = await open();
    await create('name=Acme', key('k'));
    const { status, body } = await create('name=Other', key('k'));
    expect([status, body.error?.['type'], body.error?.['code']]).toEqual([400, 'idempotency_error', undefined]);
    expect(emulator.customers()).toHaveLength(1);
  });

  it('counts for nothing where the first request was refused', async () => {
    const { create } = await open();
    expect((await create('email=joe', key('k'))).status).toBe(400);
    expect((await create('email=joe@b.example', key('k'))).status).toBe(200);
  });

  it('answers 409 while another request has it', async () => {
    const { create, emulator } = await open();
    emulator.holdKey('k');
    expect(await create('name=Acme', key('k'))).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_key_in_use', type: 'idempotency_error' } },
    });
    expect((await create('name=Acme', key('k'))).status).toBe(200);
  });

  it('is forgotten after a day', async () => {
    const { create, emulator } = await open();
    await create('name=Acme', key('k'));
    now += 24 * 60 * 60 * 1000;
    expect((await create('name=Other', key('k'))).status).toBe(200);
    expect(emulator.customers()).toHaveLength(2);
  });

  it('has up to 255 characters', async () => {
    const { create } = await open();
    expect((await create('name=Acme', key('k'.repeat(256)))).status).toBe(400);
  });
});

describe('a search', () => {
  const query = (text: string) => `/v1/customers/search?query=${encodeURIComponent(text)}`;

  it.each([
    ['metadata["customer_sync_id"]:"acct_1"', 1],
    [`metadata['customer_sync_id']:'ACCT_1'`, 1],
    ['metadata["customer_sync_id"]:"acct"', 0],
    ['metadata["other"]:"acct_1"', 0],
    ['email:"a\\"b@c.example"', 1],
  ])('for %s finds %i', async (text, count) => {
    const { create, send } = await open();
    await create(`metadata[customer_sync_id]=acct_1&email=${encodeURIComponent('a"b@c.example')}`);
    expect((await send('GET', query(text))).body.data).toHaveLength(count);
  });

  it.each(['name', 'metadata["a"]:b', 'email:"a"b"'])('for %s is refused', async (text) => {
    const { send } = await open();
    expect(await send('GET', query(text))).toMatchObject({ status: 400, body: { error: { param: 'query' } } });
  });

  it('sees what was written only after a while: who is new, changed, deleted', async () => {
    const { create, send } = await open({ searchLagMs: 60_000 });
    const find = async (name: string) => (await send('GET', query(`name:"${name}"`))).body.data?.length;
    const { body } = await create('name=Acme');
    expect(await find('Acme')).toBe(0);
    now += 60_000;
    expect(await find('Acme')).toBe(1);
    await send('POST', `/v1/customers/${body['id']}`, { form: 'name=Other' });
    expect([await find('Acme'), await find('Other')]).toEqual([1, 0]);
    now += 60_000;
    expect([await find('Acme'), await find('Other')]).toEqual([0, 1]);
    await send('DELETE', `/v1/customers/${body['id']}`);
    expect(await find('Other')).toBe(1);
    now += 60_000;
    expect(await find('Other')).toBe(0);
  });
});

describe('the rate limit', () => {
  it('is 25 requests a second in all, and says which limit was met', async () => {
    const { send } = await open({ rateLimits: true });
    const answers = [];
    for (let count = 0; count < 26; count += 1) answers.push(await send('GET', '/v1/customers'));
    const last = answers.pop();
    expect(answers.map(({ status }) => status)).toEqual(Array(25).fill(200));
    expect(last).toMatchObject({ status: 429, body: { error: { code: 'rate_limit' } } });
    expect(last?.headers.get('stripe-rate-limited-reason')).toBe('global-rate');
    now += 1_000;
    expect((await send('GET', '/v1/customers')).status).toBe(200);
  });

  it('is 20 searches a second', async () => {
    const { send } = await open({ rateLimits: true });
    const answers = [];
    for (let count = 0; count < 21; count += 1) answers.push(await send('GET', '/v1/customers/search?query=name:"x"'));
    expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(200), 429]);
    expect(answers.at(-1)?.headers.get('stripe-rate-limited-reason')).toBe('endpoint-rate');
  });
});
