import { afterEach, describe, expect, it } from 'vitest';
import type { AutumnEmulatorOptions } from '../../emulators/autumn.js';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

// What is said here about the server comes from its code at commit 187c0a7fd818 and from runs of it; the recorded
// scenarios themselves are in autumn-recordings.test.ts.

let autumn: AutumnUnderTest;

afterEach(() => autumn.emulator.close());

async function open(options: Omit<AutumnEmulatorOptions, 'now'> = {}): Promise<AutumnUnderTest> {
  autumn = await openAutumn({ rateLimits: false, ...options });
  return autumn;
}

const body = { customer_id: 'a' };

describe('keys', () => {
  it.each([
    ['bearer am_sk_test_emulator', 'no_secret_key', 'Secret key not found in Authorization header'],
    ['Basic am_sk_test_emulator', 'no_secret_key', 'Secret key not found in Authorization header'],
    ['Bearer sk_test_1', 'invalid_request', 'Invalid authorization token prefix'],
    ['Bearer am_sk_test_x', 'invalid_secret_key', 'Invalid secret key: am_sk_test_x'],
    ['Bearer am_sk_live_0123456789', 'invalid_secret_key', 'Invalid secret key: am_sk_live_0123******'],
  ])('refuses %s', async (authorization, code, message) => {
    const { call } = await open();

    expect(await call('customers.get', { body, headers: { authorization } })).toMatchObject({
      status: 401,
      body: { message, code, env: 'sandbox' },
    });
  });

  it("takes a key of one's own", async () => {
    const { call, emulator } = await open({ apiKey: 'am_sk_test_own' });

    expect(emulator.apiKey).toBe('am_sk_test_own');
    expect((await call('customers.get_or_create', { body })).status).toBe(200);
    expect((await call('customers.get_or_create', { body, token: 'am_sk_test_emulator' })).status).toBe(401);
  });

  it('names the live environment in the errors of a live key', async () => {
    const { call, emulator } = await open();

    expect((await call('customers.get', { body, token: emulator.keys.live })).body).toMatchObject({ env: 'live' });
    expect((await call('customers.get', { body, token: emulator.keys.live, version: '7' })).body).toMatchObject({
      env: 'live',
    });
  });

  // The older spelling of creating asks for more than get_or_create does.
  it.each([
    ['read', 'POST', 'customers', 'customers:write'],
    ['read', 'PATCH', 'customers/a', 'customers:write'],
    ['read', 'DELETE', 'customers/a', 'customers:write'],
    ['plansRead', 'GET', 'customers/a', 'customers:read'],
    ['plansRead', 'GET', 'customers', 'customers:read'],
    ['plansRead', 'POST', 'customers.list', 'customers:read'],
  ] as const)('the %s key may not %s %s', async (key, method, path, missing) => {
    const { call, emulator } = await open();

    expect(await call(path, { method, token: emulator.keys[key] })).toMatchObject({
      status: 403,
      body: { message: `Insufficient scopes. Missing: ${missing}`, code: 'insufficient_scopes' },
    });
  });

  it('looks at scopes before it looks at the body', async () => {
    const { call, emulator } = await open();

    expect((await call('customers.update', { body: {}, token: emulator.keys.read })).status).toBe(403);
  });

  it('refuses an unknown publishable key where a known one is let in', async () => {
    const { call, emulator } = await open();
    await call('customers.get_or_create', { body });

    expect((await call('customers/a', { method: 'GET', token: emulator.keys.publishable })).status).toBe(200);
    expect(await call('customers/a', { method: 'GET', token: 'am_pk_test_other' })).toMatchObject({
      status: 401,
      body: { message: 'Invalid publishable key', code: 'invalid_publishable_key' },
    });
  });
});

/** The version an answer is in, by what sets each apart. */
function versionOf(customer: unknown, list: unknown): string {
  const has = (name: string) => name in Object(customer);
  if (has('customer')) return 'internal_id' in Object(Reflect.get(Object(customer), 'customer')) ? '0.2' : '0.1';
  if (has('features')) return Array.isArray(Reflect.get(Object(customer), 'features')) ? '1.1' : '1.2';
  if (has('scheduled_subscriptions')) return '2.0';
  return 'next_cursor' in Object(list) ? '2.3' : '2.1';
}

async function versionOfAnswer(headers: Record<string, string>): Promise<string> {
  const customer = await autumn.call('customers.get_or_create', { body, headers });
  const list = await autumn.call('customers.list', { body: {}, headers });
  return versionOf(customer.body, list.body);
}

// Autumn server, parseVersion; 1.4 and beta look like 1.2 for customers, 2.2 like 2.1.
describe('x-api-version', () => {
  it.each([
    ['0.1', '0.1'],
    ['2025-02-01', '0.1'],
    ['0.2', '0.2'],
    ['1', '0.2'],
    ['1.0', '0.2'],
    ['1.1', '1.1'],
    ['1.1.0', '1.1'],
    ['2025-04-17.clover', '1.1'],
    ['1.2', '1.2'],
    ['1.20', '1.2'],
    ['1.4', '1.2'],
    ['beta', '1.2'],
    ['2', '2.0'],
    ['2.0.0', '2.0'],
    ['2.1.0', '2.1'],
    ['2.1.0.9', '2.1'],
    ['2026-03-17', '2.1'],
    ['2.2', '2.1'],
    ['2.3', '2.3'],
    ['2026-05-13', '2.3'],
  ])('%s is answered as %s', async (header, version) => {
    await open();

    expect(await versionOfAnswer({ 'x-api-version': header })).toBe(version);
  });

  it.each(['3.0', '2.4', '2.4.0', 'v2.1', 'latest', '2026-01-01', '2.30'])('%s is refused', async (header) => {
    const { call, emulator } = await open();
    const answer = await call('customers.get_or_create', { body, version: header });

    expect(answer).toMatchObject({
      status: 400,
      body: { message: `"${header}" is not a valid API version`, code: 'invalid_api_version' },
    });
    expect(answer.headers.get('ratelimit-limit')).toBeNull();
    expect(emulator.customers()).toEqual([]);
  });

  it.each([
    ['2026-05-13', '2.3'],
    ['2026-05-12', '2.1'],
    ['2026-03-17', '1.2'],
    ['2025-05-05', '1.2'],
    ['2025-05-04', '1.1'],
    ['2025-04-16', '0.2'],
    ['2025-01-29', '0.1'],
  ])('left out or empty, an organisation of %s is answered as %s', async (createdAt, version) => {
    await open({ organisationCreatedAt: Date.parse(createdAt) });

    expect(await versionOfAnswer({ 'x-api-version': '' })).toBe(version);
  });
});

describe('the answers of old versions', () => {
  const fields = { customer_id: 'a', name: 'A', metadata: { k: 1 }, stripe_id: 'cus_s' };
  const answerIn = async (version: string) => {
    const { call, emulator } = await open();
    await call('customers.get_or_create', { body: fields });
    return {
      answer: (await call('customers.get', { body, version })).body,
      createdAt: emulator.customers()[0]?.created_at,
    };
  };

  it('0.1 has the customer inside, blanks as empty text', async () => {
    const { answer, createdAt: created_at } = await answerIn('0.1');
    const processor = { id: 'cus_s', type: 'stripe' };

    expect(answer).toEqual({
      customer: {
        id: 'a',
        name: 'A',
        email: '',
        fingerprint: '',
        created_at,
        env: 'sandbox',
        processor,
        metadata: { k: 1 },
      },
      products: [],
      add_ons: [],
      entitlements: [],
      invoices: [],
    });
  });

  it('0.2 has the customer inside, with null for blanks and an empty internal id', async () => {
    const { answer } = await answerIn('0.2');

    expect(answer).toMatchObject({ customer: { email: null, fingerprint: null, internal_id: '' }, entitlements: [] });
  });

  it('1.1 has features as a list and no billing controls', async () => {
    const { answer } = await answerIn('1.1');

    expect(answer).toMatchObject({ id: 'a', stripe_id: 'cus_s', products: [], features: [] });
    expect(answer).not.toHaveProperty('billing_controls');
  });

  it('2.0 has no processors, licenses, flags and config', async () => {
    const { answer } = await answerIn('2.0');

    expect(Object.keys(Object(answer)).slice(-4)).toEqual([
      'billing_controls',
      'subscriptions',
      'scheduled_subscriptions',
      'balances',
    ]);
  });

  it('2.1 names the processor', async () => {
    expect((await answerIn('2.1')).answer).toMatchObject({ processors: { stripe: { id: 'cus_s' } } });
  });
});

// Autumn server, cusRouter.
describe('the routes from before the RPC ones', () => {
  it('create by id, with flags in the query', async () => {
    const { call } = await open();
    const created = await call('customers?with_autumn_id=true', { body: { id: 'a', name: 'A' } });

    expect(created.body).toMatchObject({ id: 'a', autumn_id: expect.stringMatching(/^cus_\w{27}$/) });
    expect((await call('customers?expand=invoices,entities', { body: { id: 'a' } })).body).toMatchObject({
      invoices: [],
      entities: [],
    });
  });

  it.each(['POST', 'PATCH'])('%s to a customer updates it, and id in the body renames', async (method) => {
    const { call } = await open();
    await call('customers', { body: { id: 'a', name: 'A', metadata: { k: 1 } } });

    expect((await call('customers/a', { method, body: { id: 'b', metadata: { l: 2 } } })).body).toMatchObject({
      id: 'b',
      name: 'A',
      metadata: { k: 1, l: 2 },
    });
    expect((await call('customers/a', { method: 'GET' })).status).toBe(404);
  });

  it('delete a customer for good', async () => {
    const { call } = await open();
    await call('customers', { body: { id: 'a' } });

    expect((await call('customers/a?delete_in_stripe=false', { method: 'DELETE' })).body).toEqual({ success: true });
    expect((await call('customers/a', { method: 'DELETE' })).body).toEqual({
      message: 'Customer a not found',
      code: 'customer_not_found',
      env: 'sandbox',
    });
  });

  it('list ten to a hundred at a time', async () => {
    const { call } = await open();
    for (let index = 0; index < 12; index += 1) await call('customers', { body: { id: `c${index}` } });

    expect((await call('customers?limit=10&offset=10', { method: 'GET' })).body).toMatchObject({
      total: 2,
      total_count: 12,
      total_filtered_count: 12,
      limit: 10,
      offset: 10,
    });
    expect((await call('customers?limit=9', { method: 'GET' })).body).toMatchObject({
      message: 'limit: Too small: expected number to be >=10',
    });
    expect((await call('customers/list', { body: { limit: 3 } })).body).toMatchObject({ total: 3, has_more: true });
  });

  it('take any text in the path for an id', async () => {
    const { call } = await open();

    expect((await call('customers/a.b%40c', { method: 'GET' })).body).toMatchObject({
      message: 'Customer a.b@c not found',
    });
    expect((await call('customers/update', { body: { name: 'x' } })).body).toMatchObject({
      message: 'Customer update not found',
    });
    for (const method of ['GET', 'PATCH']) expect((await call('customers/%00', { method })).status).toBe(500);
  });

  it('do not know other paths and methods', async () => {
    const { call } = await open();

    for (const [method, path] of [
      ['PUT', 'customers/a'],
      ['GET', 'customers.get'],
      ['POST', 'customers/'],
    ] as const) {
      expect(await call(path, { method })).toMatchObject({ status: 401, body: { code: 'no_auth_header' } });
    }
  });
});
