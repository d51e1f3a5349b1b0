import { describe, expect, it } from 'vitest';
import { ACME, startFlexprice, validationError } from './flexprice-client.js';

const FULL = {
  ...ACME,
  email: 'billing@acme.test',
  contact: '+4511223344',
  address_line1: 'Blegdamsvej 17',
  address_line2: '1st floor',
  address_city: 'Copenhagen',
  address_state: 'Hovedstaden',
  address_postal_code: '2100',
  address_country: 'DK',
  timezone: 'Europe/Copenhagen',
  metadata: { tier: 'gold' },
};

// internal/api/v1/customer.go UpdateCustomer
describe('whom a PUT addresses', () => {
  it.each([
    ['external id', () => '/customers?external_customer_id=acme-1'],
    ['id in the query', (id: string) => `/customers?id=${id}`],
    ['id in the path', (id: string) => `/customers/${id}`],
    ['both', (id: string) => `/customers?id=${id}&external_customer_id=acme-1`],
  ])('can be said by %s', async (_, path) => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    const { status, body } = await send('PUT', path(id), { name: 'Acme Ltd' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, name: 'Acme Ltd' });
    expect(emulator.customers()).toMatchObject([{ id, name: 'Acme Ltd' }]);
  });

  it('must be said', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('PUT', '/customers', { name: 'x' });
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 'validation_error',
      message:
        'Provide id as query parameter (?id=...) or provide external_customer_id as query parameter (?external_customer_id=...)',
      http_status_code: 400,
    });
  });

  it('must be the same when said twice', async () => {
    const { send, create } = await startFlexprice();
    await create();
    const other = await create({ external_id: 'other', name: 'Other' });
    const { status, body } = await send('PUT', `/customers?id=${other}&external_customer_id=acme-1`, { name: 'x' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_error' });
  });

  it('may have a slash in its external id, in the query', async () => {
    const { send, create } = await startFlexprice();
    await create({ external_id: 'a/b ?#%', name: 'A' });
    const { status } = await send('PUT', '/customers?external_customer_id=a%2Fb%20%3F%23%25', { name: 'B' });
    expect(status).toBe(200);
  });

  it.each([
    ['/customers?external_customer_id=missing', 'Customer with lookup key missing was not found'],
    ['/customers?id=cust_x', 'Customer with ID cust_x was not found'],
    ['/customers/acme-1', 'Customer with ID acme-1 was not found'],
  ])('is answered with 404 when unknown: %s', async (path, message) => {
    const { send, create } = await startFlexprice();
    await create();
    const answer = await send('PUT', path, { name: 'x' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', message } });
  });
});

describe('what a PUT changes', () => {
  it('leaves absent and null fields as they are', async () => {
    const { emulator, send, create } = await startFlexprice();
    await create(FULL);
    const nulls = Object.fromEntries(Object.keys(FULL).map((field) => [field, null]));
    const { status } = await send('PUT', '/customers?external_customer_id=acme-1', nulls);
    expect(status).toBe(200);
    expect(emulator.customers()).toMatchObject([FULL]);
  });

  it('answers with the updated_at from before, which a GET then shows to be new', async () => {
    let time = Date.UTC(2026, 7, 22, 10);
    const { send, create } = await startFlexprice({ now: () => time });
    const id = await create();
    time += 1000;
    const updated = await send('PUT', `/customers/${id}`, {});
    const read = await send('GET', `/customers/${id}`);
    expect(updated.body).toMatchObject({ updated_at: '2026-08-22T10:00:00Z' });
    expect(read.body).toMatchObject({ created_at: '2026-08-22T10:00:00Z', updated_at: '2026-08-22T10:00:01Z' });
  });

  it.each(['address_line1', 'address_line2', 'address_city', 'address_state', 'address_postal_code', 'contact'])(
    'clears %s by ""',
    async (field) => {
      const { emulator, send, create } = await startFlexprice();
      const id = await create(FULL);
      const { status, body } = await send('PUT', `/customers/${id}`, { [field]: '' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ [field]: '' });
      expect(emulator.customers()).toMatchObject([{ ...FULL, [field]: '' }]);
    },
  );

  it.each([
    ['email', { Email: 'email' }],
    ['address_country', { AddressCountry: 'len' }],
    ['timezone', { Timezone: 'timezone' }],
  ])('cannot clear %s', async (field, tags) => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create(FULL);
    const { status, body } = await send('PUT', `/customers/${id}`, { [field]: '' });
    expect(status).toBe(400);
    expect(body).toEqual(validationError('UpdateCustomerRequest', tags));
    expect(emulator.customers()).toMatchObject([FULL]);
  });

  it.each([{ name: '' }, { external_id: '' }, { name: 'n'.repeat(256) }, { external_id: 'x'.repeat(256) }])(
    'answers 500 to %j, which only the database refuses',
    async (change) => {
      const { emulator, send, create } = await startFlexprice();
      const id = await create(FULL);
      const { status, body } = await send('PUT', `/customers/${id}`, change);
      expect(status).toBe(500);
      expect(body).toEqual({ code: 'database_error', message: 'Failed to update customer', http_status_code: 500 });
      expect(emulator.customers()).toMatchObject([FULL]);
    },
  );

  it('refuses what is too long in bytes', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const answer = await send('PUT', `/customers/${id}`, { address_city: '漢'.repeat(34) });
    expect(answer).toMatchObject({ status: 400, body: { message: 'City name must be less than 100 characters' } });
  });

  it('replaces metadata as a whole and clears it by {}', async () => {
    const { send, create } = await startFlexprice();
    const id = await create({ ...ACME, metadata: { crm_id: '42', tier: 'gold' } });
    const replaced = await send('PUT', `/customers/${id}`, { metadata: { tier: 'silver', note: null } });
    const kept = await send('PUT', `/customers/${id}`, { metadata: null });
    const cleared = await send('PUT', `/customers/${id}`, { metadata: {} });
    expect([replaced, kept, cleared].map(({ body }) => Object(body).metadata)).toEqual([
      { tier: 'silver', note: '' },
      { tier: 'silver', note: '' },
      {},
    ]);
  });

  it('refuses tax keys in metadata as a create does', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const answer = await send('PUT', `/customers/${id}`, { metadata: { pan: 'of milk' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_error' } });
  });

  it('does not look at integration_entity_mapping', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const { status } = await send('PUT', `/customers/${id}`, { integration_entity_mapping: [{}] });
    expect(status).toBe(200);
  });

  it('answers 400 to a body of a wrong type before it looks at the address', async () => {
    const { send } = await startFlexprice();
    const answer = await send('PUT', '/customers', { metadata: { n: 1 } });
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid request format' } });
  });
});

// internal/ee/service/customer.go UpdateCustomer: both bugs stand since 2025-03
describe('a change of the external id', () => {
  it('moves the customer to the new id and notes the new one as old', async () => {
    const { send, create } = await startFlexprice();
    const id = await create({ ...ACME, metadata: {} });
    await send('PUT', `/customers/${id}`, { external_id: 'acme-2' });
    await send('PUT', `/customers/${id}`, { external_id: 'acme-3' });
    const before = await send('GET', '/customers/external/acme-1');
    const after = await send('GET', '/customers/external/acme-3');
    expect(before.status).toBe(404);
    expect(after.body).toMatchObject({ id, metadata: { old_external_ids: 'acme-2,acme-3' } });
  });

  it('panics with an empty 500 while metadata is null, even with metadata in the same request', async () => {
    const { emulator, send, create } = await startFlexprice();
    const id = await create();
    const answer = await send('PUT', `/customers/${id}`, { external_id: 'acme-2', metadata: {} });
    expect(answer).toMatchObject({ status: 500, text: '' });
    expect(emulator.customers()).toMatchObject([{ external_id: 'acme-1', metadata: null }]);
  });

  it('works once metadata has been set', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    await send('PUT', `/customers/${id}`, { metadata: {} });
    const { status } = await send('PUT', `/customers/${id}`, { external_id: 'acme-2' });
    expect(status).toBe(200);
  });

  it('loses old_external_ids when the same request replaces metadata', async () => {
    const { send, create } = await startFlexprice();
    const id = await create({ ...ACME, metadata: {} });
    const { body } = await send('PUT', `/customers/${id}`, { external_id: 'acme-2', metadata: { tier: 'gold' } });
    expect(body).toMatchObject({ external_id: 'acme-2' });
    expect(Object(body).metadata).toEqual({ tier: 'gold' });
  });

  it('to the same id is none', async () => {
    const { send, create } = await startFlexprice();
    const id = await create();
    const { status, body } = await send('PUT', `/customers/${id}`, { external_id: 'acme-1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ metadata: null });
  });

  it('is answered with 409 when the id is taken', async () => {
    const { send, create } = await startFlexprice();
    await create();
    const other = await create({ external_id: 'other', name: 'Other', metadata: {} });
    const { status, body } = await send('PUT', `/customers/${other}`, { external_id: 'acme-1' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'already_exists', details: { external_id: 'acme-1' } });
  });
});
