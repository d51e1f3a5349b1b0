import { describe, expect, it } from 'vitest';
import { mapCustomer } from './mapping-under-test.js';

describe('on', () => {
  it.each([
    ['create', { target: 'A' }, {}],
    ['update', {}, { target: 'A' }],
    [undefined, { target: 'A' }, { target: 'A' }],
  ])('%s decides when a rule counts', (on, onCreate, onUpdate) => {
    const fields = { target: { from: 'name', ...(on !== undefined && { on }) } };
    expect(mapCustomer(fields, { name: 'A' }, 'create').payload).toEqual(onCreate);
    expect(mapCustomer(fields, { name: 'A' }, 'update').payload).toEqual(onUpdate);
  });
});

describe('required', () => {
  const fields = { target: { from: 'name', required: true, clear: 'null' } };

  it.each([
    ['absent', {}],
    ['null', { name: null }],
  ])('refuses a create when the value is %s', (_, customer) => {
    expect(mapCustomer(fields, customer)).toEqual({
      payload: {},
      issues: [{ field: 'name', message: 'is required by this provider and has no value' }],
      warnings: [],
    });
  });

  it.each([[0], [false], ['A']])('takes %j as a value', (name) => {
    expect(mapCustomer(fields, { name })).toMatchObject({ payload: { target: name }, issues: [] });
  });

  it('asks nothing of an update', () => {
    expect(mapCustomer(fields, {}, 'update')).toEqual({ payload: {}, issues: [], warnings: [] });
    expect(mapCustomer(fields, { name: null }, 'update').payload).toEqual({ target: null });
  });

  it('refuses a create whose value was dropped', () => {
    const short = { target: { from: 'name', required: true, max_length: 1, overflow: 'drop' } };
    expect(mapCustomer(short, { name: 'long' })).toMatchObject({
      payload: {},
      issues: [{ field: 'name', message: 'is required by this provider and has no value' }],
    });
  });

  it('reports a value over a limit once', () => {
    const short = { target: { from: 'name', required: true, max_length: 1 } };
    expect(mapCustomer(short, { name: 'long' }).issues).toEqual([
      { field: 'name', message: 'has 4 characters, 1 are allowed' },
    ]);
  });

  it('refuses a create for which no template part and no transform leaves a value', () => {
    const template = { target: { template: '{first_name}', required: true } };
    const trimmed = { target: { from: 'name', transform: ['trim'], required: true } };
    expect(mapCustomer(template, { first_name: ' ' }).issues).toHaveLength(1);
    expect(mapCustomer(trimmed, { name: ' ' }).issues).toHaveLength(1);
  });
});

describe('fallback', () => {
  const fields = { target: { from: 'name', required: true, fallback: ['email', { constant: '-' }], clear: 'null' } };
  const warning = {
    code: 'fallback',
    field: 'name',
    message: 'has no value; a stand-in was sent because the provider requires one',
  };

  it.each([
    ['nothing to a value', { name: 'A', email: 'a@b.example' }, { target: 'A' }, []],
    ['the first stand-in that has a value', { email: 'a@b.example' }, { target: 'a@b.example' }, [warning]],
    ['the next where one has none', { name: null, email: null }, { target: '-' }, [warning]],
  ])('adds %s on create', (_, customer, payload, warnings) => {
    expect(mapCustomer(fields, customer)).toEqual({ payload, issues: [], warnings });
  });

  it('counts on create only', () => {
    expect(mapCustomer(fields, { email: 'a@b.example' }, 'update').payload).toEqual({});
    expect(mapCustomer(fields, { name: null }, 'update').payload).toEqual({ target: null });
  });

  it('leaves a required field without any stand-in an issue', () => {
    const short = { target: { from: 'name', required: true, fallback: ['email'] } };
    expect(mapCustomer(short, {}).issues).toEqual([
      { field: 'name', message: 'is required by this provider and has no value, nor has any stand-in' },
    ]);
  });

  it('leaves a field that is not required out when no stand-in has a value', () => {
    expect(mapCustomer({ target: { from: 'name', fallback: ['email'] } }, {})).toEqual({
      payload: {},
      issues: [],
      warnings: [],
    });
  });

  it('keeps to the limits of the rule', () => {
    const short = { target: { from: 'name', fallback: ['email'], max_length: 3 } };
    expect(mapCustomer(short, { email: 'a@b.example' })).toMatchObject({ payload: {}, issues: [{ field: 'name' }] });
  });

  it('stands in for a value that was dropped', () => {
    const short = { target: { from: 'name', fallback: [{ constant: '-' }], max_length: 1, overflow: 'drop' } };
    const { payload, warnings } = mapCustomer(short, { name: 'long' });
    expect(payload).toEqual({ target: '-' });
    expect(warnings.map(({ code }) => code)).toEqual(['dropped', 'fallback']);
  });
});

describe('clear', () => {
  it.each([
    ['null', { target: null }],
    ['empty', { target: '' }],
  ])('%s is what an update sends', (clear, payload) => {
    expect(mapCustomer({ target: { from: 'name', clear } }, { name: null }, 'update')).toEqual({
      payload,
      issues: [],
      warnings: [],
    });
  });

  it.each([
    ['unsupported', 'it is a name', 'was not cleared: it is a name'],
    [undefined, undefined, 'was not cleared: this provider has no way to clear it'],
  ])('%s is reported and never sent', (clear, reason, message) => {
    const rule = {
      from: 'name',
      ...(clear !== undefined && { clear }),
      ...(reason !== undefined && { clear_reason: reason }),
    };
    expect(mapCustomer({ target: rule }, { name: null }, 'update')).toEqual({
      payload: {},
      issues: [],
      warnings: [{ code: 'cannot_clear', field: 'name', message }],
    });
  });

  it('has nothing to do on create', () => {
    expect(mapCustomer({ target: { from: 'name', clear: 'empty' } }, { name: null }).payload).toEqual({});
  });
});

describe('targets', () => {
  it('may lie in objects, which are made on the way', () => {
    const fields = {
      'shipping.city': { from: 'shipping_address.city' },
      'shipping.country': { from: 'shipping_address.country' },
      "x['a.b']": { constant: 1 },
    };
    const customer = { shipping_address: { city: 'Bonn', country: 'DE' } };
    expect(mapCustomer(fields, customer).payload).toEqual({
      shipping: { city: 'Bonn', country: 'DE' },
      x: { 'a.b': 1 },
    });
  });

  it.each([
    ['toString', '{"toString":1}'],
    ['hasOwnProperty.x', '{"hasOwnProperty":{"x":1}}'],
    ['valueOf.a.b', '{"valueOf":{"a":{"b":1}}}'],
  ])('may be called %s without reaching what objects inherit', (target, written) => {
    expect(JSON.stringify(mapCustomer({ [target]: { constant: 1 } }, {}).payload)).toBe(written);
    expect(Object.keys(Object.prototype.valueOf)).toEqual([]);
    expect(Object.keys(Object.prototype.hasOwnProperty)).toEqual([]);
  });
});
