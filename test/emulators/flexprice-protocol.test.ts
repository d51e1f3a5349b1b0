import { describe, expect, it } from 'vitest';
import { ACME, startFlexprice } from './flexprice-client.js';

// internal/rest/middleware/auth.go, permission.go, env_access.go
describe('access', () => {
  it.each([
    [{ 'x-api-key': '' }, 'Unauthorized'],
    [{ 'x-api-key': 'sk_wrong' }, 'Unauthorized'],
    [{ 'x-api-key': '', Authorization: 'Bearer token' }, 'Invalid token'],
    [{ 'x-api-key': '', Authorization: 'token' }, 'Invalid authorization header format'],
  ])('answers 401 to %j', async (headers, error) => {
    const { send } = await startFlexprice();
    const { status, body } = await send('GET', '/customers', undefined, headers);
    expect(status).toBe(401);
    expect(body).toEqual({ error });
  });

  it('accepts the key given in the options', async () => {
    const { emulator, send } = await startFlexprice({ apiKey: 'sk_mine' });
    const { status } = await send('GET', '/customers');
    expect(emulator.apiKey).toBe('sk_mine');
    expect(status).toBe(200);
  });

  const writes = [
    ['POST', '/customers'],
    ['PUT', '/customers?external_customer_id=acme-1'],
    ['PUT', '/customers/cust_x'],
    ['DELETE', '/customers/cust_x'],
  ] as const;
  const reads = [
    ['GET', '/customers'],
    ['POST', '/customers/search'],
    ['GET', '/customers/cust_x'],
    ['GET', '/customers/external/acme-1'],
    ['GET', '/customers/lookup/acme-1'],
  ] as const;
  const bodyFor = (method: string) => (method === 'GET' ? undefined : ACME);

  it.each([...reads, ...writes])('asks for the key in %s %s', async (method, path) => {
    const { send } = await startFlexprice();
    const { status } = await send(method, path, bodyFor(method), { 'x-api-key': '' });
    expect(status).toBe(401);
  });

  it.each(writes)('refuses %s %s to a key that may only read and to a suspended tenant', async (method, path) => {
    const readOnly = await startFlexprice({ access: 'read_only' });
    const suspended = await startFlexprice({ access: 'suspended' });
    const first = await readOnly.send(method, path, bodyFor(method));
    const second = await suspended.send(method, path, bodyFor(method));
    expect(first).toMatchObject({ status: 403, text: '{"message":"insufficient permissions"}' });
    expect(second).toMatchObject({ status: 403, text: '{"message":"tenant account is suspended"}' });
    expect(readOnly.emulator.customers()).toEqual([]);
  });

  it.each(reads)('leaves %s %s to both', async (method, path) => {
    const readOnly = await startFlexprice({ access: 'read_only' });
    const suspended = await startFlexprice({ access: 'suspended' });
    const first = await readOnly.send(method, path, bodyFor(method));
    const second = await suspended.send(method, path, bodyFor(method));
    expect([first.status, second.status]).not.toContain(403);
  });

  it('keeps a key without its environment out of everything', async () => {
    const { send } = await startFlexprice({ access: 'no_environment' });
    const { status, body } = await send('GET', '/customers');
    expect(status).toBe(403);
    expect(body).toEqual({ error: 'Access denied', message: "You don't have access to this environment" });
  });

  it('ignores X-Environment-ID, since a key is pinned to one environment', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const { status } = await send('GET', `/customers/${id}`, undefined, { 'X-Environment-ID': 'env_other' });
    expect(status).toBe(200);
  });
});

// internal/api/router.go, gin's defaults; internal/rest/middleware/request.go
describe('routes and headers', () => {
  it.each([
    ['GET', '/nothing'],
    ['PATCH', '/customers/cust_1'],
    ['GET', '/customers/external/a/b'],
  ])('answers %s %s in plain text and without asking for a key', async (method, path) => {
    const { send } = await startFlexprice();
    const { status, text } = await send(method, path, undefined, { 'x-api-key': '' });
    expect(status).toBe(404);
    expect(text).toBe('404 page not found');
  });

  it.each(['/customers', '/customers/cust_x', '/nothing', '/customers?expand=wallets'])(
    'echoes X-Request-ID from %s',
    async (path) => {
      const { send } = await startFlexprice();
      const { headers } = await send('GET', path, undefined, { 'X-Request-ID': 'mine-1' });
      expect(headers.get('x-request-id')).toBe('mine-1');
    },
  );

  it('makes up an X-Request-ID of its own for each request', async () => {
    const { send } = await startFlexprice();
    const first = await send('GET', '/customers');
    const second = await send('GET', '/customers');
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('stands below /v1', async () => {
    const { emulator } = await startFlexprice();
    expect(new URL(emulator.url).pathname).toBe('/v1');
  });

  it('limits nothing', async () => {
    const { send } = await startFlexprice({ now: () => 1_000_000 });
    const statuses = new Set<number>();
    for (let sent = 0; sent < 100; sent++) statuses.add((await send('GET', '/customers')).status);
    expect([...statuses]).toEqual([200]);
  });
});

// internal/errors/dto.go before 12a26adf7 (2026-04-05), the public page "Error responses", @flexprice/sdk 2.0.1
describe('the legacy error shape', () => {
  it('nests message and details', async () => {
    const { send, create } = await startFlexprice({ errorShape: 'legacy' });
    await create();
    const { status, body } = await send('POST', '/customers', ACME);
    expect(status).toBe(409);
    expect(body).toEqual({
      success: false,
      error: {
        message: 'A customer with this identifier already exists',
        internal_error: expect.any(String),
        details: { external_id: 'acme-1' },
      },
    });
  });

  it('leaves empty details out', async () => {
    const { send } = await startFlexprice({ errorShape: 'legacy' });
    const { body } = await send('POST', '/customers', '{');
    expect(body).toEqual({
      success: false,
      error: { message: 'Invalid request format', internal_error: expect.any(String) },
    });
  });
});

describe('faults', () => {
  it('stores the customer of a reset that commits', async () => {
    const { emulator, send } = await startFlexprice();
    emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    await expect(send('POST', '/customers', ACME)).rejects.toThrow();
    expect(emulator.customers()).toMatchObject([ACME]);
  });

  it('stores nothing when the reset does not commit', async () => {
    const { emulator, send } = await startFlexprice();
    emulator.faults.add({ kind: 'reset' }, { method: 'POST' });
    await expect(send('POST', '/customers', ACME)).rejects.toThrow();
    expect(emulator.customers()).toEqual([]);
    expect(emulator.onboarded).toEqual([]);
    expect(emulator.requests).toHaveLength(1);
  });

  it('answers with a rate limit that was injected', async () => {
    const { emulator, send } = await startFlexprice();
    emulator.faults.add({ kind: 'respond', status: 429, body: 'slow down' });
    const first = await send('POST', '/customers', ACME);
    const second = await send('POST', '/customers', ACME);
    expect(first).toMatchObject({ status: 429, text: 'slow down' });
    expect(second.status).toBe(201);
  });
});

it('forgets everything on reset and gives out no id twice', async () => {
  const { emulator, send, create } = await startFlexprice({ replicaLag: 1 });
  const id = await create();
  emulator.attach(id, 'wallet');
  emulator.linkIntegration(id, { provider_type: 'stripe', provider_entity_id: 'cus_1' });
  emulator.faults.add({ kind: 'respond', status: 500 });

  emulator.reset();

  const again = await create({ ...ACME, skip_onboarding_workflow: true });
  const { status } = await send('GET', `/customers/${id}`);
  expect(status).toBe(404);
  expect(again).not.toBe(id);
  expect(emulator.onboarded).toEqual([]);
  expect(emulator.customers()).toHaveLength(1);
  expect(emulator.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});
