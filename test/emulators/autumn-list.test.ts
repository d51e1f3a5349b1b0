import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

// What is said here about the server comes from its code at commit 187c0a7fd818 and from runs of it; the recorded
// scenarios themselves are in autumn-recordings.test.ts.

let autumn: AutumnUnderTest;

beforeEach(async () => {
  autumn = await openAutumn({ rateLimits: false });
});

afterEach(() => autumn.emulator.close());

const list = (body: object, version = '2.1') => autumn.call('customers.list', { body, version });
const refusal = (message: string, code = 'invalid_inputs') => ({ message, code, env: 'sandbox' });

/** Each a millisecond after the one before. */
async function create(...customers: readonly object[]): Promise<void> {
  for (const body of customers) {
    autumn.clock.now += 1;
    await autumn.call('customers.get_or_create', { body });
  }
}

function idsOf(body: unknown): unknown[] {
  return Reflect.get(Object(body), 'list').map((customer: unknown) => Reflect.get(Object(customer), 'id'));
}

function cursorOf(body: unknown): unknown {
  return Reflect.get(Object(body), 'next_cursor');
}

// Autumn server, CusService: ILIKE over id, name and e-mail.
describe('search', () => {
  beforeEach(() =>
    create(
      { customer_id: 'one', name: 'Wayne_Corp', email: 'w@example.com' },
      { customer_id: 'two', name: 'WayneXCorp', email: 'x@other.example' },
      { customer_id: 'three', name: '100%' },
    ),
  );

  it.each([
    ['WAYNE', ['two', 'one']],
    ['wayne_corp', ['two', 'one']],
    ['wayne\\_corp', ['one']],
    ['w%corp', ['two', 'one']],
    ['0\\%', ['three']],
    ['@other', ['two']],
    ['  three ', ['three']],
    ['.', ['two', 'one']],
    ['(', []],
  ])('for %j finds %j, whatever the case', async (search, ids) => {
    const { body } = await list({ search });

    expect(idsOf(body)).toEqual(ids);
    expect(body).toMatchObject({ total_count: 3, total_filtered_count: ids.length });
  });

  it('works with a cursor as well', async () => {
    const first = await list({ search: 'wayne', limit: 1 }, '2.3');
    const second = await list({ search: 'wayne', limit: 1, start_cursor: cursorOf(first.body) }, '2.3');

    expect([idsOf(first.body), idsOf(second.body)]).toEqual([['two'], ['one']]);
    expect(cursorOf(second.body)).toBeNull();
  });

  it('fails in the database for a NUL', async () => {
    expect(await list({ search: '\0' })).toMatchObject({ status: 500, body: { code: 'internal_error' } });
  });
});

describe('filters', () => {
  it('find nobody by plan and, by processor, those with a Stripe id', async () => {
    await create({ customer_id: 'a' }, { customer_id: 'b', stripe_id: 'cus_b' });

    expect((await list({ plans: [{ id: 'pro' }] })).body).toMatchObject({
      list: [],
      total_count: 2,
      total_filtered_count: 0,
    });
    expect(idsOf((await list({ processors: ['stripe', 'vercel'] })).body)).toEqual(['b']);
    expect(idsOf((await list({ subscription_status: 'active' })).body)).toEqual(['b', 'a']);
  });

  it.each([
    [{ subscription_status: 'gone' }, 'subscription_status: must be one of: active, scheduled'],
    [{ processors: ['paypal'] }, 'processors.0: must be one of: stripe, revenuecat, vercel'],
    [{ plans: ['pro'] }, 'plans.0: Invalid input: expected object, received string'],
  ])('refuse %j', async (body, message) => {
    expect((await list(body)).body).toEqual(refusal(message));
  });
});

describe('the limit', () => {
  it.each([
    ['2.1', 1001, refusal('limit: Too big: expected number to be <=1000')],
    ['2.3', 1001, refusal('limit 1001 exceeds max of 1000 for this org', 'invalid_request')],
    ['2.3', 5001, refusal('limit: Too big: expected number to be <=5000')],
    ['2.3', 0, refusal('limit: Too small: expected number to be >=1')],
  ])('on version %s refuses %d', async (version, limit, body) => {
    expect(await list({ limit }, version)).toMatchObject({ status: 400, body });
  });

  it('is 10 by default up to version 2.2 and 50 from 2.3', async () => {
    await create(...Array.from({ length: 60 }, (_, index) => ({ customer_id: `c${index}` })));

    expect(idsOf((await list({})).body)).toHaveLength(10);
    expect(idsOf((await list({}, '2.3')).body)).toHaveLength(50);
  });
});

describe('the cursor', () => {
  it('is base64url JSON of the last id and its creation time', async () => {
    await create({ customer_id: 'a' }, { customer_id: 'b' });
    const { body } = await list({ limit: 1 }, '2.3');

    expect(JSON.parse(Buffer.from(String(cursorOf(body)), 'base64url').toString())).toEqual({
      v: 0,
      id: 'b',
      t: autumn.clock.now,
    });
  });

  it('tells customers of one millisecond apart by their ids', async () => {
    await autumn.call('customers.get_or_create', { body: { customer_id: 'a' } });
    await autumn.call('customers.get_or_create', { body: { customer_id: 'b' } });
    const first = await list({ limit: 1 }, '2.3');

    expect(idsOf(first.body)).toEqual(['b']);
    expect(idsOf((await list({ start_cursor: cursorOf(first.body) }, '2.3')).body)).toEqual(['a']);
  });

  // PostgreSQL: nulls come first downwards and last upwards.
  it('goes over id-less customers of the same millisecond in both directions', async () => {
    await autumn.call('customers.get_or_create', { body: { customer_id: 'a' } });
    await autumn.call('customers.get_or_create', { body: { customer_id: null, email: 'n@example.com' } });
    const upwards = await list({ sort_order: 'asc', limit: 1 }, '2.3');
    const rest = await list({ sort_order: 'asc', limit: 1, start_cursor: cursorOf(upwards.body) }, '2.3');

    expect([idsOf(upwards.body), idsOf(rest.body)]).toEqual([['a'], [null]]);
    expect(idsOf((await list({}, '2.3')).body)).toEqual([null, 'a']);
  });

  it('goes upwards with sort_order asc and keeps to a range of creation times', async () => {
    await create({ customer_id: 'a' }, { customer_id: 'b' }, { customer_id: 'c' }, { customer_id: 'd' });
    const end = autumn.clock.now - 1;
    const first = await list({ sort_order: 'asc', limit: 2, created_at_range: { end } }, '2.3');
    const second = await list(
      { sort_order: 'asc', start_cursor: cursorOf(first.body), created_at_range: { end } },
      '2.3',
    );

    expect([idsOf(first.body), idsOf(second.body)]).toEqual([['a', 'b'], ['c']]);
    expect(idsOf((await list({ created_at_range: { start: end } }, '2.3')).body)).toEqual(['d', 'c']);
  });

  it('does not show customers that came after the first page, and skips none', async () => {
    await create({ customer_id: 'a' }, { customer_id: 'b' }, { customer_id: 'c' });
    const first = await list({ limit: 2 }, '2.3');
    await create({ customer_id: 'd' });
    await autumn.call('customers.delete', { body: { customer_id: 'b' } });

    expect(idsOf((await list({ limit: 2, start_cursor: cursorOf(first.body) }, '2.3')).body)).toEqual(['a']);
  });

  // Autumn server, CusBatchService.getCursorPage: next_cursor needs an id.
  it('ends at a page whose last customer has no id, although there are more', async () => {
    await create({ customer_id: 'a' }, { customer_id: null, email: 'n@example.com' }, { customer_id: 'b' });
    const { body } = await list({ limit: 2 }, '2.3');

    expect(idsOf(body)).toEqual(['b', null]);
    expect(cursorOf(body)).toBeNull();
  });

  it.each([
    ['no JSON', Buffer.from('x').toString('base64url'), /^cursor payload is not valid JSON$/],
    ['other fields', Buffer.from('{"v":1}').toString('base64url'), /^cursor shape mismatch: /],
  ])('with %s is refused', async (_what, start_cursor, message) => {
    expect(await list({ start_cursor }, '2.3')).toMatchObject({
      status: 400,
      body: { code: 'invalid_cursor', message: expect.stringMatching(message) },
    });
  });
});

it('sorts customers of one millisecond anew after a rename', async () => {
  for (const customer_id of ['a', 'b']) await autumn.call('customers.get_or_create', { body: { customer_id } });
  const before = idsOf((await list({})).body);
  await autumn.call('customers.update', { body: { customer_id: 'a', new_customer_id: 'z' } });

  expect([before, idsOf((await list({})).body)]).toEqual([
    ['b', 'a'],
    ['z', 'b'],
  ]);
});

it('lists a renamed and an updated customer as they are now, at their old places', async () => {
  await create({ customer_id: 'a' }, { customer_id: 'b' });
  await autumn.call('customers.update', { body: { customer_id: 'a', new_customer_id: 'z', name: 'Z' } });

  expect((await list({})).body).toMatchObject({ list: [{ id: 'b' }, { id: 'z', name: 'Z' }] });
});
