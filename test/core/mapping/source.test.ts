import { describe, expect, it } from 'vitest';
import { mapCustomer } from './mapping-under-test.js';

describe('a path', () => {
  const fields = { target: { from: 'name', clear: 'null' } };

  it.each([
    ['absent', {}, {}, {}],
    ['null', { name: null }, {}, { target: null }],
    ['text', { name: 'Acme' }, { target: 'Acme' }, { target: 'Acme' }],
    ['0', { name: 0 }, { target: 0 }, { target: 0 }],
    ['false', { name: false }, { target: false }, { target: false }],
    ['an empty list', { name: [] }, { target: [] }, { target: [] }],
    ['an empty object', { name: {} }, { target: {} }, { target: {} }],
  ])('of %s is sent as it is, and only an update can clear', (_, customer, onCreate, onUpdate) => {
    expect(mapCustomer(fields, customer, 'create').payload).toEqual(onCreate);
    expect(mapCustomer(fields, customer, 'update').payload).toEqual(onUpdate);
  });
});

describe('a path into an object', () => {
  const fields = { city: { from: 'address.city', clear: 'null' } };

  it.each([
    ['an absent object leaves the field alone', {}, {}],
    ['an object without the key leaves the field alone', { address: {} }, {}],
    ['a cleared object clears the field', { address: null }, { city: null }],
    ['a cleared key clears the field', { address: { city: null } }, { city: null }],
    ['text where an object should be has no fields', { address: 'Berlin' }, {}],
  ])('%s', (_, customer, payload) => {
    expect(mapCustomer(fields, customer, 'update').payload).toEqual(payload);
  });

  it('reads three levels and more', () => {
    const deep = { term: { from: 'provider_fields.lago.billing.term', clear: 'null' } };
    const customer = { provider_fields: { lago: { billing: { term: 0 } } } };
    expect(mapCustomer(deep, customer).payload).toEqual({ term: 0 });
    expect(mapCustomer(deep, { provider_fields: { lago: null } }, 'update').payload).toEqual({ term: null });
    expect(mapCustomer(deep, { provider_fields: { lago: 'x' } }, 'update').payload).toEqual({});
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('does not find the inherited %s', (key) => {
    expect(mapCustomer({ target: { from: `metadata.${key}` } }, { metadata: {} }).payload).toEqual({});
    expect(mapCustomer({ target: { from: `metadata.${key}` } }, { metadata: { [key]: 'x' } }).payload).toEqual({
      target: 'x',
    });
  });

  it('reads a quoted key that holds a dot', () => {
    expect(mapCustomer({ target: { from: "metadata['crm.id']" } }, { metadata: { 'crm.id': 7 } }).payload).toEqual({
      target: 7,
    });
  });
});

describe('several places', () => {
  const fields = { target: { from: ['name', 'legal_name'], clear: 'null' } };

  it.each([
    ['the first has a value', { name: 'A', legal_name: 'B' }, { target: 'A' }],
    ['the first is absent', { legal_name: 'B' }, { target: 'B' }],
    ['the first is null', { name: null, legal_name: 'B' }, { target: 'B' }],
    ['the first is 0', { name: 0, legal_name: 'B' }, { target: 0 }],
    ['the first is false', { name: false, legal_name: 'B' }, { target: false }],
    ['the first is an empty list', { name: [], legal_name: 'B' }, { target: [] }],
    ['all are absent', {}, {}],
    ['one is null and no other has a value', { name: null }, { target: null }],
    ['the last is null and no other has a value', { legal_name: null }, { target: null }],
  ])('%s', (_, customer, payload) => {
    expect(mapCustomer(fields, customer, 'update').payload).toEqual(payload);
  });

  it('clears nothing on create', () => {
    expect(mapCustomer(fields, { name: null, legal_name: null }).payload).toEqual({});
  });

  it('go on where a transform finds no value', () => {
    const last = { target: { from: ['last_name', { from: 'name', transform: ['rest_words'] }, 'legal_name'] } };
    expect(mapCustomer(last, { name: 'Acme', legal_name: 'B' }).payload).toEqual({ target: 'B' });
  });

  it('stop where a transform fails', () => {
    const number = { target: { from: [{ from: 'name', transform: ['to_number'] }, 'legal_name'] } };
    expect(mapCustomer(number, { name: 'x', legal_name: '2' })).toEqual({
      payload: {},
      issues: [{ field: 'name', message: 'cannot be converted by "to_number"' }],
      warnings: [],
    });
  });

  it('end with a constant, which counts on create and on update', () => {
    const constant = { target: { from: ['name', { constant: false }], clear: 'null' } };
    expect(mapCustomer(constant, {}).payload).toEqual({ target: false });
    expect(mapCustomer(constant, { name: null }, 'update').payload).toEqual({ target: false });
  });
});

describe('a constant', () => {
  it.each([['x'], [0], [false]])('%j is sent on create and on update', (constant) => {
    expect(mapCustomer({ target: { constant } }, {}).payload).toEqual({ target: constant });
    expect(mapCustomer({ target: { constant } }, {}, 'update').payload).toEqual({ target: constant });
  });

  it('null clears on update', () => {
    const fields = { target: { constant: null, clear: 'null' } };
    expect(mapCustomer(fields, {}).payload).toEqual({});
    expect(mapCustomer(fields, {}, 'update').payload).toEqual({ target: null });
  });
});

describe('a template', () => {
  const fields = { target: { template: '{first_name} {last_name}', clear: 'null' } };

  it.each([
    ['all parts', { first_name: 'Ada', last_name: 'Byron' }, { target: 'Ada Byron' }],
    ['one part, without the space beside it', { last_name: 'Byron' }, { target: 'Byron' }],
    ['one part and one that is null', { first_name: 'Ada', last_name: null }, { target: 'Ada' }],
    ['no part', {}, {}],
    ['parts that are null', { first_name: null, last_name: null }, {}],
    ['parts of white space only', { first_name: ' ', last_name: '\t' }, {}],
    ['runs of white space', { first_name: ' Ada ', last_name: 'B\n\nC' }, { target: 'Ada B C' }],
    ['0 and false', { first_name: 0, last_name: false }, { target: '0 false' }],
  ])('of %s', (_, customer, payload) => {
    expect(mapCustomer(fields, customer, 'create').payload).toEqual(payload);
    expect(mapCustomer(fields, customer, 'update').payload).toEqual(payload);
  });

  it('refuses to write an object as text', () => {
    expect(mapCustomer({ target: { template: 'lives at {address}' } }, { address: { city: 'Bonn' } })).toMatchObject({
      payload: {},
      issues: [{ field: 'address', message: 'cannot be converted by "template"' }],
    });
  });

  it('keeps the fixed text around a part, and has no value without any part', () => {
    expect(mapCustomer({ target: { template: 'crm-{id}!' } }, { id: '7' }).payload).toEqual({ target: 'crm-7!' });
    expect(mapCustomer({ target: { template: 'crm-{id}!' } }, {}).payload).toEqual({});
  });
});

describe('transforms', () => {
  it('run in their order', () => {
    const fields = { target: { from: 'name', transform: ['trim', 'lower', { prefix: 'x-' }] } };
    expect(mapCustomer(fields, { name: ' ACME ' }).payload).toEqual({ target: 'x-acme' });
  });

  it('are not asked about null and absent values', () => {
    const fields = { target: { from: 'name', transform: ['to_number'], clear: 'null' } };
    expect(mapCustomer(fields, {}, 'update')).toEqual({ payload: {}, issues: [], warnings: [] });
    expect(mapCustomer(fields, { name: null }, 'update').payload).toEqual({ target: null });
  });

  it('never clear: no value left means the field is left alone', () => {
    const fields = { target: { from: 'name', transform: ['rest_words'], clear: 'null' } };
    expect(mapCustomer(fields, { name: 'Acme' }, 'update').payload).toEqual({});
  });

  it('that leave nothing of blank text send nothing', () => {
    const fields = { target: { from: 'name', transform: ['trim'], clear: 'empty' } };
    expect(mapCustomer(fields, { name: '  ' }, 'create').payload).toEqual({});
    expect(mapCustomer(fields, { name: '  ' }, 'update').payload).toEqual({});
  });

  it('make an issue of a value that they cannot convert, without the value', () => {
    const fields = { target: { from: 'name', transform: ['trim', 'to_boolean'] } };
    expect(mapCustomer(fields, { name: 'canary' })).toEqual({
      payload: {},
      issues: [{ field: 'name', message: 'cannot be converted by "to_boolean"' }],
      warnings: [],
    });
  });

  it('that cannot convert leave the value out where the rule says drop', () => {
    const fields = { target: { from: 'locale', transform: [{ locale_match: ['en'] }], overflow: 'drop' } };
    expect(mapCustomer(fields, { locale: 'ja' })).toEqual({
      payload: {},
      issues: [],
      warnings: [{ code: 'dropped', field: 'locale', message: 'cannot be converted by "locale_match"; left out' }],
    });
  });
});
