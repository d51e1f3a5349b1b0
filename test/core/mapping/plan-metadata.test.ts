import { describe, expect, it } from 'vitest';
import { absent, mappingOf, planFor, planned, record } from './plan-under-test.js';

const entry = (key: string, value: string, shown = false) => ({
  lago_id: `id-${key}`,
  key,
  value,
  display_in_invoice: shown,
});
const sent = (key: string, value: string, shown = false) => ({
  id: `id-${key}`,
  key,
  value,
  display_in_invoice: shown,
});
const nothingRemembered = 'null deletes the keys that we wrote, and no ledger remembers which; name the keys to delete';

describe('metadata at Lago', () => {
  const lago = mappingOf('lago');
  const stored = (...metadata: unknown[]) => record({ external_id: 'a', metadata });

  it('is written whole: ids and flags carried, entries of others kept', () => {
    const { payload, changes } = planFor(
      lago,
      { id: 'a', metadata: { plan: 'gold', gone: null, seats: 3 } },
      stored(entry('plan', 'silver', true), entry('gone', 'x'), entry('theirs', 't', true)),
    );
    expect(payload).toEqual({
      metadata: [sent('plan', 'gold', true), sent('theirs', 't', true), { key: 'seats', value: '3' }],
    });
    expect(changes).toEqual([
      { field: 'metadata.plan', target: 'metadata', change: 'set', from: 'silver', to: 'gold' },
      { field: 'metadata.gone', target: 'metadata', change: 'clear', from: 'x' },
      { field: 'metadata.seats', target: 'metadata', change: 'set', to: '3' },
    ]);
  });

  it('is unchanged where the keys have their values, whatever others there are', () => {
    const customer = { id: 'a', metadata: { seats: 3, vip: false, gone: null } };
    const plan = planFor(lago, customer, stored(entry('vip', 'false'), entry('theirs', 't'), entry('seats', '3')));
    expect(plan).toMatchObject({ action: 'unchanged', changes: [] });
  });

  it('can be deleted to the last entry', () => {
    expect(planFor(lago, { id: 'a', metadata: { plan: null } }, stored(entry('plan', 'x'))).payload).toEqual({
      metadata: [],
    });
  });

  it('holds five entries, those of others included', () => {
    const theirs = ['t1', 't2', 't3', 't4'].map((key) => entry(key, 'x'));
    expect(planFor(lago, { id: 'a', metadata: { one: 1 } }, stored(...theirs)).action).toBe('update');
    expect(planned(lago, { id: 'a', metadata: { one: 1, two: 2 } }, stored(...theirs))).toEqual({
      kind: 'invalid',
      issues: [{ field: 'metadata', message: 'would hold 6 keys with those already at the provider, 5 are allowed' }],
    });
  });

  it('lets keys through that are already there when all places are taken', () => {
    const full = ['a', 'b', 'c', 'd', 'e'].map((key) => entry(key, 'x'));
    expect(planFor(lago, { id: 'a', metadata: { a: 'y', b: null, f: 'z' } }, stored(...full)).payload).toEqual({
      metadata: [sent('a', 'y'), sent('c', 'x'), sent('d', 'x'), sent('e', 'x'), { key: 'f', value: 'z' }],
    });
  });

  it('refuses a sixth key of a new customer, and keys and values that are too long', () => {
    const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, 1]));
    expect(planned(lago, { id: 'a', metadata: six }, absent).kind).toBe('invalid');
    expect(planned(lago, { id: 'a', metadata: { ['k'.repeat(21)]: 1 } }, absent).kind).toBe('invalid');
    expect(planned(lago, { id: 'a', metadata: { k: 'v'.repeat(101) } }, absent).kind).toBe('invalid');
    expect(planned(lago, { id: 'a', metadata: { ['k'.repeat(20)]: 'ä'.repeat(100) } }, absent).kind).toBe('plan');
  });

  it('prints on invoices what is asked for, and leaves the entries of others as they are', () => {
    const customer = {
      id: 'a',
      metadata: { plan: 'gold', seats: 3 },
      provider_fields: { lago: { metadata_in_invoice: ['plan'] } },
    };
    const { payload, changes } = planFor(
      lago,
      customer,
      stored(entry('plan', 'gold'), entry('seats', '3', true), entry('theirs', 't', true)),
    );
    expect(payload).toEqual({
      metadata: [sent('plan', 'gold', true), sent('seats', '3', false), sent('theirs', 't', true)],
    });
    expect(changes).toEqual([
      { field: 'metadata.plan.display_in_invoice', target: 'metadata', change: 'set', from: false, to: true },
      { field: 'metadata.seats.display_in_invoice', target: 'metadata', change: 'set', from: true, to: false },
    ]);
  });
});

describe('metadata at Flexprice', () => {
  const flexprice = mappingOf('flexprice');

  it('is the whole map as text, with the keys of others', () => {
    const { payload } = planFor(
      flexprice,
      { id: 'a', metadata: { plan: 'gold', gone: null, seats: 3, vip: true } },
      record({ external_id: 'a', metadata: { plan: 'silver', gone: 'x', theirs: 't' } }),
    );
    expect(payload).toEqual({ metadata: { plan: 'gold', theirs: 't', seats: '3', vip: 'true' } });
  });

  it('is unchanged where the keys have their values', () => {
    const stored = record({ external_id: 'a', metadata: { seats: '3', theirs: 't' } });
    expect(planFor(flexprice, { id: 'a', metadata: { seats: 3, gone: null } }, stored).action).toBe('unchanged');
  });

  it('may be stored as null', () => {
    const stored = record({ external_id: 'a', metadata: null });
    expect(planFor(flexprice, { id: 'a', metadata: { a: 1 } }, stored).payload).toEqual({ metadata: { a: '1' } });
    expect(planFor(flexprice, { id: 'a', metadata: { a: null } }, stored).action).toBe('unchanged');
  });

  it('can be deleted to the last key', () => {
    const stored = record({ external_id: 'a', metadata: { a: '1' } });
    expect(planFor(flexprice, { id: 'a', metadata: { a: null } }, stored).payload).toEqual({ metadata: {} });
  });
});

describe('metadata at Autumn', () => {
  const autumn = mappingOf('autumn');
  const stored = record({ id: 'a', metadata: { plan: 'silver', gone: 1, theirs: { deep: [1] }, n: 0 } });

  it('is a patch, with null for a key to delete', () => {
    const { payload, changes } = planFor(autumn, { id: 'a', metadata: { plan: 'gold', gone: null, n: 0 } }, stored);
    expect(payload).toMatchObject({ metadata: { plan: 'gold', gone: null } });
    expect(payload).not.toHaveProperty('metadata.theirs');
    expect(changes.map(({ field, change }) => [field, change])).toEqual([
      ['metadata.plan', 'set'],
      ['metadata.gone', 'clear'],
    ]);
  });

  it('keeps the kinds of values apart', () => {
    expect(planFor(autumn, { id: 'a', metadata: { n: '0' } }, stored).payload).toEqual({ metadata: { n: '0' } });
    expect(planFor(autumn, { id: 'a', metadata: { n: false } }, stored).payload).toEqual({ metadata: { n: false } });
  });

  it('of a new customer holds no null', () => {
    expect(planFor(autumn, { id: 'a', metadata: { plan: 'gold', gone: null } }, absent).payload).toEqual({
      customer_id: 'a',
      metadata: { plan: 'gold' },
    });
  });
});

describe.each([
  ['lago', [entry('ours', 'x'), entry('theirs', 't')], [sent('theirs', 't')], []],
  ['flexprice', { ours: 'x', theirs: 't' }, { theirs: 't' }, {}],
  ['autumn', { ours: 'x', theirs: 't' }, { ours: null }, {}],
])('metadata that is null as a whole at %s', (provider, stored, payload, none) => {
  const mapping = mappingOf(provider);
  const own = provider === 'autumn' ? 'id' : 'external_id';
  const customer = { id: 'a', metadata: null };

  it('deletes the keys that we wrote, and those only', () => {
    const plan = planFor(mapping, customer, record({ [own]: 'a', metadata: stored }), { ownedKeys: ['ours', 'gone'] });
    expect(plan.changes).toEqual([{ field: 'metadata.ours', target: 'metadata', change: 'clear', from: 'x' }]);
    expect(plan.payload).toMatchObject({ metadata: payload });
    expect(plan.payload).not.toHaveProperty('metadata.ours', 'x');
  });

  it('changes nothing where none of our keys is left', () => {
    const plan = planFor(mapping, customer, record({ [own]: 'a', metadata: stored }), { ownedKeys: ['gone'] });
    expect(plan).toMatchObject({ action: 'unchanged', warnings: [] });
  });

  it('changes nothing where we wrote none', () => {
    const plan = planFor(mapping, customer, record({ [own]: 'a', metadata: stored }), { ownedKeys: [] });
    expect(plan).toMatchObject({ action: 'unchanged', warnings: [] });
  });

  it('is only a warning where nobody remembers which keys are ours', () => {
    const plan = planFor(mapping, customer, record({ [own]: 'a', metadata: stored }));
    expect(plan.action).toBe('unchanged');
    expect(plan.warnings).toEqual([{ code: 'cannot_clear', field: 'metadata', message: nothingRemembered }]);
  });

  it('is not even a warning where nothing is stored', () => {
    expect(planFor(mapping, customer, record({ [own]: 'a', metadata: none })).warnings).toEqual([]);
    expect(planFor(mapping, customer, record({ [own]: 'a' })).warnings).toEqual([]);
  });

  it('says nothing of a new customer', () => {
    const plan = planFor(mapping, customer, absent, { ownedKeys: ['ours'] });
    expect(plan.payload).not.toHaveProperty('metadata');
  });
});

describe('metadata that is null as a whole where nothing was read', () => {
  const unread = { kind: 'unread', providerId: 'a' } as const;

  it('deletes our keys at a provider that merges', () => {
    const plan = planFor(mappingOf('autumn'), { id: 'a', metadata: null }, unread, { ownedKeys: ['ours'] });
    expect(plan.payload).toMatchObject({ metadata: { ours: null } });
    expect(plan.changes).toContainEqual({ field: 'metadata.ours', target: 'metadata', change: 'clear' });
  });

  it('sends no metadata where we wrote none', () => {
    const plan = planFor(mappingOf('autumn'), { id: 'a', metadata: null }, unread, { ownedKeys: [] });
    expect(plan.payload).not.toHaveProperty('metadata');
  });
});

it('Recharge has no metadata', () => {
  const customer = { id: 'a', email: 'a@b.example', first_name: 'A', last_name: 'B', metadata: { a: 1 } };
  expect(planFor(mappingOf('recharge'), customer, absent).payload).not.toHaveProperty('metadata');
});
