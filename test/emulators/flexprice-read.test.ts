import { describe, expect, it } from 'vitest';
import { ACME, startFlexprice } from './flexprice-client.js';

function externalIdsOf(body: unknown): unknown[] {
  return Object(body).items.map((item: { external_id: string }) => item.external_id);
}

// internal/api/v1/customer.go, internal/repository/ent/customer.go
describe('reading one customer', () => {
  it.each([
    ['its internal id', (id: string) => `/customers/${id}`],
    ['its external id', () => '/customers/external/acme-1'],
    ['the legacy lookup key', () => '/customers/lookup/acme-1'],
  ])('works by %s', async (_, path) => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    const { status, body } = await send('GET', path(id));
    expect(status).toBe(200);
    expect(body).toEqual(emulator.customers()[0]);
  });

  it.each([
    ['external/missing', { lookup_key: 'missing' }, 'Customer with lookup key missing was not found'],
    ['lookup/missing', { lookup_key: 'missing' }, 'Customer with lookup key missing was not found'],
    ['external/ACME-1', { lookup_key: 'ACME-1' }, 'Customer with lookup key ACME-1 was not found'],
    ['cust_x', { customer_id: 'cust_x' }, 'Customer with ID cust_x was not found'],
  ])('answers 404 to %s', async (path, details, message) => {
    const { send, create } = await startFlexprice();
    await create();
    const { status, body } = await send('GET', `/customers/${path}`);
    expect(status).toBe(404);
    expect(body).toEqual({ code: 'not_found', message, http_status_code: 404, details });
  });

  it.each(['a b', '100%', 'a%20b', 'å?#&+', 'a%2Fb'])('finds the external id %j in the path', async (external_id) => {
    const { send, create } = await startFlexprice();
    await create({ external_id, name: 'A' });
    const { status, body } = await send('GET', `/customers/external/${encodeURIComponent(external_id)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ external_id });
  });

  it('cannot reach an external id with a slash by path', async () => {
    const { send, create } = await startFlexprice();
    await create({ external_id: 'a/b', name: 'A' });
    const { status, text, headers } = await send('GET', '/customers/external/a%2Fb');
    expect(status).toBe(404);
    expect(text).toBe('404 page not found');
    expect(headers.get('content-type')).toBe('text/plain');
  });
});

// internal/ee/service/customer.go DeleteCustomer
describe('DELETE', () => {
  it('archives: gone by external id and from lists, still there by internal id', async () => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    const { status, text } = await send('DELETE', `/customers/${id}`);
    const byId = await send('GET', `/customers/${id}`);
    const byExternalId = await send('GET', '/customers/external/acme-1');
    const search = await send('POST', '/customers/search', { external_id: 'acme-1' });
    const archived = await send('POST', '/customers/search', { external_id: 'acme-1', status: 'archived' });

    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(byId).toMatchObject({ status: 200, body: { id, status: 'archived' } });
    expect(byExternalId.status).toBe(404);
    expect(externalIdsOf(search.body)).toEqual([]);
    expect(externalIdsOf(archived.body)).toEqual(['acme-1']);
    expect(emulator.customers()).toEqual([]);
  });

  it('answers 404 the second time', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    await send('DELETE', `/customers/${id}`);
    const { status, body } = await send('DELETE', `/customers/${id}`);
    expect(status).toBe(404);
    expect(body).toEqual({ code: 'not_found', message: 'Customer does not exist', http_status_code: 404 });
  });

  it('leaves an archived customer open to updates by internal id but not by external id', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    await send('DELETE', `/customers/${id}`);
    const byId = await send('PUT', `/customers/${id}`, { name: 'Changed' });
    const byExternalId = await send('PUT', '/customers?external_customer_id=acme-1', { name: 'x' });
    expect(byId).toMatchObject({ status: 200, body: { name: 'Changed', status: 'archived' } });
    expect(byExternalId.status).toBe(404);
  });

  it('leaves its external id free for an archived customer to be updated beside a new one', async () => {
    const { emulator, send, create } = await startFlexprice();
    const archived = await create();
    await send('DELETE', `/customers/${archived}`);
    const current = await create();
    const { status } = await send('PUT', `/customers/${archived}`, { name: 'Old' });
    expect(status).toBe(200);
    expect(emulator.customers()).toMatchObject([{ id: current, name: 'Acme Inc' }]);
  });

  it.each([
    ['subscription', 'Please cancel all subscriptions before deleting the customer'],
    ['wallet', 'Customer cannot be deleted due to associated wallets'],
  ] as const)('is refused for a customer with a %s', async (attachment, message) => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    emulator.attach(id, attachment);
    const { status, body } = await send('DELETE', `/customers/${id}`);
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'invalid_operation', message, http_status_code: 400 });
    expect(emulator.customers()).toHaveLength(1);
  });
});

// internal/types/customer.go, filter.go, pagination.go
describe('lists', () => {
  it('answer newest first with the next offset', async () => {
    const { send, create } = await startFlexprice();
    for (const external_id of ['a', 'b', 'c']) await create({ external_id, name: 'N' });
    const first = await send('GET', '/customers?limit=2');
    const second = await send('POST', '/customers/search', { limit: 2, offset: 2 });
    expect(externalIdsOf(first.body)).toEqual(['c', 'b']);
    expect(first.body).toMatchObject({ pagination: { total: 3, limit: 2, offset: 2 } });
    expect(externalIdsOf(second.body)).toEqual(['a']);
    expect(second.body).toMatchObject({ pagination: { total: 3, limit: 2, offset: 4 } });
  });

  it('show a change to a customer that was listed before', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    await send('GET', '/customers');
    await send('PUT', `/customers/${id}`, { name: 'Acme Ltd' });
    const { body } = await send('GET', '/customers');
    expect(body).toMatchObject({ items: [{ id, name: 'Acme Ltd' }] });
  });

  it('hold 50 by default', async () => {
    const { send, create } = await startFlexprice();
    for (let number = 0; number < 51; number++) await create({ external_id: `c${number}`, name: 'N' });
    const { body } = await send('POST', '/customers/search', {});
    expect(externalIdsOf(body)).toHaveLength(50);
    expect(body).toMatchObject({ pagination: { total: 51, limit: 50, offset: 50 } });
  });

  it('are empty lists when nobody matches', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers/search', { external_id: 'missing' });
    expect(status).toBe(200);
    expect(body).toEqual({ items: [], pagination: { total: 0, limit: 50, offset: 50 } });
  });

  it.each([
    [{ external_id: 'b/1' }, ['b/1']],
    [{ external_ids: ['a', 'c', 'x'] }, ['c', 'a']],
    [{ email: 'shared@acme.test' }, ['b/1', 'a']],
    [{ metadata: { tier: 'gold' } }, ['c', 'a']],
    [{ metadata: { tier: 'gold', crm: '1' } }, ['a']],
    [{ order: 'asc' }, ['a', 'b/1', 'c']],
    [{ sort: [{ field: 'name', direction: 'asc' }] }, ['c', 'b/1', 'a']],
    [{ sort: [{ field: 'email', direction: 'desc' }] }, ['b/1', 'a', 'c']],
    [{ filters: [{ field: 'name', operator: 'eq', data_type: 'string', value: { string: 'Y' } }] }, ['b/1']],
    [
      { filters: [{ field: 'email', operator: 'contains', data_type: 'string', value: { string: 'ACME' } }] },
      ['b/1', 'a'],
    ],
    [{ filters: [{ field: 'name', operator: 'not_in', data_type: 'array', value: { array: ['X', 'Y'] } }] }, ['a']],
    [{ status: 'archived' }, []],
    [{ limit: 0 }, ['c', 'b/1', 'a']],
  ])('narrowed by %j hold %j', async (filter, expected) => {
    const { send, create } = await startFlexprice();
    await create({ external_id: 'a', name: 'Z', email: 'shared@acme.test', metadata: { tier: 'gold', crm: '1' } });
    await create({ external_id: 'b/1', name: 'Y', email: 'shared@acme.test' });
    await create({ external_id: 'c', name: 'X', metadata: { tier: 'gold' } });
    const { body } = await send('POST', '/customers/search', filter);
    expect(externalIdsOf(body)).toEqual(expected);
  });

  it('take the same plain filters in the query', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    await create({ external_id: 'other', name: 'N' });
    await create({ external_id: 'third', name: 'N' });
    const byIds = await send('GET', `/customers?customer_ids=${id}`);
    const byExternalIds = await send('GET', '/customers?external_ids=acme-1&external_ids=other&order=asc');
    expect(externalIdsOf(byIds.body)).toEqual(['acme-1']);
    expect(externalIdsOf(byExternalIds.body)).toEqual(['acme-1', 'other']);
  });

  it.each([
    [{ limit: 1001 }, { message: 'Invalid filter parameters', details: { limit: 'must be between 1 and 1000' } }],
    [{ limit: -1 }, { message: 'Invalid filter parameters', details: { limit: 'must be between 1 and 1000' } }],
    [{ offset: -1 }, { message: 'Invalid filter parameters', details: { offset: 'must be non-negative' } }],
    [{ order: 'up' }, { message: 'Invalid filter parameters', details: { order: "must be either 'asc' or 'desc'" } }],
    [{ email: 'nope' }, { message: 'Please provide a valid email' }],
    [{ limit: 'ten' }, { message: 'Invalid filter parameters' }],
    [{ expand: 'wallets' }, { message: 'Field is not allowed to be expanded', details: { field: 'wallets' } }],
    [{ sort: [{ field: 'nothing' }] }, { message: 'Failed to list customers' }],
    [
      { start_time: '2026-08-22T10:00:00Z', end_time: '2026-08-21T10:00:00Z' },
      { message: 'Please provide a valid time range', details: { end_time: 'must be after start_time' } },
    ],
  ])('refuse %j', async (filter, error) => {
    const { send, create } = await startFlexprice();
    for (const external_id of ['a', 'b']) await create({ external_id, name: 'N' });
    const { status, body } = await send('POST', '/customers/search', filter);
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'validation_error', http_status_code: 400, ...error });
  });

  it('refuse a limit in the query that is no number', async () => {
    const { send } = await startFlexprice();
    const answer = await send('GET', '/customers?limit=ten');
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid filter parameters' } });
  });
});

// internal/types/expand.go CustomerExpandConfig
describe('expand=integrations', () => {
  it.each([
    ['GET', (id: string) => `/customers/${id}?expand=integrations`, undefined],
    ['GET', () => '/customers/external/acme-1?expand=integrations', undefined],
    ['GET', () => '/customers?expand=integrations', undefined],
    ['POST', () => '/customers/search', { expand: 'integrations' }],
  ])('shows the links in %s %s', async (method, path, filter) => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    emulator.linkIntegration(id, { provider_type: 'stripe', provider_entity_id: 'cus_1' });
    const { body } = await send(method, path(id), filter);
    const shown = Object(body).items?.[0] ?? body;
    expect(shown).toMatchObject({
      id,
      integrations: [{ entity_id: id, entity_type: 'customer', provider_type: 'stripe', provider_entity_id: 'cus_1' }],
    });
  });

  it('is not what a PUT answers with', async () => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    emulator.linkIntegration(id, { provider_type: 'stripe', provider_entity_id: 'cus_1' });
    const { body } = await send('PUT', `/customers/${id}?expand=integrations`, {});
    expect(body).not.toHaveProperty('integrations');
  });

  it('is the only word allowed', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const { status, body } = await send('GET', `/customers/${id}?expand=wallets`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_error', details: { field: 'wallets' } });
  });
});

// internal/repository/ent/customer.go reads through Reader(); that the hosted service has a lagging replica is inferred
describe('replica lag', () => {
  it('hides a new customer from the next reads by external id', async () => {
    const { send, create } = await startFlexprice({ replicaLag: 3 });
    const id = await create();
    const statuses = [
      await send('GET', '/customers/external/acme-1'),
      await send('PUT', '/customers?external_customer_id=acme-1', { name: 'x' }),
      await send('GET', `/customers/${id}`),
    ].map(({ status }) => status);
    const search = await send('POST', '/customers/search', { external_id: 'acme-1' });
    const caughtUp = await send('GET', '/customers/external/acme-1');
    expect(statuses).toEqual([404, 404, 200]);
    expect(externalIdsOf(search.body)).toEqual([]);
    expect(caughtUp).toMatchObject({ status: 200, body: { id, name: 'Acme Inc' } });
  });

  it('does not hide it from the uniqueness of a create', async () => {
    const { send, create } = await startFlexprice({ replicaLag: 2 });
    await create();
    const { status } = await send('POST', '/customers', ACME);
    expect(status).toBe(409);
  });
});
