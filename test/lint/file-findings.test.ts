import { describe, expect, it } from 'vitest';
import { findingOf, findingsIn, mappingWith } from './provider-under-test.js';

describe('a mapping as a whole', () => {
  it('speaks of every canonical field', () => {
    const { mail: _, ...fields } = Object(mappingWith({})['fields']);
    const findings = findingsIn({ ...mappingWith({}), fields });
    expect(findings).toContainEqual(
      expect.objectContaining({
        pointer: '/fields',
        code: 'unmapped',
        message: 'email is neither mapped nor unsupported',
      }),
    );
  });

  it('speaks of every member of an address, and of every field of the provider', () => {
    const unsupported = { ...Object(mappingWith({})['unsupported']), address: undefined };
    const rules = { city: { from: 'address.city' } };
    const codes = findingsIn(mappingWith(rules, { unsupported })).map(({ message }) => message.split(' ')[0]);
    expect(codes).toEqual(['line1', 'line2', 'state', 'postal_code', 'country'].map((field) => `address.${field}`));
  });

  it('gives reasons for fields that are there', () => {
    const more = { unsupported: { ...Object(mappingWith({})['unsupported']), emial: 'x' }, not_written: { mail: 'x' } };
    expect(findingsIn(mappingWith({}, more)).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/unsupported/emial', 'unknown_path'],
      ['/not_written/mail', 'duplicate_target'],
    ]);
  });

  it('requires what customers are found by', () => {
    expect(findingsIn(mappingWith({ customer_id: { from: 'id' } }))).toMatchObject([
      { pointer: '/fields/customer_id', code: 'identity' },
    ]);
  });

  it.each([
    ['another value', { customer_id: 'b' }, '/examples/0/payload/customer_id', 'the mapping sends "a" here'],
    ['a value too many', { customer_id: 'a', x: 1 }, '/examples/0/payload/x', 'the mapping sends nothing here'],
    ['a value too few', {}, '/examples/0/payload', 'the mapping sends "a" here as well'],
  ])('has examples that come out as they say, without %s', (_, payload, pointer, message) => {
    const examples = [{ name: 'x', customer: { id: 'a' }, payload }];
    expect(findingsIn(mappingWith({}, { examples }))).toMatchObject([{ pointer, code: 'example', message }]);
  });

  it('has customers in its examples that are valid', () => {
    const customer = { id: 'a', phone: '030 1234', provider_fields: { shop: { level: 'x' } } };
    const examples = [{ name: 'x', customer, payload: { customer_id: 'a' } }];
    expect(findingsIn(mappingWith({}, { examples })).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the customer is not valid: phone /),
      expect.stringMatching(/^the customer is not valid: level /),
    ]);
  });
});

describe('a file', () => {
  it('is reported with the line and a pointer to the place', () => {
    const text = JSON.stringify(mappingWith({ 'a/b': { from: 'nmae' } }), null, 2);
    const line = text.split('\n').findIndex((row) => row.includes('nmae')) + 1;
    expect(findingsIn(text)).toEqual([
      {
        file: 'file.json',
        pointer: '/fields/a~1b/from',
        line,
        code: 'unknown_path',
        message: 'unknown path "nmae" (did you mean "name"?)',
        remedy: 'Use a field of the canonical customer, or one of metadata, external_ids and provider_fields.',
      },
    ]);
  });

  it('has no key twice in one object', () => {
    const text = JSON.stringify(mappingWith({})).replace('"mail":', '"mail":{"from":"phone"},\n"mail":');
    expect(findingsIn(text)).toMatchObject([{ pointer: '/fields/mail', line: 2, code: 'duplicate_target' }]);
  });

  it('has no field in two ways of writing', () => {
    expect(findingOf({ from: 'phone' })).toEqual([]);
    expect(findingsIn(mappingWith({ "['mail']": { from: 'phone' } }))).toMatchObject([{ code: 'duplicate_target' }]);
  });

  it.each([
    ['{"provider": "shop",', 'json', 'expected a key in quotes'],
    ['[]', 'schema', 'must be an object'],
    [
      JSON.stringify(mappingWith({ x: { form: 'name' } })),
      'schema',
      '"form" is not a known key (did you mean "from"?)',
    ],
    [JSON.stringify(mappingWith({ x: { from: 'name', transform: ['eval'] } })), 'schema', 'must be one of: trim'],
  ])('is refused: %j', (text, code, message) => {
    expect(findingsIn(text)).toContainEqual(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('of a provider that is not known here is checked without its fields', () => {
    expect(findingsIn(mappingWith({ x: { from: 'provider_fields.other.a' } }, { provider: 'other' }))).toEqual([]);
  });
});
