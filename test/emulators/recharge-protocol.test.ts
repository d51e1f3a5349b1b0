import { describe, expect, it } from 'vitest';
import { NIELS, startRecharge } from './recharge-client.js';

// Recharge guide "API versions"; the headers as in the Nango recording of 2025-01-29
describe('versions', () => {
  it('echoes the version that was applied', async () => {
    const { send, sendUnversioned } = await startRecharge();
    const asked = await send('GET', '/customers');
    const unasked = await sendUnversioned('GET', '/customers');
    expect(asked.headers.get('x-recharge-version')).toBe('2021-11');
    expect(unasked.headers.get('x-recharge-version')).toBe('2021-01');
  });

  it('answers 426 to a version that does not exist', async () => {
    const { send } = await startRecharge();
    const { status } = await send('GET', '/customers', undefined, { 'X-Recharge-Version': '2099-01' });
    expect(status).toBe(426);
  });
});

// Recharge api-standards, status grid; "bad authentication" as matched by tap-recharge and RechargeSharp
describe('access', () => {
  it.each(['', 'sk_wrong'])('answers 401 to the token %j', async (token) => {
    const { send } = await startRecharge();
    const answer = await send('GET', '/customers', undefined, { 'X-Recharge-Access-Token': token });
    expect(answer).toMatchObject({ status: 401, body: { error: 'bad authentication' } });
  });

  it('accepts the key given in the options', async () => {
    const { emulator, send } = await startRecharge({ apiKey: 'sk_1x1_mine' });
    const { status } = await send('GET', '/customers');
    expect(emulator.apiKey).toBe('sk_1x1_mine');
    expect(status).toBe(200);
  });

  it.each([
    ['POST', '/customers', ['read_customers', 'write_customers']],
    ['PUT', '/customers/1', ['read_customers']],
    ['GET', '/customers', ['write_customers', 'write_payment_methods']],
  ])('answers 403 to %s %s without its scope', async (method, path, scopes) => {
    const { send } = await startRecharge({ scopes });
    const { status } = await send(method, path, method === 'GET' ? undefined : NIELS);
    expect(status).toBe(403);
  });

  it('tells the name and the scopes of the token', async () => {
    const { send } = await startRecharge({ scopes: ['read_customers'] });
    const { status, body } = await send('GET', '/token_information');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_information: {
        name: expect.any(String),
        contact_email: expect.any(String),
        scopes: ['read_customers'],
      },
    });
  });
});

// RechargeSharp: misc-nonexistent-endpoint_404, misc-wrong-method-to-actual-endpoint_405
describe('routes', () => {
  it('answers 404 to an unknown endpoint', async () => {
    const { send } = await startRecharge();
    const answer = await send('GET', '/nothing');
    expect(answer).toMatchObject({ status: 404, body: { error: 'endpoint not found' } });
  });

  it('answers 405 to a wrong method', async () => {
    const { send } = await startRecharge();
    const answer = await send('PATCH', '/customers/1', {});
    expect(answer).toMatchObject({ status: 405, body: { error: 'method not allowed' } });
  });
});

// Recharge guide "API rate limits": a bucket of 40 that leaks 2 a second; changelog "Configurable rate limits"
describe('rate limit', () => {
  it('counts up in X-Recharge-Limit and refuses the 41st request of a burst', async () => {
    const { send } = await startRecharge({ now: () => 1_000_000 });
    const limits: (string | null)[] = [];
    for (let sent = 0; sent < 40; sent++)
      limits.push((await send('GET', '/customers')).headers.get('x-recharge-limit'));

    const refused = await send('GET', '/customers');

    expect(limits).toEqual(Array.from({ length: 40 }, (_, index) => `${index + 1}/40`));
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ warning: 'too many requests' });
    expect(refused.headers.get('x-recharge-limit')).toBe('40/40');
    expect(refused.headers.get('retry-after')).toBeNull();
  });

  it('leaks two requests a second', async () => {
    let time = 1_000_000;
    const { send } = await startRecharge({ now: () => time });
    for (let sent = 0; sent < 40; sent++) await send('GET', '/customers');
    time += 1000;
    const statuses = [];
    for (let sent = 0; sent < 3; sent++) statuses.push((await send('GET', '/customers')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('does not write what it refuses', async () => {
    const { emulator, send } = await startRecharge({ now: () => 1_000_000 });
    for (let sent = 0; sent < 40; sent++) await send('GET', '/customers');
    const { status } = await send('POST', '/customers', NIELS);
    expect(status).toBe(429);
    expect(emulator.customers()).toEqual([]);
  });

  it('reads the multipliers of leak and size from the token', async () => {
    let time = 1_000_000;
    const { send } = await startRecharge({ apiKey: 'sk_2x3_mine', now: () => time });
    for (let sent = 0; sent < 120; sent++) await send('GET', '/customers');
    const full = await send('GET', '/customers');
    time += 250;
    const leaked = await send('GET', '/customers');
    expect(full).toMatchObject({ status: 429 });
    expect(full.headers.get('x-recharge-limit')).toBe('120/120');
    expect(leaked.status).toBe(200);
  });

  it('is off when the options say so', async () => {
    const { send } = await startRecharge({ rateLimits: false, now: () => 1_000_000 });
    const statuses = new Set<number>();
    for (let sent = 0; sent < 50; sent++) statuses.add((await send('GET', '/customers')).status);
    expect([...statuses]).toEqual([200]);
  });

  it('is refilled by reset', async () => {
    const { emulator, send } = await startRecharge({ now: () => 1_000_000 });
    for (let sent = 0; sent < 40; sent++) await send('GET', '/customers');
    emulator.reset();
    const { headers } = await send('GET', '/customers');
    expect(headers.get('x-recharge-limit')).toBe('1/40');
  });
});

// Recharge changelog "Improved Handling of Charge Regeneration in the API": 409, "Route Lock"
describe('route lock', () => {
  it('answers the next writes to one customer with 409 and lets the later ones through', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const other = emulator.seed({ email: 'aage@test.example' });
    emulator.lockRoute(id, 2);

    const first = await send('PUT', `/customers/${id}`, { first_name: 'Aage' });
    const read = await send('GET', `/customers/${id}`);
    const elsewhere = await send('PUT', `/customers/${other.id}`, { first_name: 'Aage' });
    const second = await send('DELETE', `/customers/${id}`);
    const third = await send('PUT', `/customers/${id}`, { first_name: 'Aage' });

    expect(first).toMatchObject({ status: 409, body: { error: 'A call to this route is already in progress.' } });
    expect([read, elsewhere, second, third].map(({ status }) => status)).toEqual([200, 200, 409, 200]);
  });
});

describe('faults', () => {
  it('stores the customer of a reset that commits', async () => {
    const { emulator, send } = await startRecharge();
    emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    await expect(send('POST', '/customers', NIELS)).rejects.toThrow();
    expect(emulator.customers()).toMatchObject([NIELS]);
  });

  it('stores nothing when the reset does not commit', async () => {
    const { emulator, send } = await startRecharge();
    emulator.faults.add({ kind: 'reset' }, { method: 'POST' });
    await expect(send('POST', '/customers', NIELS)).rejects.toThrow();
    expect(emulator.customers()).toEqual([]);
    expect(emulator.requests).toHaveLength(1);
  });

  it('stores the customer whose answer is cut off', async () => {
    const { emulator, send } = await startRecharge();
    emulator.faults.add({ kind: 'truncate' }, { method: 'POST' });
    await expect(send('POST', '/customers', NIELS)).rejects.toThrow();
    expect(emulator.customers()).toHaveLength(1);
  });
});

it('forgets customers, locks, requests and faults on reset and gives out no id twice', async () => {
  const { emulator, send } = await startRecharge();
  const { id } = emulator.seed(NIELS);
  emulator.lockRoute(id);
  await send('GET', '/customers');
  emulator.faults.add({ kind: 'respond', status: 500 });

  emulator.reset();

  const again = emulator.seed(NIELS);
  const { status } = await send('PUT', `/customers/${again.id}`, {});
  expect(status).toBe(200);
  expect(again.id).not.toBe(id);
  expect(emulator.requests.map(({ method }) => method)).toEqual(['PUT']);
});
