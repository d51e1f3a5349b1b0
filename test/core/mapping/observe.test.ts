import { describe, expect, it } from 'vitest';
import { observedCustomerSchema } from '../../../schemas/customer.js';
import { compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import { compileFields, type Fields, mappingFile } from './mapping-under-test.js';

function observe(fields: Fields, record: unknown) {
  const observed = compileFields(fields).observe(record, 'r1');
  expect(observedCustomerSchema.safeParse(observed).success).toBe(true);
  return observed;
}

describe('a record', () => {
  it('comes back in canonical words, with the fields that cannot be read', () => {
    const fields = {
      external_id: { from: 'id' },
      zip: { from: 'address.postal_code' },
      hidden: { from: 'phone', read: false },
    };
    expect(observe(fields, { external_id: 'a', zip: '10115', hidden: 'x', other: 1 })).toEqual({
      provider_id: 'r1',
      customer: { id: 'a', address: { postal_code: '10115' } },
      unreadable: ['phone'],
    });
  });

  it.each([[undefined], [null], ['']])('has no field where %j is stored', (stored) => {
    expect(observe({ name: { from: 'name' } }, { name: stored }).customer).toEqual({});
  });

  it.each([[0], [false], [[]], [{}]])('has the field where %j is stored', (stored) => {
    expect(observe({ name: { from: 'name' } }, { name: stored }).customer).toEqual({ name: stored });
  });

  it.each([[undefined], [null], ['text'], [7], [[]]])('may be %j and then says nothing', (record) => {
    expect(observe({ 'a.b': { from: 'name' } }, record).customer).toEqual({});
  });

  it('names the fields that the provider has no place for', () => {
    const file = mappingFile({ name: { from: 'name' } }, { unsupported: { locale: 'none', timezone: 'none' } });
    expect(compileMapping(parseMapping(file, 'test')).observe({}, 'r1').unreadable).toEqual(['locale', 'timezone']);
  });

  it('does not call a field unreadable that a rule reads', () => {
    const file = mappingFile({ language: { from: 'locale' } }, { unsupported: { locale: 'none' } });
    expect(compileMapping(parseMapping(file, 'test')).observe({}, 'r1').unreadable).toEqual([]);
  });
});

describe('read', () => {
  it('names another place in the record', () => {
    expect(observe({ customer_id: { from: 'id', read: 'data.id' } }, { data: { id: 'a' } }).customer).toEqual({
      id: 'a',
    });
  });

  it('with read_item takes one field of each element', () => {
    const fields = { tax_codes: { from: 'provider_fields.lago.tax_codes', read: 'taxes', read_item: 'code' } };
    const codes = (taxes: unknown) => observe(fields, { taxes }).customer['provider_fields'];
    expect(codes([{ code: 'a', rate: 1 }, { code: 'b' }])).toEqual({ lago: { tax_codes: ['a', 'b'] } });
    expect(codes([])).toEqual({ lago: { tax_codes: [] } });
    expect(codes(undefined)).toBeUndefined();
  });

  it('of items shows their key under the name that is sent', () => {
    const items = { key: 'integration_type', stored_key: 'type', carry: { id: 'lago_id' } };
    const rule = compileFields({ links: { from: 'provider_fields.lago.links', items } }).rule('links');
    expect(rule?.read?.({ links: [{ lago_id: 'i', type: 'netsuite' }] })).toEqual([
      { lago_id: 'i', type: 'netsuite', integration_type: 'netsuite' },
    ]);
    expect(rule?.read?.({ links: null })).toBeNull();
  });

  it('of items whose key has one name shows them as they are stored', () => {
    const items = { key: 'type', carry: { id: 'lago_id' } };
    const rule = compileFields({ links: { from: 'provider_fields.lago.links', items } }).rule('links');
    expect(rule?.read?.({ links: [{ lago_id: 'i', type: 'netsuite' }] })).toEqual([{ lago_id: 'i', type: 'netsuite' }]);
  });
});

describe('reverse', () => {
  it.each([
    ['a plain path', { from: 'name' }, 'x', { name: 'x' }],
    ['the first of several paths', { from: ['name', 'legal_name'] }, 'x', { name: 'x' }],
    ['a path with steps that can be undone', { from: 'id', transform: [{ prefix: 'crm-' }] }, 'crm-7', { id: '7' }],
    ['a value that the steps did not make', { from: 'id', transform: [{ prefix: 'crm-' }] }, 'other', { id: 'other' }],
    ['steps of which one loses information', { from: 'name', transform: ['trim', 'first_word'] }, 'x', {}],
    ['a first place with steps', { from: [{ from: 'name', transform: ['first_word'] }, 'legal_name'] }, 'x', {}],
    ['a template', { template: '{first_name} {last_name}' }, 'x', {}],
    ['a constant', { constant: 'x' }, 'x', {}],
    ['what the rule says', { template: '{first_name} {last_name}', reverse: 'name' }, 'x', { name: 'x' }],
    ['nowhere where the rule says so', { from: 'name', reverse: false }, 'x', {}],
  ])('goes to %s', (_, rule, stored, customer) => {
    expect(observe({ target: rule }, { target: stored }).customer).toEqual(customer);
  });

  it('names the field, in messages as well', () => {
    const fields = { target: { template: '{first_name} {last_name}', reverse: 'name' }, other: { constant: 1 } };
    expect(compileFields(fields).rules.map(({ field }) => field)).toEqual(['name', 'other']);
  });

  it('of a lookup finds the canonical word', () => {
    const rule = { from: 'type', transform: [{ lookup: { table: { individual: 'person', company: 'org' } } }] };
    expect(observe({ kind: rule }, { kind: 'org' }).customer).toEqual({ type: 'company' });
    expect(observe({ kind: rule }, { kind: 'club' }).customer).toEqual({ type: 'club' });
  });

  it('of metadata is a map, in whichever shape it is stored', () => {
    const entries = { shape: 'entries', write: 'replace', key: 'k', value: 'v' };
    const map = { shape: 'map', write: 'merge' };
    expect(observe({ meta: { from: 'metadata', keyed: entries } }, { meta: [{ k: 'a', v: 'x' }] }).customer).toEqual({
      metadata: { a: 'x' },
    });
    expect(observe({ meta: { from: 'metadata', keyed: map } }, { meta: { a: 'x' } }).customer).toEqual({
      metadata: { a: 'x' },
    });
  });

  it('puts a key that has a rule of its own beside the others, and leaves the record as it is', () => {
    const fields = {
      meta: { from: 'metadata', keyed: { shape: 'map', write: 'merge' } },
      tier: { from: 'metadata.tier' },
    };
    const record = { meta: { a: 'x' }, tier: 'gold' };
    expect(observe(fields, record).customer).toEqual({ metadata: { a: 'x', tier: 'gold' } });
    expect(record).toEqual({ meta: { a: 'x' }, tier: 'gold' });
  });
});
