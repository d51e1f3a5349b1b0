import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { call, refused, save } from './lago-client.js';

const clock = { now: Date.parse('2026-11-20T10:00:00Z') };
const lago = await startEmulator({
  rateLimits: false,
  now: () => clock.now,
  billingEntityCodes: ['acme_corp', 'acme_eu'],
});
const release148 = await startEmulator({ rateLimits: false, version: '1.48' });

beforeEach(() => {
  clock.now = Date.parse('2026-11-20T10:00:00Z');
  lago.reset();
  release148.reset();
});
afterAll(() => Promise.all([lago.close(), release148.close()]));

const customerNotFound = { status: 404, body: { status: 404, error: 'Not Found', code: 'customer_not_found' } };
const resourceNotFound = { status: 404, body: { status: 404, error: 'Not Found', code: 'resource_not_found' } };

// lago-api, customers_controller.rb#show and config/routes.rb
describe('one customer', () => {
  it('is found by its external_id', async () => {
    await save(lago, { external_id: 'acct' });
    const saved = await save(lago, { external_id: 'acct 1042 é?#%', name: 'Foo' });
    expect(await call(lago, 'GET', `/customers/${encodeURIComponent('acct 1042 é?#%')}`)).toEqual({
      status: 200,
      body: { customer: saved },
    });
  });

  it('answers 404 for one that is not there', async () => {
    expect(await call(lago, 'GET', '/customers/nope')).toEqual(customerNotFound);
  });

  // lago-api commit 070fb2485: "`/api/v1/customers/:external_id` splits dotted ids the same way and is left untouched"
  it('answers with another customer when the id has a dot', async () => {
    await save(lago, { external_id: 'coker.com', name: 'Right' });
    const wrong = await save(lago, { external_id: 'coker', name: 'Wrong' });
    expect(await call(lago, 'GET', '/customers/coker.com')).toEqual({ status: 200, body: { customer: wrong } });
  });

  it('answers 404 when the id has a dot and the part before it is nobody`s', async () => {
    await save(lago, { external_id: 'joe@example.com' });
    expect(await call(lago, 'GET', '/customers/joe@example.com')).toEqual(customerNotFound);
  });

  it('finds no route when the id has two dots', async () => {
    await save(lago, { external_id: 'a.b.c' });
    expect(await call(lago, 'GET', '/customers/a.b.c')).toEqual(resourceNotFound);
  });

  it('is found by an encoded dot', async () => {
    const saved = await save(lago, { external_id: 'coker.com' });
    expect(await call(lago, 'GET', '/customers/coker%2Ecom')).toMatchObject({ body: { customer: saved } });
  });

  it.each([['a/b'], ['a%2Fb']])('cannot be reached by the path %s', async (path) => {
    await save(lago, { external_id: 'a/b' });
    expect(await call(lago, 'GET', `/customers/${path}`)).toEqual(resourceNotFound);
  });
});

// lago-api, config/routes.rb: the last route catches what no other one takes
describe('paths and methods', () => {
  it.each([
    ['PUT', '/customers'],
    ['PATCH', '/customers'],
    ['PUT', '/customers/a'],
    ['PATCH', '/customers/a'],
    ['POST', '/customers/a'],
    ['DELETE', '/customers'],
    ['GET', '/customer'],
  ])('%s %s answers resource_not_found', async (method, path) => {
    await save(lago, { external_id: 'a' });
    expect(await call(lago, method, path)).toEqual(resourceNotFound);
  });

  it('answers resource_not_found, without asking for a key, when the base URL lacks /api/v1', async () => {
    const response = await fetch(`${new URL(lago.url).origin}/customers`);
    expect({ status: response.status, body: await response.json() }).toEqual(resourceNotFound);
  });

  it('answers 405 to a method that Rails does not know', async () => {
    expect(await call(lago, 'PURGE', '/customers')).toEqual({
      status: 405,
      body: { status: 405, error: 'Method Not Allowed' },
    });
  });

  it('takes a slash at the end and a .json', async () => {
    const saved = await save(lago, { external_id: 'a' });
    expect(await call(lago, 'GET', '/customers/a/')).toMatchObject({ body: { customer: saved } });
    expect(await call(lago, 'GET', '/customers/a.json')).toMatchObject({ body: { customer: saved } });
  });
});

// lago-api, app/services/customers/destroy_service.rb
describe('deleting', () => {
  it('answers 200 with the customer, who is gone then', async () => {
    const saved = await save(lago, { external_id: 'a', name: 'Foo' });
    clock.now += 60_000;
    expect(await call(lago, 'DELETE', '/customers/a')).toEqual({
      status: 200,
      body: { customer: { ...saved, updated_at: '2026-11-20T10:01:00Z' } },
    });
    expect(await call(lago, 'GET', '/customers/a')).toEqual(customerNotFound);
    expect(lago.customers()).toEqual([]);
  });

  it('answers 404 the second time', async () => {
    await save(lago, { external_id: 'a' });
    await call(lago, 'DELETE', '/customers/a');
    expect(await call(lago, 'DELETE', '/customers/a')).toEqual(customerNotFound);
  });

  it('lets the id be used again for a new customer', async () => {
    const old = await save(lago, { external_id: 'a', name: 'Foo' });
    await call(lago, 'DELETE', '/customers/a');
    const anew = await save(lago, { external_id: 'a' });
    expect(anew).toMatchObject({ name: null, sequential_id: 2 });
    expect(anew.lago_id).not.toBe(old.lago_id);
    expect(lago.customers()).toEqual([anew]);
  });
});

async function saveMany(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    clock.now += 1000;
    await save(lago, { external_id: id });
  }
}

async function listIds(query: string, emulator = lago): Promise<string[]> {
  const { body } = await call(emulator, 'GET', `/customers?${query}`);
  const { customers }: { customers: { external_id: string }[] } = JSON.parse(JSON.stringify(body));
  return customers.map(({ external_id }) => external_id);
}

// lago-api, customers_controller.rb#index, app/queries/base_query.rb, app/controllers/concerns/pagination.rb
describe('listing', () => {
  it('gives pages, newest first', async () => {
    await saveMany(['a', 'b', 'c', 'd', 'e']);
    expect(await listIds('per_page=2&page=1')).toEqual(['e', 'd']);
    expect(await listIds('per_page=2&page=3')).toEqual(['a']);
  });

  it.each([
    ['per_page=2', { current_page: 1, next_page: 2, prev_page: null, total_pages: 3, total_count: 5 }],
    ['per_page=2&page=2', { current_page: 2, next_page: 3, prev_page: 1, total_pages: 3, total_count: 5 }],
    ['per_page=2&page=3', { current_page: 3, next_page: null, prev_page: 2, total_pages: 3, total_count: 5 }],
    ['per_page=2&page=9', { current_page: 9, next_page: null, prev_page: 8, total_pages: 3, total_count: 5 }],
    ['page=0', { current_page: 1, next_page: null, prev_page: null, total_pages: 1, total_count: 5 }],
    ['per_page=100000', { current_page: 1, next_page: null, prev_page: null, total_pages: 1, total_count: 5 }],
  ])('describes the page of ?%s', async (query, meta) => {
    await saveMany(['a', 'b', 'c', 'd', 'e']);
    expect(await call(lago, 'GET', `/customers?${query}`)).toMatchObject({ status: 200, body: { meta } });
  });

  it('says page 0 of 0 when there is nobody', async () => {
    expect((await call(lago, 'GET', '/customers')).body).toEqual({
      customers: [],
      meta: { current_page: 0, next_page: null, prev_page: null, total_pages: 0, total_count: 0 },
    });
  });

  it('holds 100 on a page unless told otherwise, and 25 when told nonsense', async () => {
    await Promise.all(Array.from({ length: 101 }, (_, index) => save(lago, { external_id: `c${index}` })));
    expect(await listIds('')).toHaveLength(100);
    expect(await listIds('per_page=101')).toHaveLength(101);
    expect(await listIds('per_page=many')).toHaveLength(25);
  });

  it('shifts its pages when somebody is created in between', async () => {
    await saveMany(['a', 'b', 'c']);
    expect(await listIds('per_page=2&page=1')).toEqual(['c', 'b']);
    await saveMany(['d']);
    expect(await listIds('per_page=2&page=2')).toEqual(['b', 'a']);
  });

  it('leaves the deleted ones out', async () => {
    await saveMany(['a', 'b', 'c']);
    await call(lago, 'DELETE', '/customers/b');
    expect(await listIds('')).toEqual(['c', 'a']);
  });

  it('leaves custom sections and error details out of its customers', async () => {
    const { applicable_invoice_custom_sections, error_details, ...listed } = await save(lago, {
      external_id: 'a',
      metadata: [{ key: 'k', value: 'v' }],
    });
    expect([applicable_invoice_custom_sections, error_details]).toEqual([[], []]);
    expect((await call(lago, 'GET', '/customers')).body).toEqual({ customers: [listed], meta: expect.anything() });
  });
});

// lago-api commit 9b0d48a43 (v1.49.0) and app/queries/customers_query.rb
describe('the external_id filter', () => {
  it.each([['coker.com'], ['a/b'], ['joe@example.com'], ['50% + é']])('finds exactly %s', async (id) => {
    await saveMany(['coker', 'a', id, `${id}x`]);
    expect(await listIds(`external_id=${encodeURIComponent(id)}`)).toEqual([id]);
  });

  it('finds nobody when the id is nobody`s', async () => {
    await saveMany(['a10']);
    expect(await listIds('external_id=a1')).toEqual([]);
  });

  it('overrules search_term', async () => {
    await saveMany(['a', 'b']);
    expect(await listIds('external_id=a&search_term=b')).toEqual(['a']);
  });

  it('is ignored before 1.49, so that everybody comes back', async () => {
    await save(release148, { external_id: 'a' });
    await save(release148, { external_id: 'b' });
    expect(await listIds('external_id=a', release148)).toEqual(['b', 'a']);
  });
});

// lago-api, customers_query.rb and app/contracts/queries/customers_query_filters_contract.rb
describe('other filters', () => {
  beforeEach(async () => {
    await save(lago, { external_id: 'a1', name: 'Foo Bar', country: 'US', currency: 'USD', customer_type: 'company' });
    await save(lago, {
      external_id: 'a10',
      email: 'FOO@example.com',
      country: 'FR',
      zipcode: '75001',
      billing_entity_code: 'acme_eu',
      tax_identification_number: '1',
      metadata: [{ key: 'synced', value: 'yes' }],
    });
    await save(lago, { external_id: 'b', state: 'CA' });
  });

  it.each([
    ['search_term=a1', ['a10', 'a1']],
    ['search_term=foo', ['a10', 'a1']],
    ['search_term=oo%20b', ['a1']],
    ['search_term=%25', []],
    ['countries[]=US&countries[]=FR', ['a10', 'a1']],
    ['countries=US', ['b', 'a10', 'a1']],
    ['states[]=CA', ['b']],
    ['zipcodes[]=75001', ['a10']],
    ['currencies[]=USD', ['a1']],
    ['customer_type=company', ['a1']],
    ['has_customer_type=false', ['b', 'a10']],
    ['has_tax_identification_number=true', ['a10']],
    ['account_type[]=partner', []],
    ['billing_entity_codes[]=acme_eu', ['a10']],
    ['metadata[synced]=yes', ['a10']],
    ['metadata[synced]=', ['b', 'a1']],
    ['email=foo@example.com', ['b', 'a10', 'a1']],
  ])('?%s', async (query, ids) => {
    expect(await listIds(query)).toEqual(ids);
  });

  it.each([
    ['account_type[]=robot', { account_type: { 0: ['must be one of: customer, partner'] } }],
    ['countries[]=US&countries[]=XX', { countries: { 1: [expect.stringMatching(/^must be one of: AD, AE, .*XK$/)] } }],
    ['currencies[]=usd', { currencies: { 0: [expect.stringMatching(/^must be one of: AED, AFN, .*ZMW$/)] } }],
    ['has_tax_identification_number=maybe', { has_tax_identification_number: ['must be one of: true, false'] }],
    [
      'has_customer_type=false&customer_type=company',
      { customer_type: ['must be nil when has_customer_type is false'] },
    ],
  ])('?%s is refused', async (query, details) => {
    expect(await call(lago, 'GET', `/customers?${query}`)).toEqual(refused(details));
  });

  it('answers 404 for an unknown billing entity', async () => {
    expect(await call(lago, 'GET', '/customers?billing_entity_codes[]=nope')).toMatchObject({
      status: 404,
      body: { code: 'billing_entity_not_found' },
    });
  });
});
