import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { refused, save, stored, upsert } from './lago-client.js';

const clock = { now: Date.parse('2026-11-20T10:00:00Z') };
const lago = await startEmulator({ rateLimits: false, now: () => clock.now });
const before1172 = await startEmulator({ rateLimits: false, metadataValueLimit: 40 });

beforeEach(() => {
  clock.now = Date.parse('2026-11-20T10:00:00Z');
  lago.reset();
  before1172.reset();
});
afterAll(() => Promise.all([lago.close(), before1172.close()]));

/** A customer with two items, and the ids of those. */
async function saveTwo(): Promise<{ crm: string; plan: string }> {
  const { metadata } = await save(lago, {
    external_id: 'a',
    metadata: [
      { key: 'crm_id', value: '1', display_in_invoice: true },
      { key: 'plan', value: 'pro' },
    ],
  });
  const [crm, plan] = metadata.map(({ lago_id }) => lago_id);
  return { crm: crm ?? '', plan: plan ?? '' };
}

// lago-api, app/services/customers/metadata/update_service.rb
describe('replacing metadata', () => {
  it('updates the rows whose id is sent, adds the others and deletes the rest', async () => {
    const { crm } = await saveTwo();
    clock.now += 60_000;
    const saved = await save(lago, {
      external_id: 'a',
      metadata: [
        { id: crm, key: 'crm', value: '2', display_in_invoice: true },
        { key: 'region', value: 'EU' },
      ],
    });
    expect(saved.metadata).toEqual([
      { lago_id: crm, key: 'crm', value: '2', display_in_invoice: true, created_at: '2026-11-20T10:00:00Z' },
      expect.objectContaining({ key: 'region', value: 'EU', created_at: '2026-11-20T10:01:00Z' }),
    ]);
  });

  it('leaves them alone when they are absent', async () => {
    await saveTwo();
    expect((await save(lago, { external_id: 'a', name: 'Foo' })).metadata).toHaveLength(2);
  });

  it('deletes all of them by []', async () => {
    await saveTwo();
    expect(await save(lago, { external_id: 'a', metadata: [] })).toMatchObject({ metadata: [] });
  });

  it('resets display_in_invoice when it is not sent', async () => {
    const { crm } = await saveTwo();
    const saved = await save(lago, { external_id: 'a', metadata: [{ id: crm, key: 'crm_id', value: '1' }] });
    expect(saved.metadata).toMatchObject([{ lago_id: crm, display_in_invoice: false }]);
  });

  it('keeps the key and the value of a row when only its id is sent', async () => {
    const { crm } = await saveTwo();
    const saved = await save(lago, { external_id: 'a', metadata: [{ id: crm }] });
    expect(saved.metadata).toMatchObject([{ lago_id: crm, key: 'crm_id', value: '1' }]);
  });

  it('refuses a known key without its id and rolls the whole update back', async () => {
    await saveTwo();
    const before = stored(lago, 'a');
    const answer = await upsert(lago, { external_id: 'a', name: 'New', metadata: [{ key: 'crm_id', value: '2' }] });
    expect(answer).toEqual(refused({ key: ['value_already_exist'] }));
    expect(stored(lago, 'a')).toEqual(before);
  });

  it('refuses to swap two keys, row by row', async () => {
    const { crm, plan } = await saveTwo();
    const swapped = [
      { id: crm, key: 'plan', value: 'pro' },
      { id: plan, key: 'crm_id', value: '1' },
    ];
    expect(await upsert(lago, { external_id: 'a', metadata: swapped })).toEqual(
      refused({ key: ['value_already_exist'] }),
    );
  });

  it('does not find the id of another customer`s row and adds a new one', async () => {
    const { crm } = await saveTwo();
    const saved = await save(lago, { external_id: 'b', metadata: [{ id: crm, key: 'crm_id', value: '9' }] });
    expect(saved.metadata).toMatchObject([{ key: 'crm_id', value: '9' }]);
    expect(saved.metadata[0]?.lago_id).not.toBe(crm);
    expect(stored(lago, 'a').metadata).toHaveLength(2);
  });

  it('ignores an object in the place of the array', async () => {
    await saveTwo();
    expect((await save(lago, { external_id: 'a', metadata: { plan: 'free' } })).metadata).toHaveLength(2);
  });
});

// lago-api, app/models/metadata/customer_metadata.rb
describe('limits', () => {
  const items = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

  it('takes five items and refuses six', async () => {
    expect(await upsert(lago, { external_id: 'a', metadata: items(5) })).toMatchObject({ status: 200 });
    expect(await upsert(lago, { external_id: 'b', metadata: items(6) })).toEqual(
      refused({ metadata: ['invalid_count'] }),
    );
  });

  it('takes a key of 20 and a value of 100 characters, counted in code points', async () => {
    const metadata = [{ key: '🔑'.repeat(20), value: '💶'.repeat(100) }];
    expect((await save(lago, { external_id: 'a', metadata })).metadata).toMatchObject(metadata);
  });

  it.each([
    [{ key: 'k'.repeat(21), value: 'v' }, { key: ['value_is_too_long'] }],
    [{ key: 'k', value: 'v'.repeat(101) }, { value: ['value_is_too_long'] }],
    [
      { key: '', value: ' ' },
      { key: ['value_is_mandatory'], value: ['value_is_mandatory'] },
    ],
    [{ key: null }, { key: ['value_is_mandatory'], value: ['value_is_mandatory'] }],
  ])('refuses %j', async (item, details) => {
    expect(await upsert(lago, { external_id: 'a', metadata: [item] })).toEqual(refused(details));
    expect(lago.customers()).toEqual([]);
  });

  it('refuses one key twice', async () => {
    const metadata = [
      { key: 'k', value: '1' },
      { key: 'k', value: '2' },
    ];
    expect(await upsert(lago, { external_id: 'a', metadata })).toEqual(refused({ key: ['value_already_exist'] }));
  });

  it('stores numbers and booleans as text', async () => {
    const saved = await save(lago, { external_id: 'a', metadata: [{ key: 1, value: true }] });
    expect(saved.metadata).toMatchObject([{ key: '1', value: 't' }]);
  });

  it('ends at 40 characters for a value before 1.17.2', async () => {
    const metadata = [{ key: 'k', value: 'v'.repeat(41) }];
    expect(await upsert(before1172, { external_id: 'a', metadata })).toEqual(refused({ value: ['value_is_too_long'] }));
  });
});
