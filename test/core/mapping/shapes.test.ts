import { describe, expect, it } from 'vitest';
import { compileFields, type Fields, mapCustomer } from './mapping-under-test.js';

const contacts = 'provider_fields.x.contacts';

function withContacts(list: unknown): unknown {
  return { provider_fields: { x: { contacts: list } } };
}

function observed(fields: Fields, record: unknown): unknown {
  return compileFields(fields).observe(record, 'r1').customer;
}

describe('an object', () => {
  const fields = {
    billing: {
      object: {
        'name.full': 'name',
        city: 'address.city',
        country: { from: 'address.country', transform: ['lower'] },
        kind: { constant: 'main', when: { present: 'address' } },
      },
      clear: 'null',
    },
  };

  it('is made of several places, with members in members', () => {
    const customer = { name: 'Acme', address: { city: 'Bonn', country: 'DE' } };
    expect(mapCustomer(fields, customer).payload).toEqual({
      billing: { name: { full: 'Acme' }, city: 'Bonn', country: 'de', kind: 'main' },
    });
  });

  it('leaves out members without a value, and those that are null', () => {
    expect(mapCustomer(fields, { name: null, address: { city: 'Bonn' } }, 'update').payload).toEqual({
      billing: { city: 'Bonn', kind: 'main' },
    });
  });

  it('says nothing without any member, and clears when one of them is null', () => {
    expect(mapCustomer(fields, {}, 'update').payload).toEqual({});
    expect(mapCustomer(fields, { name: null }, 'update').payload).toEqual({ billing: null });
  });

  it('is an issue when a member cannot be converted', () => {
    const number = { billing: { object: { a: { from: 'name', transform: ['to_number'] } } } };
    expect(mapCustomer(number, { name: 'x' })).toMatchObject({
      payload: {},
      issues: [{ field: 'name', message: 'cannot be converted by "to_number"' }],
    });
  });

  it('comes back to the places it was made of', () => {
    const record = { billing: { name: { full: 'Acme' }, city: 'Bonn', kind: 'main' } };
    const back = { billing: { object: { 'name.full': 'name', city: 'address.city', kind: { constant: 'main' } } } };
    expect(observed(back, record)).toEqual({ name: 'Acme', address: { city: 'Bonn' } });
  });

  it('may hold objects', () => {
    const nested = { a: { object: { b: { object: { c: 'name' } } } } };
    expect(mapCustomer(nested, { name: 'x' }).payload).toEqual({ a: { b: { c: 'x' } } });
    expect(observed(nested, { a: { b: { c: 'x' } } })).toEqual({ name: 'x' });
  });
});

describe('each', () => {
  const fields = {
    people: {
      from: contacts,
      each: {
        mail: { from: 'email', transform: [{ prefix: 'mailto:' }] },
        'name.last': 'last',
        kind: { constant: 'billing' },
        vip: { constant: true, when: { equals: ['level', 'gold'] } },
      },
    },
  };

  it('gives each item of a list a shape, by paths that start at the item', () => {
    const list = [{ email: 'a@b.example', last: 'Byron', level: 'gold' }, { email: 'c@d.example' }];
    expect(mapCustomer(fields, withContacts(list)).payload).toEqual({
      people: [
        { mail: 'mailto:a@b.example', name: { last: 'Byron' }, kind: 'billing', vip: true },
        { mail: 'mailto:c@d.example', kind: 'billing' },
      ],
    });
  });

  it('leaves out an item that has none of the members', () => {
    const plain = { people: { from: contacts, each: { mail: 'email' } } };
    expect(mapCustomer(plain, withContacts([{ email: 'x' }, {}, null, 'text', { email: null }])).payload).toEqual({
      people: [{ mail: 'x' }],
    });
  });

  it('may go through the lists in items', () => {
    const nested = { groups: { from: contacts, each: { members: { from: 'list', each: { id: 'key' } } } } };
    expect(mapCustomer(nested, withContacts([{ list: [{ key: 1 }, { key: 2 }] }])).payload).toEqual({
      groups: [{ members: [{ id: 1 }, { id: 2 }] }],
    });
  });

  it.each([['text'], [7], [{}]])('makes an issue of %j, which is no list', (list) => {
    expect(mapCustomer(fields, withContacts(list)).issues).toEqual([
      { field: contacts, message: 'cannot be converted by "each"' },
    ]);
  });

  it('comes back item by item', () => {
    const back = { people: { from: contacts, each: { mail: { from: 'email', transform: [{ prefix: 'm:' }] } } } };
    expect(observed(back, { people: [{ mail: 'm:x', more: 1 }, {}] })).toEqual(withContacts([{ email: 'x' }, {}]));
  });

  it('does not come back where a member loses information', () => {
    const lossy = { people: { from: contacts, each: { first: { from: 'name', transform: ['first_word'] } } } };
    expect(observed(lossy, { people: [{ first: 'Ada' }] })).toEqual({});
  });

  it.each([
    ['without a list', { a: { constant: 1, each: { b: 'c' } } }, 'fields.a: each needs a list: from'],
    ['with one member twice', { a: { from: contacts, each: { b: 'c', "['b']": 'd' } } }, 'is the same field as b'],
    ['with a member that cannot be read', { a: { from: contacts, each: { 'b..c': 'd' } } }, 'path "b..c" cannot be'],
    ['with a path that cannot be read', { a: { from: contacts, each: { b: '.c' } } }, 'path ".c" cannot be read'],
    ['that reaches a prototype', { a: { from: contacts, each: { constructor: 'c' } } }, 'is not allowed'],
  ])('is refused %s', (_, fields, message) => {
    expect(() => compileFields(fields)).toThrow(message);
  });
});

describe('one of several places', () => {
  const isCompany = { equals: ['type', 'company'] };
  const fields = {
    title: { from: [{ from: 'legal_name', when: isCompany }, { template: '{first_name} {last_name}' }], clear: 'null' },
  };

  it.each([
    [{ type: 'company', legal_name: 'Acme AG', first_name: 'Ada' }, 'Acme AG'],
    [{ type: 'individual', legal_name: 'Acme AG', first_name: 'Ada' }, 'Ada'],
    [{ type: 'company', first_name: 'Ada' }, 'Ada'],
  ])('is asked only where its condition holds: %j', (customer, title) => {
    expect(mapCustomer(fields, customer).payload).toEqual({ title });
  });

  it('may be a template with transforms', () => {
    const upper = { title: { from: [{ template: '{name}!', transform: ['upper'] }] } };
    expect(mapCustomer(upper, { name: 'a' }).payload).toEqual({ title: 'A!' });
  });
});

describe('an object as a list', () => {
  const entries = { key: 'name', value: 'value' };

  it('has one item for each key, and comes back', () => {
    const fields = { custom: { from: 'metadata', transform: [{ to_entries: entries }] } };
    const list = [
      { name: 'plan', value: 'gold' },
      { name: 'a.b', value: 0 },
    ];
    expect(mapCustomer(fields, { metadata: { plan: 'gold', 'a.b': 0 } }).payload).toEqual({ custom: list });
    expect(observed(fields, { custom: list })).toEqual({ metadata: { plan: 'gold', 'a.b': 0 } });
  });

  it('is made an object again, once each item has its shape', () => {
    const fields = {
      custom: {
        from: contacts,
        each: { name: 'key', value: { from: 'label', transform: ['upper'] } },
        transform: [{ from_entries: entries }],
      },
    };
    expect(mapCustomer(fields, withContacts([{ key: 'a', label: 'x' }])).payload).toEqual({ custom: { a: 'X' } });
    expect(observed(fields, { custom: { a: 'X' } })).toEqual(withContacts([{ key: 'a', label: 'X' }]));
  });

  it.each([
    ['a key that comes twice', [{ name: 'a' }, { name: 'a' }]],
    ['an entry without a key', [{ value: 1 }]],
    ['a key that reaches a prototype', [{ name: '__proto__', value: 1 }]],
  ])('is not made an object of %s', (_, list) => {
    const fields = { custom: { from: contacts, transform: [{ from_entries: entries }] } };
    expect(mapCustomer(fields, withContacts(list)).issues).toHaveLength(1);
  });
});

describe('default', () => {
  it.each([[0], [false], [null], ['x']])('%j is sent by a create that has no value, without a warning', (value) => {
    const fields = { target: { from: 'name', default: value, clear: 'empty' } };
    expect(mapCustomer(fields, {})).toEqual({ payload: { target: value }, issues: [], warnings: [] });
    expect(mapCustomer(fields, {}, 'update').payload).toEqual({});
    expect(mapCustomer(fields, { name: 'given' }).payload).toEqual({ target: 'given' });
  });

  it('stands in for a value that was dropped', () => {
    const fields = { target: { from: 'name', max_length: 1, overflow: 'drop', default: '-' } };
    expect(mapCustomer(fields, { name: 'long' }).payload).toEqual({ target: '-' });
  });
});

describe('max_items', () => {
  const rule = { from: contacts, max_items: 2 };

  it.each([
    [{}, {}, 1, []],
    [{ overflow: 'truncate' }, { target: [1, 2] }, 0, ['truncated']],
    [{ overflow: 'drop' }, {}, 0, ['dropped']],
  ])('with %j makes of three items %j', (policy, payload, issues, codes) => {
    const mapped = mapCustomer({ target: { ...rule, ...policy } }, withContacts([1, 2, 3]));
    expect(mapped.payload).toEqual(payload);
    expect(mapped.issues).toHaveLength(issues);
    expect(mapped.warnings.map(({ code }) => code)).toEqual(codes);
  });

  it('lets a list of that length through', () => {
    expect(mapCustomer({ target: rule }, withContacts([1, 2])).payload).toEqual({ target: [1, 2] });
  });
});
