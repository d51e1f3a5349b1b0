import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StripeEmulator, startEmulator } from '../../emulators/stripe.js';
import { during } from '../core/upsert/flow.js';
import { clientOf } from './stripe-client.js';

let emulator: StripeEmulator;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
  client = clientOf(emulator);
});
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

async function created(form: string): Promise<string> {
  const { body } = await client.create(form);
  return String(body['id']);
}

const update = (id: string, form: string) => client.send('POST', `/v1/customers/${id}`, { form });
const get = (id: string) => client.send('GET', `/v1/customers/${id}`);

describe('a create', () => {
  it('answers 200 with the customer, its unset fields as null', async () => {
    const { status, body } = await client.create('name=Acme&metadata[plan]=gold&preferred_locales[0]=de');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'customer',
      name: 'Acme',
      email: null,
      address: null,
      shipping: null,
      metadata: { plan: 'gold' },
      preferred_locales: ['de'],
      tax_exempt: 'none',
      livemode: false,
    });
  });

  it('makes two customers of two equal requests without a key', async () => {
    await client.create('email=a@b.example');
    await client.create('email=a@b.example');
    expect(emulator.customers()).toHaveLength(2);
  });

  it.each([
    ['a field that does not exist', 'nme=Acme', { code: 'parameter_unknown', param: 'nme' }],
    ['an e-mail address that is none', 'email=joe', { code: 'email_invalid', param: 'email' }],
    ['a name of 257 characters', `name=${'x'.repeat(257)}`, { param: 'name' }],
    ['a tax status that does not exist', 'tax_exempt=yes', { param: 'tax_exempt' }],
    ['a recipient without an address', 'shipping[name]=Joe', { code: 'parameter_missing', param: 'shipping[address]' }],
    [
      'a delivery address without a recipient',
      'shipping[address][line1]=x',
      { code: 'parameter_missing', param: 'shipping[name]' },
    ],
    ['a part of an address that does not exist', 'address[street]=x', { param: 'address[street]' }],
    ['an address that is text', 'address=x', { message: 'Invalid object', param: 'address' }],
    ['a metadata key of 41 characters', `metadata[${'k'.repeat(41)}]=x`, { param: 'metadata' }],
    ['a metadata value of 501 characters', `metadata[k]=${'v'.repeat(501)}`, { param: 'metadata[k]' }],
    ['51 metadata keys', Array.from({ length: 51 }, (_, n) => `metadata[k${n}]=x`).join('&'), { param: 'metadata' }],
  ])('refuses %s', async (_, form, error) => {
    const { status, body } = await client.create(form);
    expect([status, body.error?.['type']]).toEqual([400, 'invalid_request_error']);
    expect(body.error).toMatchObject(error);
    expect(emulator.customers()).toEqual([]);
  });

  it('refuses JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await client.send('POST', '/v1/customers', { form: '{"name":"x"}', headers });
    expect([status, body.error?.['message']]).toEqual([400, expect.stringContaining('x-www-form-urlencoded')]);
  });
});

describe('an update', () => {
  it('leaves alone what is not sent', async () => {
    const id = await created('name=Acme&email=a@b.example');
    expect(await update(id, 'name=Acme+AG')).toMatchObject({ body: { name: 'Acme AG', email: 'a@b.example' } });
  });

  it('unsets what is sent empty', async () => {
    const id = await created('name=Acme&email=a@b.example&address[city]=Bonn&metadata[a]=1&tax_exempt=exempt');
    const { body } = await update(id, 'name=&email=&address=&metadata[a]=&tax_exempt=');
    expect(body).toMatchObject({ name: null, email: null, address: null, metadata: {}, tax_exempt: 'none' });
  });

  it('merges metadata by key, and unsets all of it at once', async () => {
    const id = await created('metadata[a]=1&metadata[b]=2');
    expect(await update(id, 'metadata[b]=3&metadata[c]=4')).toMatchObject({
      body: { metadata: { a: '1', b: '3', c: '4' } },
    });
    expect((await update(id, 'metadata=')).body).toMatchObject({ metadata: {} });
  });

  it('replaces the delivery as a whole', async () => {
    const id = await created(
      'shipping[name]=Joe&shipping[phone]=%2B1&shipping[address][city]=Bonn&shipping[address][country]=DE',
    );
    const { body } = await update(id, 'shipping[name]=Ada&shipping[address][city]=Köln');
    expect(body['shipping']).toMatchObject({ name: 'Ada', phone: null, address: { city: 'Köln', country: null } });
  });

  it.each([
    ['replace', null],
    ['merge', 'DE'],
  ] as const)('may %s an address, as the option says', async (addressUpdates, country) => {
    const other = await during(startEmulator({ addressUpdates }));
    const { create, send } = clientOf(other);
    const { body } = await create('address[city]=Bonn&address[country]=DE');
    const updated = await send('POST', `/v1/customers/${body['id']}`, { form: 'address[city]=Ulm' });
    expect(updated.body).toMatchObject({ address: { city: 'Ulm', country } });
  });

  it('takes no field that counts on create only', async () => {
    const id = await created('name=Acme&test_clock=clock_1');
    expect(await update(id, 'test_clock=clock_2')).toMatchObject({ status: 400 });
  });
});

describe('a deleted customer', () => {
  it('is answered with 200 and deleted: true, and cannot be written', async () => {
    const id = await created('name=Acme');
    const deleted = { id, object: 'customer', deleted: true };
    expect(await client.send('DELETE', `/v1/customers/${id}`)).toMatchObject({ status: 200, body: deleted });
    expect((await get(id)).body).toEqual(deleted);
    expect(await update(id, 'name=x')).toMatchObject({
      status: 404,
      body: { error: { code: 'resource_missing', param: 'id', message: `No such customer: '${id}'` } },
    });
    expect(emulator.customers()).toEqual([]);
  });

  it('is another answer than one who never was', async () => {
    expect(await get('cus_nobody')).toMatchObject({ status: 404, body: { error: { code: 'resource_missing' } } });
  });
});

describe('the list', () => {
  const list = async (query: string) => (await client.send('GET', `/v1/customers?${query}`)).body;

  it('shows the newest first, 10 unless asked for more, and goes on after a customer', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 12; count += 1) ids.unshift(await created(`name=c${count}`));
    const first = await list('');
    expect([first['has_more'], first.data?.map(({ id }) => id)]).toEqual([true, ids.slice(0, 10)]);
    const second = await list(`limit=100&starting_after=${ids[9]}`);
    expect([second['has_more'], second.data?.map(({ id }) => id)]).toEqual([false, ids.slice(10)]);
  });

  it('compares e-mail addresses exactly', async () => {
    const id = await created('email=Joe@b.example');
    expect((await list('email=joe@b.example')).data).toEqual([]);
    expect((await list('email=Joe@b.example')).data?.map((one) => one.id)).toEqual([id]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x'])('refuses %s', async (query) => {
    expect(await list(query)).toMatchObject({ error: { param: 'limit' } });
  });

  it('refuses to go on after nobody', async () => {
    expect(await client.send('GET', '/v1/customers?starting_after=cus_x')).toMatchObject({
      status: 400,
      body: { error: { code: 'resource_missing', param: 'starting_after' } },
    });
  });
});
