import { describe, expect, it } from 'vitest';
import type { KeyedOptions } from '../../../schemas/mapping.js';
import { compileKeyed } from '../../../src/core/mapping/keyed.js';
import { mapCustomer } from './mapping-under-test.js';

const map = { shape: 'map', write: 'merge' } as const;
const wholeMap = { shape: 'map', write: 'replace' } as const;
const entries = {
  shape: 'entries',
  write: 'replace',
  key: 'key',
  value: 'value',
  carry: { id: 'lago_id', shown: 'shown' },
  flag: { shown: 'provider_fields.lago.shown' },
} satisfies KeyedOptions;

const metadata = (keyed: object, more: object = {}) => ({ metadata: { from: 'metadata', keyed, ...more } });

describe('a map of keys', () => {
  it.each([
    ['absent', {}, {}, {}],
    ['empty', { metadata: {} }, {}, {}],
    ['of text, numbers and booleans', { metadata: { a: 'x', b: 0, c: false } }, { a: 'x', b: 0, c: false }, undefined],
    ['with a key to delete', { metadata: { a: 'x', b: null } }, { a: 'x' }, { a: 'x', b: null }],
    ['of keys to delete', { metadata: { b: null } }, {}, { b: null }],
  ])('that is %s', (_, customer, onCreate, onUpdate = onCreate) => {
    const payload = (keys: object) => (Object.keys(keys).length === 0 ? {} : { metadata: keys });
    expect(mapCustomer(metadata(map), customer).payload).toEqual(payload(onCreate));
    expect(mapCustomer(metadata(map), customer, 'update').payload).toEqual(payload(onUpdate));
  });

  it('that is null as a whole is not sent without knowing which keys are ours', () => {
    expect(mapCustomer(metadata(map), { metadata: null }).payload).toEqual({});
    expect(mapCustomer(metadata(map), { metadata: null }, 'update')).toMatchObject({
      payload: {},
      warnings: [{ code: 'cannot_clear', field: 'metadata' }],
    });
  });

  it.each([['text'], [7], [true], [['a']]])('is refused when it is %j', (value) => {
    const fields = { metadata: { from: 'provider_fields.x.y', keyed: map } };
    expect(mapCustomer(fields, { provider_fields: { x: { y: value } } }, 'update')).toEqual({
      payload: {},
      issues: [{ field: 'provider_fields.x.y', message: 'must be an object of keys' }],
      warnings: [],
    });
  });

  it('is refused, not sent as the name of a transform, when the rule transforms the whole', () => {
    const fields = metadata(map, { transform: ['to_string'] });
    expect(mapCustomer(fields, { metadata: { a: 1 } })).toEqual({
      payload: {},
      issues: [{ field: 'metadata', message: 'must be an object of keys' }],
      warnings: [],
    });
  });

  it('takes keys that every object inherits', () => {
    const keys = { toString: 'a', hasOwnProperty: 'b', valueOf: 'c' };
    expect(mapCustomer(metadata(wholeMap), { metadata: keys }).payload).toEqual({ metadata: keys });
  });

  it('deletes by "" where the provider does', () => {
    const { payload } = mapCustomer(metadata({ ...map, delete: '' }), { metadata: { a: null, b: 1 } }, 'update');
    expect(payload).toEqual({ metadata: { a: '', b: 1 } });
  });
});

describe('the steps and limits of keys', () => {
  const limited = (overflow?: string) =>
    metadata(
      { ...map, transform: ['to_string'], max_key_length: 3, max_value_length: 4 },
      overflow === undefined ? {} : { overflow },
    );
  const customer = { metadata: { ok: 1, longer: 'a', big: 'abcdé' } };
  const keyMessage = 'has a key of 6 characters, 3 are allowed';
  const valueMessage = 'has 5 characters, 4 are allowed';

  it('are errors of the key', () => {
    expect(mapCustomer(limited(), customer).issues).toEqual([
      { field: 'metadata.longer', message: keyMessage },
      { field: 'metadata.big', message: valueMessage },
    ]);
  });

  it('leave the key out under drop', () => {
    expect(mapCustomer(limited('drop'), customer)).toEqual({
      payload: { metadata: { ok: '1' } },
      issues: [],
      warnings: [
        { code: 'dropped', field: 'metadata.longer', message: `${keyMessage}; left out` },
        { code: 'dropped', field: 'metadata.big', message: `${valueMessage}; left out` },
      ],
    });
  });

  it('cut the value, and leave out the key that is too long, under truncate', () => {
    const { payload, warnings } = mapCustomer(limited('truncate'), customer);
    expect(payload).toEqual({ metadata: { ok: '1', big: 'abcd' } });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['dropped', 'metadata.longer'],
      ['truncated', 'metadata.big'],
    ]);
  });

  it('do not stop a key from being deleted', () => {
    expect(mapCustomer(limited(), { metadata: { longer: null } }, 'update').payload).toEqual({
      metadata: { longer: null },
    });
  });

  it('count code points', () => {
    expect(mapCustomer(limited(), { metadata: { '🙂🙂🙂': '🙂🙂🙂🙂' } }).issues).toEqual([]);
  });

  it('leave out a value of which they leave nothing', () => {
    const fields = metadata({ ...map, transform: ['trim'] });
    expect(mapCustomer(fields, { metadata: { a: ' ', b: ' x' } })).toMatchObject({
      payload: { metadata: { b: 'x' } },
      issues: [],
    });
  });

  it('make an issue of a value that cannot be converted', () => {
    const fields = metadata({ ...map, transform: ['to_number'] });
    expect(mapCustomer(fields, { metadata: { a: 'x', b: '2' } }).issues).toEqual([
      { field: 'metadata.a', message: 'cannot be converted by "to_number"' },
    ]);
  });
});

describe('a list of entries', () => {
  it('is written as one object for each key', () => {
    expect(mapCustomer(metadata(entries), { metadata: { a: 'x', b: 'y' } }).payload).toEqual({
      metadata: [
        { key: 'a', value: 'x' },
        { key: 'b', value: 'y' },
      ],
    });
  });

  it('flags the keys that are in the list, and says so for the others', () => {
    const customer = { metadata: { a: 'x', b: 'y' }, provider_fields: { lago: { shown: ['a', 'other'] } } };
    expect(mapCustomer(metadata(entries), customer).payload).toEqual({
      metadata: [
        { key: 'a', value: 'x', shown: true },
        { key: 'b', value: 'y', shown: false },
      ],
    });
  });

  it.each([[undefined], [null], ['a'], [{ a: true }]])('carries no flag where the list is %j', (shown) => {
    const customer = { metadata: { a: 'x' }, provider_fields: { lago: { shown } } };
    expect(mapCustomer(metadata(entries), customer).payload).toEqual({ metadata: [{ key: 'a', value: 'x' }] });
  });

  it('is only the patch where the provider merges', () => {
    const fields = metadata({ ...entries, write: 'merge' });
    expect(mapCustomer(fields, { metadata: { a: 'x', b: null } }, 'update').payload).toEqual({
      metadata: [
        { key: 'a', value: 'x' },
        { key: 'b', value: null },
      ],
    });
  });
});

it.each([
  ['merge', false],
  ['replace', true],
] as const)('keys that a provider can %s need the stored ones first: %s', (write, needsRecord) => {
  expect(compileKeyed('metadata', { shape: 'map', write }).needsRecord).toBe(needsRecord);
});

describe('writing over what is stored', () => {
  const stored = [
    { lago_id: 'i1', key: 'a', value: 'old', shown: true },
    { lago_id: 'i2', key: 'theirs', value: 't', shown: true },
  ];
  const customer = { provider_fields: { lago: { shown: ['b'] } } };

  it('keeps the entries of others, with ids and flags carried', () => {
    const keyed = compileKeyed('metadata', entries);
    expect(keyed.encode({ a: 'new' }, stored, {}, {})).toEqual([
      { id: 'i1', key: 'a', value: 'new', shown: true },
      { id: 'i2', key: 'theirs', value: 't', shown: true },
    ]);
  });

  it('deletes an entry by leaving it out', () => {
    const keyed = compileKeyed('metadata', entries);
    expect(keyed.encode({ a: null }, stored, {}, {})).toEqual([{ id: 'i2', key: 'theirs', value: 't', shown: true }]);
  });

  it('flags our keys only', () => {
    const keyed = compileKeyed('metadata', entries);
    expect(keyed.encode({ a: 'new', b: 'x' }, stored, customer, {})).toEqual([
      { id: 'i1', key: 'a', value: 'new', shown: false },
      { id: 'i2', key: 'theirs', value: 't', shown: true },
      { key: 'b', value: 'x', shown: true },
    ]);
  });

  it('keeps the keys of others in a map that is replaced', () => {
    const keyed = compileKeyed('metadata', wholeMap);
    expect(keyed.encode({ a: 'new', b: null }, { a: 'old', b: 1, theirs: 't' }, {}, {})).toEqual({
      a: 'new',
      theirs: 't',
    });
  });

  it('sends only the patch where the provider merges', () => {
    const keyed = compileKeyed('metadata', map);
    expect(keyed.encode({ a: 'new', b: null }, { theirs: 't' }, {}, {})).toEqual({ a: 'new', b: null });
  });

  it.each([[undefined], [null], ['text'], [[]]])('takes %j for nothing stored', (value) => {
    expect(compileKeyed('metadata', wholeMap).encode({ a: 1 }, value, {}, {})).toEqual({ a: 1 });
    expect(compileKeyed('metadata', entries).encode({ a: 1 }, value, {}, {})).toEqual([{ key: 'a', value: 1 }]);
  });

  it('counts the entries of others against the limit', () => {
    const keyed = compileKeyed('metadata', { ...entries, max_items: 2 });
    const report = {};
    keyed.encode({ b: 'x' }, stored, {}, report);
    expect(report).toEqual({
      issues: [
        {
          field: 'metadata',
          message: 'would hold 3 keys with those already at the provider, 2 are allowed',
        },
      ],
    });
  });

  it('lets an entry take the place of one that is deleted', () => {
    const keyed = compileKeyed('metadata', { ...entries, max_items: 2 });
    const report = {};
    keyed.encode({ a: null, b: 'x' }, stored, {}, report);
    expect(report).toEqual({});
  });

  it('leaves the stored value as it is', () => {
    const before = structuredClone(stored);
    compileKeyed('metadata', entries).encode({ a: null, b: 'x' }, stored, customer, {});
    expect(stored).toEqual(before);
  });
});

describe('the changes of keys', () => {
  const keyed = compileKeyed('metadata', wholeMap);

  it.each([
    ['a new key', { a: 'x' }, {}, [{ key: 'a', to: 'x' }]],
    ['a changed key', { a: 'x' }, { a: 'y' }, [{ key: 'a', from: 'y', to: 'x' }]],
    ['an equal key', { a: 'x' }, { a: 'x' }, []],
    ['a deleted key', { a: null }, { a: 'y' }, [{ key: 'a', from: 'y' }]],
    ['a deleted key that is not there', { a: null }, { b: 'y' }, []],
    ['a key stored as "" that is deleted', { a: null }, { a: '' }, []],
    ['a key stored as null', { a: 'x' }, { a: null }, [{ key: 'a', to: 'x' }]],
    ['0 over nothing', { a: 0 }, {}, [{ key: 'a', to: 0 }]],
    ['false over 0', { a: false }, { a: 0 }, [{ key: 'a', from: 0, to: false }]],
    ['a key that objects inherit', { toString: null }, {}, []],
  ])('name %s', (_, patch, stored, changes) => {
    expect(keyed.changes(patch, stored, {})).toEqual(changes);
  });

  it('name a flag that differs on an entry that is equal otherwise', () => {
    const stored = [{ lago_id: 'i', key: 'a', value: 'x', shown: false }];
    const changes = (shown: unknown) =>
      compileKeyed('metadata', entries).changes({ a: 'x' }, stored, { provider_fields: { lago: { shown } } });
    expect(changes(['a'])).toEqual([{ key: 'a.shown', from: false, to: true }]);
    expect(changes([])).toEqual([]);
    expect(changes(undefined)).toEqual([]);
  });
});

describe('keys that have a rule of their own', () => {
  const keyed = { ...map, delete: '', except: ['our_id'], max_items: 3 } satisfies KeyedOptions;
  const fields = {
    metadata: { from: 'metadata', keyed },
    'metadata.our_id': { from: 'id' },
  };

  it('are set by that rule, and by no other', () => {
    const { payload, warnings } = mapCustomer(fields, { id: 'a1', metadata: { plan: 'gold', our_id: 'stolen' } });
    expect(payload).toEqual({ metadata: { plan: 'gold', our_id: 'a1' } });
    expect(warnings).toMatchObject([{ code: 'dropped', field: 'metadata.our_id' }]);
  });

  it('stand beside the others, whichever rule comes first', () => {
    const customer = { id: 'a1', metadata: { plan: 'gold' } };
    const reversed = Object.fromEntries(Object.entries(fields).reverse());
    for (const mode of ['create', 'update'] as const) {
      expect(mapCustomer(reversed, customer, mode).payload).toEqual(mapCustomer(fields, customer, mode).payload);
    }
  });

  it('cannot be deleted with the others', () => {
    const { payload } = mapCustomer(fields, { id: 'a1', metadata: { plan: null, our_id: null } }, 'update');
    expect(payload).toEqual({ metadata: { plan: '', our_id: 'a1' } });
  });

  it('are no part of what is read back', () => {
    expect(compileKeyed('metadata', keyed).stored({ plan: 'gold', our_id: 'a1' })).toEqual({ plan: 'gold' });
  });

  it('count towards the number of keys', () => {
    const { issues } = mapCustomer(fields, { id: 'a1', metadata: { a: 1, b: 2, c: 3 } });
    expect(issues).toMatchObject([{ field: 'metadata', message: expect.stringContaining('4 keys') }]);
    expect(mapCustomer(fields, { id: 'a1', metadata: { a: 1, b: 2 } }).issues ?? []).toEqual([]);
  });

  it('are refused where the field of keys does not name them', () => {
    const overlapping = { ...fields, metadata: { from: 'metadata', keyed: map } };
    expect(() => mapCustomer(overlapping, { id: 'a1' })).toThrow('is a part of metadata, which has a rule of its own');
  });
});
