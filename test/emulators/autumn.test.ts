import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

let autumn: AutumnUnderTest;

beforeEach(async () => {
  autumn = await openAutumn();
});

afterEach(() => autumn.emulator.close());

describe('the emulator of Autumn', () => {
  it('carries the path prefix in its URL and accepts its own key', async () => {
    const { emulator, call } = autumn;

    expect(emulator.id).toBe('autumn');
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect((await call('customers.get_or_create', { body: { customer_id: 'a' }, token: emulator.apiKey })).status).toBe(
      200,
    );
  });

  it('shows the current sandbox customers in the shape of an answer', async () => {
    const { emulator, call } = autumn;
    await call('customers.get_or_create', { body: { customer_id: 'gone' } });
    await call('customers.get_or_create', { body: { customer_id: 'live' }, token: emulator.keys.live });
    const { body } = await call('customers.get_or_create', {
      body: { customer_id: 'a', name: 'A', metadata: { k: 1 } },
    });
    await call('customers.delete', { body: { customer_id: 'gone' } });

    expect(emulator.customers()).toEqual([body]);
  });

  it('keeps live and sandbox customers apart', async () => {
    const { emulator, call } = autumn;
    await call('customers.get_or_create', { body: { customer_id: 'a', name: 'Sandbox' } });
    const live = await call('customers.get_or_create', {
      body: { customer_id: 'a', name: 'Live' },
      token: emulator.keys.live,
    });

    expect(live.body).toMatchObject({ name: 'Live', env: 'live' });
    expect((await call('customers.get', { body: { customer_id: 'a' } })).body).toMatchObject({ name: 'Sandbox' });
  });

  it('records what was sent, oldest first', async () => {
    await autumn.call('customers.get', { body: { customer_id: 'a' } });
    await autumn.call('customers/b?with_autumn_id=true', { method: 'GET' });

    expect(autumn.emulator.requests.map(({ method, target, body }) => [method, target, body])).toEqual([
      ['POST', '/v1/customers.get', '{"customer_id":"a"}'],
      ['GET', '/v1/customers/b?with_autumn_id=true', ''],
    ]);
  });

  it('forgets customers, requests, faults, limits and keys on reset', async () => {
    await autumn.emulator.close();
    autumn = await openAutumn({ idempotencyStore: true });
    const { emulator, call } = autumn;
    const create = () =>
      call('customers.get_or_create', { body: { customer_id: 'a' }, headers: { 'idempotency-key': 'k' } });
    await create();
    await Promise.all(Array.from({ length: 25 }, () => call('customers.update', { body: {} })));
    emulator.faults.add({ kind: 'respond', status: 503 });

    emulator.reset();

    expect([emulator.customers(), emulator.requests]).toEqual([[], []]);
    expect((await call('customers.update', { body: { customer_id: 'a' } })).status).toBe(404);
    expect((await create()).status).toBe(200);
  });

  it('holds thousands of customers and finds each by its id', async () => {
    const { call, clock, emulator } = autumn;
    for (let batch = 0; batch < 30; batch += 1) {
      clock.now += 1000;
      const ids = Array.from({ length: 100 }, (_, index) => `c_${batch}_${index}`);
      await Promise.all(ids.map((id) => call('customers.get_or_create', { body: { customer_id: id, name: id } })));
    }

    expect(emulator.customers()).toHaveLength(3000);
    expect((await call('customers.get', { body: { customer_id: 'c_17_42' } })).body).toMatchObject({ name: 'c_17_42' });
    expect(new Set(emulator.customers().map(({ id }) => id)).size).toBe(3000);
  });
});

describe('faults', () => {
  const body = { customer_id: 'a', name: 'A' };

  it('stores the customer when the connection breaks after the work', async () => {
    autumn.emulator.faults.add({ kind: 'reset', commit: true });

    await expect(autumn.call('customers.get_or_create', { body })).rejects.toThrow('fetch failed');
    expect(autumn.emulator.customers()).toMatchObject([{ id: 'a', name: 'A' }]);
  });

  it('stores nothing when the connection breaks before the work', async () => {
    autumn.emulator.faults.add({ kind: 'reset' });

    await expect(autumn.call('customers.get_or_create', { body })).rejects.toThrow('fetch failed');
    expect(autumn.emulator.customers()).toEqual([]);
  });

  it('answers in the place of the server, for the path and the number of times asked for', async () => {
    const shed = { kind: 'respond', status: 503, headers: { 'retry-after': '1' }, body: '' } as const;
    autumn.emulator.faults.add(shed, { path: /get_or_create$/, times: 2 });
    const statuses = [];
    for (const path of [
      'customers.get',
      'customers.get_or_create',
      'customers.get_or_create',
      'customers.get_or_create',
    ]) {
      statuses.push((await autumn.call(path, { body })).status);
    }

    expect(statuses).toEqual([404, 503, 503, 200]);
  });

  it('does the work although the answer is cut off', async () => {
    autumn.emulator.faults.add({ kind: 'truncate' });

    await expect(autumn.call('customers.get_or_create', { body })).rejects.toThrow();
    expect(autumn.emulator.customers()).toHaveLength(1);
  });
});
