import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

// What is said here about the server comes from its code at commit 187c0a7fd818 and from runs of it; the recorded
// scenarios themselves are in autumn-recordings.test.ts.

const NO_STRIPE =
  'There is no Stripe account linked to this organization. Please connect it here: https://app.useautumn.com/sandbox/dev?tab=stripe';

let autumn: AutumnUnderTest;

beforeEach(async () => {
  autumn = await openAutumn({ rateLimits: false });
});

afterEach(() => autumn.emulator.close());

const getOrCreate = (body: object) => autumn.call('customers.get_or_create', { body });
const update = (body: object) => autumn.call('customers.update', { body });
const get = (body: object) => autumn.call('customers.get', { body });
const refusal = (message: string, code = 'invalid_inputs') => ({ message, code, env: 'sandbox' });

/** An id-less customer's internal id. */
async function createIdless(email: string): Promise<string> {
  await getOrCreate({ customer_id: null, email });
  const { body } = await getOrCreate({ customer_id: null, email, with_autumn_id: true });
  return Reflect.get(Object(body), 'autumn_id');
}

// Autumn server, createWithDefaults: the row is committed before Stripe is asked.
describe('creating with Stripe options in an organisation without Stripe', () => {
  it.each([
    ['create_in_stripe', { create_in_stripe: true }, { stripe_id: null }],
    [
      'stripe_id',
      { stripe_id: 'cus_stripe' },
      { stripe_id: 'cus_stripe', processors: { stripe: { id: 'cus_stripe' } } },
    ],
  ])('answers 400 for %s and stores the customer all the same', async (_option, fields, stored) => {
    const answer = await getOrCreate({ customer_id: 'a', email: 's@example.com', ...fields });

    expect(answer).toMatchObject({ status: 400, body: refusal(NO_STRIPE, 'invalid_request') });
    expect((await get({ customer_id: 'a' })).body).toMatchObject({ id: 'a', email: 's@example.com', ...stored });
    expect((await getOrCreate({ customer_id: 'a' })).status).toBe(200);
  });

  it('asks Stripe for an existing customer too when create_in_stripe is set', async () => {
    await getOrCreate({ customer_id: 'a' });

    expect((await getOrCreate({ customer_id: 'a', create_in_stripe: true })).body).toEqual(
      refusal(NO_STRIPE, 'invalid_request'),
    );
  });

  // Autumn server, updateCustomer: Stripe is told before the database.
  it('refuses every update of a customer with a Stripe id until that is cleared', async () => {
    await getOrCreate({ customer_id: 'a', stripe_id: 'cus_stripe' });

    expect((await update({ customer_id: 'a', metadata: { k: 1 } })).body).toEqual(
      refusal(NO_STRIPE, 'invalid_request'),
    );
    expect((await update({ customer_id: 'a', stripe_id: null })).body).toMatchObject({ stripe_id: null });
    expect((await update({ customer_id: 'a', metadata: { k: 1 } })).body).toMatchObject({ metadata: { k: 1 } });
  });

  it('refuses to link one by update, and changes nothing', async () => {
    await getOrCreate({ customer_id: 'a', name: 'A' });

    expect((await update({ customer_id: 'a', stripe_id: 'cus_x', name: 'B' })).status).toBe(400);
    expect((await get({ customer_id: 'a' })).body).toMatchObject({ name: 'A', stripe_id: null });
  });

  it('needs Stripe for expand: payment_method, and not for what it stores itself', async () => {
    await getOrCreate({ customer_id: 'a' });

    expect((await get({ customer_id: 'a', expand: ['payment_method'] })).body).toEqual(
      refusal(NO_STRIPE, 'invalid_request'),
    );
    expect((await get({ customer_id: 'a', expand: 'invoices,entities' })).body).toMatchObject({
      invoices: [],
      entities: [],
    });
  });
});

describe('create-only options', () => {
  it.each([
    ['an unknown plan', { auto_enable_plan_id: 'pro' }, 404, refusal('Product pro not found', 'product_not_found')],
    [
      'a currency in an organisation with one currency',
      { currency: 'eur' },
      400,
      refusal('Multi-currency is not enabled for this organization', 'invalid_request'),
    ],
    ['an unknown currency', { currency: 'xyz' }, 400, refusal('currency: must be a Stripe-supported currency code')],
  ])('creates nothing for %s', async (_what, fields, status, body) => {
    expect(await getOrCreate({ customer_id: 'a', ...fields })).toMatchObject({ status, body });
    expect(autumn.emulator.customers()).toEqual([]);
  });

  it('are ignored for an existing customer, currency included', async () => {
    await getOrCreate({ customer_id: 'a' });

    expect((await getOrCreate({ customer_id: 'a', currency: 'eur', auto_enable_plan_id: 'pro' })).status).toBe(200);
    expect((await update({ customer_id: 'a', currency: 'EUR' })).status).toBe(200);
  });
});

// Autumn server, CusService.insertOrClaimEmail.
describe('id-less customers', () => {
  it('are found again by e-mail whatever its case', async () => {
    const internalId = await createIdless('A@Example.com');
    const again = await getOrCreate({
      customer_id: null,
      email: 'a@example.COM',
      name: 'Filled',
      with_autumn_id: true,
    });

    expect(again.body).toMatchObject({ autumn_id: internalId, id: null, email: 'A@Example.com', name: 'Filled' });
  });

  it('are claimed by the first new id that comes with their e-mail; the next id gets a customer of its own', async () => {
    const internalId = await createIdless('a@example.com');
    const [first, second] = [
      await getOrCreate({ customer_id: 'one', email: 'a@example.com', with_autumn_id: true }),
      await getOrCreate({ customer_id: 'two', email: 'a@example.com', with_autumn_id: true }),
    ];

    expect(first.body).toMatchObject({ autumn_id: internalId, id: 'one' });
    expect(second.body).not.toMatchObject({ autumn_id: internalId });
    expect(autumn.emulator.customers()).toHaveLength(2);
  });

  it('are not the customer with an id and the same e-mail', async () => {
    await getOrCreate({ customer_id: 'one', email: 'a@example.com' });
    await getOrCreate({ customer_id: null, email: 'a@example.com' });

    expect(autumn.emulator.customers().map(({ id }) => id)).toEqual(['one', null]);
  });

  it('are read, updated and given an id by their internal id', async () => {
    const internalId = await createIdless('a@example.com');

    expect((await get({ customer_id: internalId })).body).toMatchObject({ id: null, email: 'a@example.com' });
    expect((await update({ customer_id: internalId, new_customer_id: 'named' })).body).toMatchObject({ id: 'named' });
    expect((await get({ customer_id: 'named' })).body).toMatchObject({ email: 'a@example.com' });
  });

  it('cannot take the e-mail of another id-less one: 500 in the words of the database', async () => {
    await createIdless('a@example.com');
    const other = await createIdless('b@example.com');
    const answer = await update({ customer_id: other, email: 'A@example.com' });

    expect(answer.status).toBe(500);
    expect(answer.body).toEqual(
      refusal('duplicate key value violates unique constraint "customers_email_null_id_unique"', 'internal_error'),
    );
  });
});

describe('metadata', () => {
  it('keeps null on create and deletes by it on update', async () => {
    expect((await getOrCreate({ customer_id: 'a', metadata: { n: null, o: { p: 1 } } })).body).toMatchObject({
      metadata: { n: null, o: { p: 1 } },
    });
    expect((await update({ customer_id: 'a', metadata: { n: null, o: { q: 2 } } })).body).toMatchObject({
      metadata: { o: { q: 2 } },
    });
  });

  it('is refused when it has a key named constructor', async () => {
    const answer = await getOrCreate({ customer_id: 'a', metadata: { constructor: 'x' } });

    expect(answer.body).toEqual(refusal('metadata: Invalid input: expected record, received object'));
  });

  it('loses a key named __proto__, makes null of a number that overflows and rounds a long integer', async () => {
    const text =
      '{"customer_id":"a","metadata":{"__proto__":{},"big":1e400,"long":9007199254740993,"o":{"__proto__":{},"p":1}}}';
    await autumn.call('customers.get_or_create', { text });

    expect(autumn.emulator.customers()[0]?.metadata).toEqual({ big: null, long: 9007199254740992, o: { p: 1 } });
    expect(JSON.stringify(autumn.emulator.customers())).not.toContain('__proto__');
  });

  // PostgreSQL jsonb: shorter keys first, then by bytes.
  it('comes back in the order of jsonb', async () => {
    const { body } = await getOrCreate({ customer_id: 'a', metadata: { bbb: 1, é: 2, a: { zz: 1, y: 2 } } });

    expect(JSON.stringify(Reflect.get(Object(body), 'metadata'))).toBe('{"a":{"y":2,"zz":1},"é":2,"bbb":1}');
  });
});

// PostgreSQL's refusals are passed on as 500 internal_error; they do not go away by trying again.
describe('values that the database cannot store', () => {
  it.each([
    ['NUL in the name', { name: 'a\0b' }, 'invalid byte sequence for encoding "UTF8": 0x00'],
    ['NUL in metadata', { metadata: { k: ['\0'] } }, 'unsupported Unicode escape sequence'],
    ['NUL in a key of metadata', { metadata: { '\0': 1 } }, 'unsupported Unicode escape sequence'],
    ['a lone surrogate in metadata', { metadata: { k: '\ud800' } }, 'invalid input syntax for type json'],
  ])('answers 500 for %s, on create and on update', async (_what, fields, message) => {
    await getOrCreate({ customer_id: 'known' });

    for (const answer of [
      await getOrCreate({ customer_id: 'a', ...fields }),
      await update({ customer_id: 'known', ...fields }),
    ]) {
      expect(answer).toMatchObject({ status: 500, body: refusal(message, 'internal_error') });
    }
    expect(autumn.emulator.customers()).toMatchObject([{ id: 'known', name: null, metadata: {} }]);
  });

  // Inferred: the driver writes text as UTF-8, which has no lone surrogates.
  it('replaces a lone surrogate in the name', async () => {
    expect((await getOrCreate({ customer_id: 'a', name: 'x\ud800' })).body).toMatchObject({ name: 'x\ufffd' });
  });

  it('takes an id of 3,000 equal characters and fails on one of 3,000 random ones', async () => {
    expect((await getOrCreate({ customer_id: 'x'.repeat(3000) })).status).toBe(200);
    expect(await getOrCreate({ customer_id: randomBytes(1500).toString('hex') })).toMatchObject({
      status: 500,
      body: {
        code: 'internal_error',
        message: expect.stringMatching(/^index row size \d+ exceeds btree version 4 maximum/),
      },
    });
  });
});

// The read cache is emptied under the id that the write was addressed by.
describe('reading after a write by the internal id', () => {
  it('shows the old customer under its own id until the next write by that id', async () => {
    const { body } = await getOrCreate({ customer_id: 'a', name: 'Old', with_autumn_id: true });
    const internalId = Reflect.get(Object(body), 'autumn_id');
    const nameBy = async (customer_id: string) => Reflect.get(Object((await get({ customer_id })).body), 'name');

    expect((await update({ customer_id: internalId, name: 'New' })).body).toMatchObject({ name: 'New' });
    expect([await nameBy('a'), await nameBy(internalId)]).toEqual(['Old', 'New']);
    expect((await getOrCreate({ customer_id: 'a' })).body).toMatchObject({ name: 'Old' });

    await update({ customer_id: 'a', metadata: { k: 1 } });
    expect(await nameBy('a')).toBe('New');
  });

  it('shows it for three days at most', async () => {
    const { body } = await getOrCreate({ customer_id: 'a', name: 'Old', with_autumn_id: true });
    await update({ customer_id: Reflect.get(Object(body), 'autumn_id'), name: 'New' });
    autumn.clock.now += 3 * 24 * 60 * 60 * 1000;

    expect((await get({ customer_id: 'a' })).body).toMatchObject({ name: 'New' });
  });
});

describe('deleting by the internal id', () => {
  it('is seen at once under both ids', async () => {
    const internalId = await createIdless('a@example.com');
    await getOrCreate({ customer_id: 'a', email: 'a@example.com' });

    expect((await autumn.call('customers.delete', { body: { customer_id: internalId } })).body).toEqual({
      success: true,
    });
    for (const customer_id of ['a', internalId]) expect((await get({ customer_id })).status).toBe(404);
  });
});

describe('renaming', () => {
  it('to the id a customer has already changes nothing', async () => {
    await getOrCreate({ customer_id: 'a' });

    expect((await update({ customer_id: 'a', new_customer_id: 'a', name: 'A' })).body).toMatchObject({
      id: 'a',
      name: 'A',
    });
  });

  it('to the internal id of another customer is refused as taken', async () => {
    await getOrCreate({ customer_id: 'a' });
    const { body } = await getOrCreate({ customer_id: 'b', with_autumn_id: true });

    expect((await update({ customer_id: 'a', new_customer_id: Reflect.get(Object(body), 'autumn_id') })).status).toBe(
      409,
    );
  });
});
