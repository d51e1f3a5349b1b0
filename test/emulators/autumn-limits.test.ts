import { afterEach, describe, expect, it } from 'vitest';
import type { AutumnEmulatorOptions } from '../../emulators/autumn.js';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

// What is said here about the server comes from its code at commit 187c0a7fd818 and from runs of it; the recorded
// scenarios themselves are in autumn-recordings.test.ts.

let autumn: AutumnUnderTest;

afterEach(() => autumn.emulator.close());

async function open(options: Omit<AutumnEmulatorOptions, 'now'> = {}): Promise<AutumnUnderTest> {
  autumn = await openAutumn(options);
  return autumn;
}

const update = (times: number, call: Parameters<AutumnUnderTest['call']>[1] = {}) =>
  Promise.all(
    Array.from({ length: times }, () => autumn.call('customers.update', { body: { customer_id: 'a' }, ...call })),
  );

function countOf(answers: readonly { readonly status: number }[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}

describe('25 requests a second', () => {
  it('are a window that starts at its first request and lasts a second', async () => {
    const { clock } = await open();
    await update(1);
    clock.now += 900;
    expect(countOf(await update(25), 429)).toBe(1);
    clock.now += 99;
    expect(countOf(await update(1), 429)).toBe(1);
    clock.now += 1;
    expect(countOf(await update(25), 404)).toBe(25);
  });

  it('are refused in plain text with Retry-After', async () => {
    await open();
    const refused = (await update(26)).find(({ status }) => status === 429);

    expect(refused?.body).toBe('Too many requests, please try again later.');
    expect(Object.fromEntries(refused?.headers ?? [])).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'retry-after': '1',
      'ratelimit-policy': '25;w=1',
      'ratelimit-remaining': '0',
    });
  });

  it('are shared by update, delete, unknown paths and refused scopes, over all versions and sandbox keys', async () => {
    const { call, emulator } = await open();
    await update(10);
    await update(5, { version: '2.3' });
    await update(5, { token: emulator.keys.read });
    await call('customers.delete', { body: { customer_id: 'a' } });
    await call('customers/a', { method: 'PATCH', body: {} });
    await call('nothing/here');

    expect((await call('customers.update', { body: {} })).headers.get('ratelimit-remaining')).toBe('1');
  });

  it('are counted apart for live and sandbox', async () => {
    const { emulator } = await open();
    await update(25);

    expect(countOf(await update(1, { token: emulator.keys.live }), 404)).toBe(1);
    expect(countOf(await update(1), 429)).toBe(1);
  });

  it('do not count what has no key, a wrong key or an unknown version', async () => {
    const { call } = await open();
    await update(10, { token: 'am_sk_test_wrong' });
    await update(10, { headers: { authorization: '' } });
    await update(10, { version: '9.9' });

    expect((await call('customers.update', { body: {} })).headers.get('ratelimit-remaining')).toBe('24');
  });

  it('change nothing when they are refused', async () => {
    const { call, emulator } = await open();
    await call('customers.get_or_create', { body: { customer_id: 'a', name: 'A' } });
    await update(25);
    await update(1, { body: { customer_id: 'a', name: 'B' } });

    expect(emulator.customers()).toMatchObject([{ name: 'A' }]);
  });

  it('can be switched off; the headers go on', async () => {
    const { call, emulator } = await open({ rateLimits: false });
    emulator.presetOrganisationCap(240_000);
    const answers = await update(40);

    expect(countOf(answers, 404)).toBe(40);
    expect(answers[39]?.headers.get('ratelimit-limit')).toBe('25');
    expect((await call('customers.get_or_create', { body: { customer_id: 'a' } })).status).toBe(200);
  });
});

describe('lists', () => {
  it('are limited to 5 a second up to version 2.2 and to 50 from 2.3, apart from each other', async () => {
    const { call } = await open();
    const lists = (times: number, version: string) =>
      Promise.all(Array.from({ length: times }, () => call('customers.list', { body: {}, version })));

    expect(countOf([...(await lists(3, '1.2')), ...(await lists(3, '2.2'))], 429)).toBe(1);
    expect(countOf(await lists(51, '2.3'), 429)).toBe(1);
    expect((await call('customers', { method: 'GET' })).status).toBe(429);
    expect((await call('customers/list', { body: {}, version: '2.3' })).status).toBe(429);
  });
});

describe('get and get_or_create', () => {
  it('share 10,000 a second for each customer, whatever the spelling of the route', async () => {
    const { call } = await open();
    const remaining = async (...request: Parameters<AutumnUnderTest['call']>) =>
      (await call(...request)).headers.get('ratelimit-remaining');

    expect(await remaining('customers.get_or_create', { body: { customer_id: 'a' } })).toBe('9999');
    expect(await remaining('customers.get', { body: { customer_id: 'a' } })).toBe('9998');
    expect(await remaining('customers/a', { method: 'GET' })).toBe('9997');
    expect(await remaining('customers', { body: { id: 'a' } })).toBe('9996');
    expect(await remaining('customers.get', { body: { customer_id: 'b' } })).toBe('9999');
  });

  it("are refused beyond the organisation's 240,000 a minute, as JSON and without Retry-After", async () => {
    const { call, clock, emulator } = await open();
    emulator.presetOrganisationCap(239_999);
    clock.now += 20_000;
    const body = { customer_id: 'a' };
    expect((await call('customers.get_or_create', { body })).status).toBe(200);
    const refused = await call('customers.get', { body });

    expect(refused).toMatchObject({
      status: 429,
      body: { message: 'Rate limit exceeded.', code: 'rate_limit_exceeded', env: 'sandbox' },
    });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.headers.get('ratelimit-reset')).toBe('40');
    expect((await call('customers.get', { body, token: emulator.keys.live })).status).toBe(404);
    clock.now += 40_000;
    expect((await call('customers.get', { body })).status).toBe(200);
  });
});

// Autumn server, withIdempotencyKey.
describe('Idempotency-Key', () => {
  const send = (path: string, body: object, key = 'k', token = autumn.emulator.apiKey) =>
    autumn.call(path, { body, headers: { 'idempotency-key': key }, token });

  it('without a store has no effect', async () => {
    const { emulator } = await open();

    expect((await send('customers.get_or_create', { customer_id: 'a' })).status).toBe(200);
    expect((await send('customers.get_or_create', { customer_id: 'b' })).status).toBe(200);
    expect(emulator.customers()).toHaveLength(2);
  });

  it('is refused when it comes again, with any body, on any path, also on get', async () => {
    const { emulator } = await open({ idempotencyStore: true });
    await send('customers.get_or_create', { customer_id: 'a' });

    for (const [path, body] of [
      ['customers.get_or_create', { customer_id: 'a' }],
      ['customers.update', { customer_id: 'a', name: 'x' }],
      ['customers.get', { customer_id: 'a' }],
      ['customers.list', {}],
    ] as const) {
      expect(await send(path, body)).toMatchObject({
        status: 409,
        body: {
          message: 'Another request with idempotency key k has already been received',
          code: 'duplicate_idempotency_key',
          env: 'sandbox',
        },
      });
    }
    expect(emulator.customers()).toMatchObject([{ id: 'a', name: null }]);
  });

  it('is free again after 400 and 404, and not after 409', async () => {
    await open({ idempotencyStore: true });

    expect((await send('customers.update', {})).status).toBe(400);
    expect((await send('customers.get', { customer_id: 'a' })).status).toBe(404);
    expect((await send('customers.get_or_create', { customer_id: 'a' })).status).toBe(200);
    expect((await send('customers.get', { customer_id: 'a' })).status).toBe(409);
    expect((await send('customers.get', { customer_id: 'a' })).status).toBe(409);
  });

  it('stays taken when the request itself ended in a conflict', async () => {
    await open({ idempotencyStore: true });
    for (const customer_id of ['a', 'b']) await autumn.call('customers.get_or_create', { body: { customer_id } });
    const rename = { customer_id: 'a', new_customer_id: 'b' };

    expect((await send('customers.update', rename)).body).toMatchObject({ code: 'customer_already_exists' });
    expect((await send('customers.update', rename)).body).toMatchObject({ code: 'duplicate_idempotency_key' });
  });

  it('is not claimed by 401 and 429', async () => {
    const { clock } = await open({ idempotencyStore: true });
    await send('customers.get', { customer_id: 'a' }, 'k', 'am_sk_test_wrong');
    await update(25);
    expect((await send('customers.update', { customer_id: 'a' })).status).toBe(429);
    clock.now += 1000;

    expect((await send('customers.get_or_create', { customer_id: 'a' })).status).toBe(200);
  });

  it('is another one in live, and free after a day', async () => {
    const { clock, emulator } = await open({ idempotencyStore: true });
    const body = { customer_id: 'a' };
    await send('customers.get_or_create', body);

    expect((await send('customers.get_or_create', body, 'k', emulator.keys.live)).status).toBe(200);
    clock.now += 24 * 60 * 60 * 1000;
    expect((await send('customers.get_or_create', body)).status).toBe(409);
    clock.now += 1000;
    expect((await send('customers.get_or_create', body)).status).toBe(200);
  });
});
