import { describe, expect, it } from 'vitest';
import { lintTexts } from '../../src/lint/lint-texts.js';
import { findingsIn, shop } from './provider-under-test.js';

function findingsOf(overlay: unknown) {
  return findingsIn(overlay, 'shop').map(({ pointer, code, message }) => [pointer, code, message]);
}

describe('an overlay', () => {
  it.each([
    [
      'changes a source and keeps the field',
      { fields: { full_name: { from: ['legal_name', 'name'], reverse: 'name' } } },
    ],
    ['adds a field from the list', { fields: { extra: { from: 'phone' } } }],
    ['removes a rule, with the reason', { remove: { mail: 'kept by hand' } }],
    [
      'says what it drops',
      { fields: { full_name: { from: 'legal_name' } }, unsupported: { name: 'the legal name is wanted' } },
    ],
    ['makes the id another way, reversibly', { fields: { customer_id: { from: 'id', transform: ['escape_id'] } } }],
    ['has examples', { examples: [{ name: 'x', customer: { id: 'b' }, payload: { customer_id: 'b' } }] }],
  ])('has no findings when it %s', (_, overlay) => {
    expect(findingsOf(overlay)).toEqual([]);
  });

  it.each<[string, unknown, string, string, string]>([
    [
      'adds a field that is not on the list',
      { fields: { mali: { from: 'phone' } } },
      '/fields/mali',
      'overlay',
      'is not a field that an overlay may add (did you mean "mail"?)',
    ],
    [
      'removes what customers are found by',
      { remove: { customer_id: 'x' } },
      '/remove/customer_id',
      'overlay',
      'is what customers are found by',
    ],
    [
      'finds customers by something else',
      { fields: { customer_id: { from: 'email' } } },
      '/fields/customer_id',
      'overlay',
      'must have the source it has',
    ],
    [
      'finds only some customers',
      { fields: { customer_id: { from: 'id', when: { present: 'email' } } } },
      '/fields/customer_id',
      'overlay',
      'must have the source it has',
    ],
    ['gives no reason for a removal', { remove: { mail: '' } }, '/remove/mail', 'schema', 'is empty text'],
    [
      'lacks what a construct needs',
      { fields: { extra: { from: 'metadata', keyed: { shape: 'map' } } } },
      '/fields/extra/keyed',
      'schema',
      'write is missing',
    ],
    ['is for another provider', { provider: 'other' }, '/provider', 'overlay', 'is for other, not for shop'],
    [
      'reads a path that is not known',
      { fields: { mail: { from: 'mail' } } },
      '/fields/mail/from',
      'unknown_path',
      'unknown path "mail"',
    ],
    [
      'drops a field in silence',
      { fields: { full_name: { from: 'legal_name' } } },
      '/fields/full_name',
      'unmapped',
      'name is neither mapped nor unsupported',
    ],
    [
      'has an example that fails',
      { examples: [{ name: 'x', customer: { id: 'b' }, payload: { customer_id: 'c' } }] },
      '/examples/0/payload/customer_id',
      'example',
      'the mapping sends "b" here',
    ],
    [
      'cannot convert and does not say what then',
      { fields: { extra: { from: 'phone', transform: ['to_number'], read: false } } },
      '/fields/extra/transform',
      'limit_without_policy',
      'does not say',
    ],
    [
      'says why about no field',
      { unsupported: { nmae: 'x' } },
      '/unsupported/nmae',
      'unknown_path',
      '"nmae" is not a field',
    ],
  ])('is found out when it %s', (_, overlay, pointer, code, message) => {
    expect(findingsOf(overlay)).toEqual([[pointer, code, expect.stringContaining(message)]]);
  });

  it('without a name for its provider is asked for one', () => {
    expect(findingsIn({ remove: { mail: 'x' } })).toMatchObject([
      { code: 'provider', message: 'does not say which provider it is for' },
    ]);
    expect(findingsIn({ provider: 'shpo', remove: {} })).toMatchObject([
      { pointer: '/provider', message: 'there is no provider "shpo" (did you mean "shop"?)' },
    ]);
  });

  it('finds the mapping as the overlay before it left it', () => {
    const layer = (file: string, overlay: unknown) => ({ file, text: JSON.stringify(overlay), provider: 'shop' });
    const remove = { remove: { mail: 'kept by hand' } };
    const findings = lintTexts([layer('a.json', remove), layer('b.json', remove)], [shop]);
    expect(findings).toMatchObject([{ file: 'b.json', pointer: '/remove/mail', message: 'there is no such rule' }]);
  });
});

describe('a source mapping', () => {
  const id = { from: 'Nr' };

  it.each([
    ['columns', { fields: { id, email: { from: 'Mail' } }, ignored: { Notes: 'free text' } }],
    ['a constant that the customer can have', { fields: { id, type: { constant: 'company' } } }],
    ['a name that the normaliser understands', { fields: { id, 'address.country': { constant: 'Germany' } } }],
    [
      'a table with nothing in it',
      { fields: { id, type: { from: 'A', transform: [{ lookup: { table: {}, otherwise: 'company' } }] } } },
    ],
  ])('has no findings with %s', (_, mapping) => {
    expect(findingsIn(mapping)).toEqual([]);
  });

  it.each<[string, unknown, string, string]>([
    ['no id', { $schema: 'source-mapping.schema.json', fields: { email: { from: 'Mail' } } }, '/fields', 'source'],
    ['an unknown field', { fields: { id, emial: { from: 'Mail' } } }, '/fields/emial', 'unknown_path'],
    ['two sources', { fields: { id, email: { from: 'Mail', constant: 'x' } } }, '/fields/email', 'source'],
    [
      'a constant that no customer has',
      { fields: { id, type: { constant: 'firm' } } },
      '/fields/type/constant',
      'type_mismatch',
    ],
    [
      'a field inside another',
      { fields: { id, address: { from: 'A' }, 'address.city': { from: 'B' } } },
      '/fields/address.city',
      'duplicate_target',
    ],
    ['a column that it ignores and reads', { fields: { id }, ignored: { Nr: 'x' } }, '/ignored/Nr', 'duplicate_target'],
    [
      'a place that is never asked',
      { fields: { id, email: { from: ['A', 'A'] } } },
      '/fields/email/from/1',
      'unreachable',
    ],
    [
      'text through a list',
      { fields: { id, email: { from: 'A', transform: [{ split: ',' }, 'lower'] } } },
      '/fields/email/transform/1',
      'type_mismatch',
    ],
  ])('is found out with %s', (_, mapping, pointer, code) => {
    expect(findingsIn(mapping)).toMatchObject([{ pointer, code }]);
  });
});
