import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type LagoEmulator, startEmulator } from '../../emulators/lago.js';
import { call, refused, save, stored, upsert } from './lago-client.js';

const clock = { now: Date.parse('2026-11-20T10:00:00Z') };
const lago = await startEmulator({ rateLimits: false, now: () => clock.now });
const hosted = await startEmulator({ now: () => clock.now });
const readOnly = await startEmulator({ rateLimits: false, permissions: { write: false } });
const writeOnly = await startEmulator({ rateLimits: false, permissions: { read: false } });
const emulators = [lago, hosted, readOnly, writeOnly];

beforeEach(() => {
  clock.now = Date.parse('2026-11-20T10:00:00Z');
  for (const emulator of emulators) emulator.reset();
});
afterAll(() => Promise.all(emulators.map((emulator) => emulator.close())));

async function send(init: RequestInit, path = '/customers', emulator: LagoEmulator = lago) {
  const response = await fetch(`${emulator.url}${path}`, init);
  return { status: response.status, body: await response.json() };
}

const unauthorized = { status: 401, body: { status: 401, error: 'Unauthorized' } };

// lago-api, app/controllers/api/base_controller.rb#auth_token
describe('the key', () => {
  it.each([
    [`Bearer ${lago.apiKey}`],
    [`bearer   ${lago.apiKey}`],
    [`Token ${lago.apiKey}`],
    [`Bearer ${lago.apiKey} x`],
  ])('is taken from %j', async (authorization) => {
    expect(await send({ headers: { authorization } })).toMatchObject({ status: 200 });
  });

  it.each([
    [lago.apiKey],
    ['Bearer'],
    ['Bearer nope'],
    [`Bearer ${lago.apiKey.toUpperCase()}`],
    [`Bearer${lago.apiKey}`],
  ])('is not accepted in %j', async (authorization) => {
    expect(await send({ headers: { authorization } })).toEqual(unauthorized);
  });

  it('is missed on every method', async () => {
    const body = JSON.stringify({ customer: { external_id: 'a' } });
    expect(await send({})).toEqual(unauthorized);
    expect(await send({ method: 'DELETE' }, '/customers/a')).toEqual(unauthorized);
    expect(await send({ method: 'POST', headers: { 'content-type': 'application/json' }, body })).toEqual(unauthorized);
    expect(lago.customers()).toEqual([]);
  });
});

// lago-api, base_controller.rb#authorize and api_errors.rb#forbidden_error
describe('a restricted key', () => {
  const forbidden = (mode: string) => ({
    status: 403,
    body: { status: 403, error: 'Forbidden', code: `${mode}_action_not_allowed_for_customer` },
  });

  it('may not write', async () => {
    expect(await upsert(readOnly, { external_id: 'a' })).toEqual(forbidden('write'));
    expect(await call(readOnly, 'DELETE', '/customers/a')).toEqual(forbidden('write'));
    expect(await call(readOnly, 'GET', '/customers')).toMatchObject({ status: 200 });
    expect(readOnly.customers()).toEqual([]);
  });

  it('may not read', async () => {
    expect(await call(writeOnly, 'GET', '/customers/a')).toEqual(forbidden('read'));
    expect(await upsert(writeOnly, { external_id: 'a' })).toMatchObject({ status: 200 });
  });
});

// lago-api, customers_controller.rb#create_params, api_errors.rb#bad_request_error; the text is in Lago's own spec
describe('the body', () => {
  const customerMissing = {
    status: 400,
    body: { status: 400, error: 'BadRequest: param is missing or the value is empty or invalid: customer' },
  };

  it.each([
    [{ external_id: 'a' }],
    [{ customer: 'customer' }],
    [{ customer: null }],
    [{ customer: {} }],
    [{ customer: [{ external_id: 'a' }] }],
    [{ customer: { customer_id: 'a', vat_rate: 20 } }],
    [{ customer: { metadata: null } }],
    [[]],
  ])('%j answers 400', async (body) => {
    expect(await call(lago, 'POST', '/customers', body)).toEqual(customerMissing);
  });

  it('answers 400 when it does not say that it is JSON', async () => {
    const headers = { authorization: `Bearer ${lago.apiKey}`, 'content-type': 'text/plain' };
    const body = JSON.stringify({ customer: { external_id: 'a' } });
    expect(await send({ method: 'POST', headers, body })).toEqual(customerMissing);
  });

  it('answers 400 when it is not JSON, before the key is looked at', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await send({ method: 'POST', headers, body: '{"customer":' })).toEqual({
      status: 400,
      body: { status: 400, error: 'Bad Request' },
    });
  });

  it('does not mind an own __proto__ key', async () => {
    const headers = { authorization: `Bearer ${lago.apiKey}`, 'content-type': 'application/json' };
    const body = '{"customer":{"external_id":"a","__proto__":{"name":"evil"},"constructor":"x"}}';
    expect(await send({ method: 'POST', headers, body })).toMatchObject({ status: 200 });
    expect(stored(lago, 'a').name).toBeNull();
  });
});

it('answers in JSON with a charset', async () => {
  const { headers } = await fetch(`${lago.url}/customers`);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
});

// docs.getlago.com/api-reference/rate-limits: 50 requests a second for an organization, X-RateLimit-* on every answer
describe('the hosted service`s rate limit', () => {
  async function probe(authorization = `Bearer ${hosted.apiKey}`) {
    const response = await fetch(`${hosted.url}/customers`, { headers: { authorization } });
    const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];
    return {
      status: response.status,
      limits: names.map((name) => response.headers.get(name)),
      text: await response.text(),
    };
  }
  const useUp = () => Promise.all(Array.from({ length: 50 }, () => probe()));

  it('counts down in the headers', async () => {
    expect(await probe()).toMatchObject({ status: 200, limits: ['50', '49', '1', null] });
    expect(await probe()).toMatchObject({ status: 200, limits: ['50', '48', '1', null] });
  });

  it('answers the 51st request of a second with 429 and a body that is not JSON', async () => {
    const statuses = (await useUp()).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await probe()).toEqual({ status: 429, limits: ['50', '0', '1', null], text: 'Too Many Requests' });
  });

  it('does not do the work of a request that it refuses', async () => {
    await useUp();
    const response = await fetch(`${hosted.url}/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hosted.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customer: { external_id: 'a' } }),
    });
    expect(response.status).toBe(429);
    expect(hosted.customers()).toEqual([]);
  });

  it('opens again a second after the window opened', async () => {
    await useUp();
    clock.now += 999;
    expect(await probe()).toMatchObject({ status: 429 });
    clock.now += 1;
    expect(await probe()).toMatchObject({ status: 200, limits: ['50', '49', '1', null] });
  });

  it('counts nothing for a foreign key, and is refilled by reset()', async () => {
    await useUp();
    expect(await probe('Bearer nope')).toMatchObject({ status: 401, limits: ['50', '0', '1', null] });
    hosted.reset();
    expect(await probe()).toMatchObject({ status: 200, limits: ['50', '49', '1', null] });
  });

  it('is unknown to a self-hosted server, and so are its headers', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const response = await fetch(`${lago.url}/customers`, { headers: { authorization: `Bearer ${lago.apiKey}` } });
        expect([...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

// lago-api, upsert_from_api_service.rb: rescue ActiveRecord::RecordNotUnique
describe('a lost race', () => {
  const lost = refused({ external_id: ['value_already_exist'] });

  it('refuses one creation after the other writer`s customer is stored; the next try updates that one', async () => {
    lago.raceNextCreate({ name: 'Theirs', phone: '1' });
    expect(await upsert(lago, { external_id: 'a', name: 'Ours' })).toEqual(lost);
    const theirs = stored(lago, 'a');
    expect(theirs).toMatchObject({ name: 'Theirs', phone: '1' });

    expect(await save(lago, { external_id: 'a', name: 'Ours' })).toEqual({ ...theirs, name: 'Ours' });
  });

  it('waits for a creation', async () => {
    await save(lago, { external_id: 'a' });
    lago.raceNextCreate();
    await save(lago, { external_id: 'a', name: 'Foo' });
    expect(await upsert(lago, { external_id: 'b' })).toEqual(lost);
    await save(lago, { external_id: 'c' });
  });

  it('happens as often as it was asked for', async () => {
    lago.raceNextCreate();
    lago.raceNextCreate({ name: 'Second' });
    expect(await upsert(lago, { external_id: 'a' })).toEqual(lost);
    expect(await upsert(lago, { external_id: 'b' })).toEqual(lost);
    expect(stored(lago, 'b').name).toBe('Second');
    await save(lago, { external_id: 'c' });
  });
});

describe('faults', () => {
  it('keep the customer when the connection is reset after the work', async () => {
    lago.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    await expect(upsert(lago, { external_id: 'a', name: 'Foo' })).rejects.toThrow('fetch failed');
    expect(stored(lago, 'a').name).toBe('Foo');
  });

  it('keep nothing when it is reset before the work', async () => {
    lago.faults.add({ kind: 'reset' }, { method: 'POST' });
    await expect(upsert(lago, { external_id: 'a' })).rejects.toThrow('fetch failed');
    expect(lago.customers()).toEqual([]);
    expect(lago.requests).toHaveLength(1);
  });

  // lago-api, api_errors.rb#thirdpary_error: a payment provider's refusal reaches the caller after the commit
  it('can answer what a connected payment provider makes Lago answer, with the customer stored', async () => {
    const body = {
      status: 422,
      error: 'Unprocessable Entity',
      code: 'third_party_error',
      error_details: { third_party: 'Stripe', thirdparty_error: "No such customer: 'cus_x'" },
    };
    lago.faults.add({ kind: 'respond', commit: true, status: 422, body: JSON.stringify(body) });
    expect(await upsert(lago, { external_id: 'a' })).toEqual({ status: 422, body });
    expect(lago.customers()).toHaveLength(1);
  });
});

describe('the emulator', () => {
  it('records requests and serves below /api/v1', async () => {
    await call(lago, 'GET', '/customers/a.b?x=1');
    expect(lago.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
    expect(lago.requests).toMatchObject([{ method: 'GET', target: '/api/v1/customers/a.b?x=1' }]);
  });

  it('forgets everything by reset()', async () => {
    const first = await save(lago, { external_id: 'a' });
    lago.raceNextCreate();
    lago.faults.add({ kind: 'respond', status: 500 });
    lago.reset();
    expect([lago.customers(), lago.requests]).toEqual([[], []]);
    expect(await save(lago, { external_id: 'a' })).toEqual(first);
  });

  it('takes the key that it is given', async () => {
    const own = await startEmulator({ apiKey: 'my-key' });
    expect(await call(own, 'GET', '/customers')).toMatchObject({ status: 200 });
    await own.close();
  });

  it('has nobody to give a subscription to under an unknown id', () => {
    expect(() => lago.addSubscription('nope')).toThrow('lago emulator: no customer "nope" to give a subscription');
  });
});
