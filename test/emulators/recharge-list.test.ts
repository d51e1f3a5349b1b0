import { describe, expect, it } from 'vitest';
import type { RechargeEmulator } from '../../emulators/recharge.js';
import { NIELS, startRecharge } from './recharge-client.js';

function seedMany(emulator: RechargeEmulator, count: number): number[] {
  return Array.from({ length: count }, (_, index) => emulator.seed({ email: `c${index}@test.example` }).id);
}

function idsOf(body: unknown): unknown[] {
  const { customers = [] } = Object(body);
  return customers.map((customer: { id: number }) => customer.id);
}

describe('finding a customer', () => {
  // RechargeSharp and Nango template: GET /customers?email=
  it('finds by e-mail in any case', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    emulator.seed({ email: 'aage@test.example' });
    const { status, body } = await send('GET', '/customers?email=NIELS%40test.example&limit=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ next_cursor: null, previous_cursor: null, customers: [{ id }] });
    expect(idsOf(body)).toHaveLength(1);
  });

  it('finds by e-mail in its own case only when the options say so', async () => {
    const { emulator, send } = await startRecharge({ emailFilter: 'case-sensitive' });
    const { id } = emulator.seed(NIELS);
    const other = await send('GET', '/customers?email=NIELS%40test.example');
    const same = await send('GET', '/customers?email=niels%40test.example');
    expect(idsOf(other.body)).toEqual([]);
    expect(idsOf(same.body)).toEqual([id]);
  });

  it('answers 200 with an empty list when nobody matches', async () => {
    const { send } = await startRecharge();
    const { status, body } = await send('GET', '/customers?email=nobody%40test.example');
    expect(status).toBe(200);
    expect(body).toEqual({ next_cursor: null, previous_cursor: null, customers: [] });
  });

  it('does not take part of an e-mail for the whole', async () => {
    const { emulator, send } = await startRecharge();
    emulator.seed(NIELS);
    const { body } = await send('GET', '/customers?email=niels');
    expect(idsOf(body)).toEqual([]);
  });

  it('reads an unencoded + in an e-mail as a space', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed({ email: 'niels+a@test.example' });
    const raw = await send('GET', '/customers?email=niels+a@test.example');
    const encoded = await send('GET', '/customers?email=niels%2Ba%40test.example');
    expect(idsOf(raw.body)).toEqual([]);
    expect(idsOf(encoded.body)).toEqual([id]);
  });

  it('finds two records that share an e-mail', async () => {
    const { emulator, send } = await startRecharge();
    const first = emulator.seed(NIELS);
    const second = emulator.seed(NIELS);
    const { body } = await send('GET', '/customers?email=niels%40test.example');
    expect(idsOf(body)).toEqual([second.id, first.id]);
  });

  // Nango template: three customers of 2025-01 carry 8156483977392, 8156483977392 and 8156483977392p
  it('finds every customer that shares an external id, which is neither unique nor checked', async () => {
    const { emulator, send } = await startRecharge();
    const external = { external_customer_id: { ecommerce: '8156483977392' } };
    await send('POST', '/customers', { ...NIELS, ...external });
    const second = await send('POST', '/customers', { ...NIELS, ...external, email: 'aage@test.example' });
    emulator.seed({ email: 'other@test.example', external_customer_id: { ecommerce: '8156483977392p' } });
    const { body } = await send('GET', '/customers?external_customer_id=8156483977392');
    expect(second.status).toBe(201);
    expect(idsOf(body)).toHaveLength(2);
  });

  it('finds by shopify_customer_id under 2021-01', async () => {
    const { emulator, sendUnversioned } = await startRecharge();
    const { id } = emulator.seed({ ...NIELS, external_customer_id: { ecommerce: '7' } });
    emulator.seed({ email: 'aage@test.example' });
    const { body } = await sendUnversioned('GET', '/customers?shopify_customer_id=7');
    expect(idsOf(body)).toEqual([id]);
  });

  it('finds by ids and by hash', async () => {
    const { emulator, send } = await startRecharge();
    const [first, second, third] = seedMany(emulator, 3);
    const hash = emulator.customers()[1]?.hash;
    const byIds = await send('GET', `/customers?ids=${first},${third},1`);
    const byHash = await send('GET', `/customers?hash=${hash}`);
    expect(idsOf(byIds.body)).toEqual([third, first]);
    expect(idsOf(byHash.body)).toEqual([second]);
  });

  it('finds only who meets every filter', async () => {
    const { emulator, send } = await startRecharge();
    emulator.seed({ ...NIELS, external_customer_id: { ecommerce: '7' } });
    const { body } = await send('GET', '/customers?email=niels%40test.example&external_customer_id=8');
    expect(idsOf(body)).toEqual([]);
  });

  it('filters by creation and update time', async () => {
    let time = Date.UTC(2026, 10, 20, 12);
    const { emulator, send } = await startRecharge({ now: () => time });
    const [first] = seedMany(emulator, 1);
    time += 3_600_000;
    const [second] = seedMany(emulator, 1);
    await send('PUT', `/customers/${first}`, { first_name: 'Aage' });
    const created = await send('GET', '/customers?created_at_max=2026-11-20T12:30:00');
    const updated = await send('GET', '/customers?updated_at_min=2026-11-20T13:00:00%2B00:00');
    expect(idsOf(created.body)).toEqual([first]);
    expect(idsOf(updated.body)).toEqual([second, first]);
  });
});

// Recharge guide "Using cursor pagination": 50 by default, 250 at most, cursors in the body or in the Link header
describe('paging', () => {
  it('lists newest first, 50 at a time', async () => {
    const { emulator, send } = await startRecharge();
    const ids = seedMany(emulator, 51);
    const { body } = await send('GET', '/customers');
    expect(idsOf(body)).toEqual(ids.toReversed().slice(0, 50));
  });

  it('goes through everybody and back by cursors', async () => {
    const { emulator, send } = await startRecharge();
    const ids = seedMany(emulator, 5).toReversed();
    const first = await send('GET', '/customers?limit=2');
    const second = await send('GET', `/customers?limit=2&cursor=${cursorOf(first.body, 'next_cursor')}`);
    const third = await send('GET', `/customers?limit=2&cursor=${cursorOf(second.body, 'next_cursor')}`);
    const back = await send('GET', `/customers?limit=2&cursor=${cursorOf(third.body, 'previous_cursor')}`);
    expect([first, second, third].flatMap(({ body }) => idsOf(body))).toEqual(ids);
    expect(first.body).toMatchObject({ previous_cursor: null });
    expect(third.body).toMatchObject({ next_cursor: null });
    expect(back.body).toEqual(second.body);
  });

  it('keeps the filter and the order of the first page behind the cursor', async () => {
    const { emulator, send } = await startRecharge();
    const shared = { external_customer_id: { ecommerce: 'shared' } };
    const ids = [1, 2, 3].map((number) => emulator.seed({ email: `s${number}@test.example`, ...shared }).id);
    seedMany(emulator, 3);
    const first = await send('GET', '/customers?external_customer_id=shared&sort_by=id-asc&limit=2');
    const second = await send('GET', `/customers?limit=2&cursor=${cursorOf(first.body, 'next_cursor')}`);
    expect([first, second].flatMap(({ body }) => idsOf(body))).toEqual(ids);
  });

  it('neither repeats nor loses a customer when another is created in between', async () => {
    const { emulator, send } = await startRecharge();
    const ids = seedMany(emulator, 4).toReversed();
    const first = await send('GET', '/customers?limit=2');
    emulator.seed(NIELS);
    const second = await send('GET', `/customers?limit=2&cursor=${cursorOf(first.body, 'next_cursor')}`);
    expect([first, second].flatMap(({ body }) => idsOf(body))).toEqual(ids);
  });

  it('puts the cursors of 2021-01 into the Link header', async () => {
    const { emulator, sendUnversioned } = await startRecharge();
    const ids = seedMany(emulator, 3).toReversed();
    const first = await sendUnversioned('GET', '/customers?limit=2');
    const link = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await sendUnversioned('GET', link.replace(emulator.url, ''));
    expect(Object.keys(Object(first.body))).toEqual(['customers']);
    expect([first, second].flatMap(({ body }) => idsOf(body))).toEqual(ids);
    expect(second.headers.get('link')).toMatch(/^<[^>]+>; rel="previous"$/);
  });

  it('sorts by update time', async () => {
    let time = 1_000_000;
    const { emulator, send } = await startRecharge({ now: () => time });
    const [first, second] = seedMany(emulator, 2);
    time += 1000;
    await send('PUT', `/customers/${first}`, { first_name: 'Aage' });
    const { body } = await send('GET', '/customers?sort_by=updated_at-desc');
    expect(idsOf(body)).toEqual([first, second]);
  });

  it('shows a change to a customer that was listed before', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    await send('GET', '/customers');
    await send('PUT', `/customers/${id}`, { first_name: 'Aage' });
    const { body } = await send('GET', '/customers');
    expect(body).toMatchObject({ customers: [{ id, first_name: 'Aage' }] });
  });

  it('goes to a page by number', async () => {
    const { emulator, send } = await startRecharge();
    const ids = seedMany(emulator, 5).toReversed();
    const { body } = await send('GET', '/customers?limit=2&page=2');
    expect(idsOf(body)).toEqual(ids.slice(2, 4));
  });

  // RechargeSharp: list-customers_422_invalid-cursor, list-addresses_422_updated-at-max-was-not-a-proper-date;
  // Airbyte changelog 1.1.1: no filters beside a cursor; Recharge changelog: no page past 100 since 2025-05-01
  it.each([
    ['cursor=nonsense', { cursor: ['Invalid value'] }],
    ['updated_at_max=test', { updated_at_max: ['Invalid date: test. Must be a valid ISO-8601 datetime string'] }],
    ['sort_by=name-asc', { sort_by: ['Invalid value'] }],
    ['ids=a,b', { ids: ['Invalid value'] }],
    ['limit=251', { limit: ['Must be between 1 and 250.'] }],
    ['page=101', { page: ['Must be between 1 and 100.'] }],
  ])('answers 422 to %s', async (query, errors) => {
    const { send } = await startRecharge();
    const { status, body } = await send('GET', `/customers?${query}`);
    expect(status).toBe(422);
    expect(body).toEqual({ errors });
  });

  it('answers 422 to a filter beside a cursor', async () => {
    const { emulator, send } = await startRecharge();
    seedMany(emulator, 3);
    const first = await send('GET', '/customers?limit=2');
    const cursor = cursorOf(first.body, 'next_cursor');
    const { status } = await send('GET', `/customers?limit=2&cursor=${cursor}&email=c1%40test.example`);
    expect(status).toBe(422);
  });
});

function cursorOf(body: unknown, name: 'next_cursor' | 'previous_cursor'): string {
  return encodeURIComponent(String(Object(body)[name]));
}
