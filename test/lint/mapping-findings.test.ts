import { describe, expect, it } from 'vitest';
import { findingsIn, mappingWith } from './provider-under-test.js';

/** What is found in a rule of a mapping that is good otherwise. */
function findingOf(rule: unknown) {
  const findings = findingsIn(mappingWith({ x: rule })).filter(({ pointer }) => pointer.startsWith('/fields/x'));
  return findings.map(({ pointer, code, message }) => [pointer.replace('/fields/x', ''), code, message]);
}

const own = 'provider_fields.shop';

describe('a good mapping', () => {
  it('has no findings', () => {
    expect(findingsIn(mappingWith({}))).toEqual([]);
  });

  it.each([
    ['a limit that no customer exceeds', { from: 'phone', max_length: 16 }],
    ['a limit with a policy', { from: 'legal_name', max_length: 9, overflow: 'truncate' }],
    ['allowed values that are all there are', { from: 'type', one_of: ['individual', 'company'] }],
    ['a table of all values', { from: 'type', transform: [{ lookup: { table: { individual: 'p', company: 'c' } } }] }],
    ['a condition that can hold', { from: 'legal_name', when: { in: ['type', ['company']] } }],
    ['a condition on metadata, whose kinds are open', { from: 'legal_name', when: { equals: ['metadata.a', 1] } }],
    ['a template of scalars', { template: '{legal_name} {tax_id}', reverse: false }],
    ['an item shape', { from: `${own}.contacts`, each: { to: 'email', vip: 'vip' } }],
    ['a constant as the last of several places', { from: ['legal_name', { constant: '-' }] }],
    ['text made of a boolean', { from: 'tax_exempt', transform: ['to_string'] }],
  ])('may have %s', (_, rule) => {
    expect(findingOf(rule)).toEqual([]);
  });
});

describe('a path', () => {
  it.each([
    ['', { from: 'legl_name' }, '/from', 'unknown path "legl_name" (did you mean "legal_name"?)'],
    [
      'of the provider',
      { from: `${own}.levle` },
      '/from',
      `unknown path "${own}.levle" (did you mean "${own}.level"?)`,
    ],
    ['of another provider', { from: 'provider_fields.other.x' }, '/from', 'unknown path "provider_fields.other.x"'],
    [
      'of an item',
      { from: `${own}.contacts`, each: { to: 'emial' } },
      '/each/to',
      'unknown path "emial" (did you mean',
    ],
    ['in a condition', { from: 'phone', when: { present: `${own}.levle` } }, '/when/present', 'unknown path'],
    [
      'in a place of several',
      { from: ['phone', { from: 'emial' }] },
      '/from/1/from',
      'unknown path "emial" (did you mean',
    ],
    ['of a stand-in', { from: 'phone', fallback: ['emial'] }, '/fallback/0', 'unknown path "emial" (did you mean'],
    ['to lead back to', { template: '{name}', reverse: 'emial' }, '/reverse', 'unknown path "emial" (did you mean'],
  ])('%s that is not known is found, with a suggestion', (_, rule, pointer, message) => {
    const [found, ...more] = findingOf(rule);
    expect(found).toEqual([pointer, 'unknown_path', expect.stringContaining(message)]);
    expect(more).toEqual([]);
  });
});

describe('a brace that belongs to no path', () => {
  it.each<[string, unknown, string]>([
    ['is not closed', { template: '{legal_name} {tax_id', reverse: false }, '/template'],
    ['is not opened', { template: 'legal_name} {tax_id}', reverse: false }, '/template'],
    ['holds nothing', { template: '{legal_name}{}', reverse: false }, '/template'],
    ['in a place of several', { from: ['phone', { template: '{name' }] }, '/from/1/template'],
    ['in a member', { object: { a: { template: '{name' } }, reverse: false }, '/object/a/template'],
    ['in a stand-in', { from: 'phone', fallback: [{ template: '{name' }] }, '/fallback/0/template'],
  ])('%s', (_, rule, pointer) => {
    expect(findingOf(rule)).toEqual([[pointer, 'path_syntax', expect.stringContaining('has a brace that is not')]]);
  });
});

describe('a type that cannot be right', () => {
  it.each<[string, unknown, string, string]>([
    [
      'a transform of text on a boolean',
      { from: 'tax_exempt', transform: ['lower'] },
      '/transform/0',
      '"lower" takes text',
    ],
    [
      'a transform on what the one before gives',
      { from: 'name', transform: [{ split: ',' }, 'lower'], read: false },
      '/transform/1',
      'and the value is a list',
    ],
    ['an object in a template', { template: '{address}', read: false }, '/template', 'address is an object'],
    [
      'keys of text',
      { from: 'legal_name', keyed: { shape: 'map', write: 'merge' } },
      '/keyed',
      'keyed is for an object',
    ],
    ['items of text', { from: 'legal_name', items: { key: 'a', carry: {} } }, '/items', 'items is for a list'],
    ['each of text', { from: 'legal_name', each: { a: 'b' } }, '/each', 'each goes through a list'],
    ['the length of a boolean', { from: 'tax_exempt', max_length: 3 }, '/max_length', 'max_length is for text'],
    ['values that nobody has', { from: 'type', one_of: ['x'], overflow: 'drop' }, '/one_of', 'no customer has one'],
    [
      'a default that is not allowed',
      { from: 'type', one_of: ['company'], overflow: 'drop', default: 'x' },
      '/default',
      'is not one',
    ],
    [
      'a flag that is no list',
      { from: 'metadata', keyed: { shape: 'entries', write: 'merge', flag: { shown: `${own}.level` } } },
      '/keyed/flag/shown',
      'a flag is a list of keys',
    ],
  ])('is found: %s', (_, rule, pointer, message) => {
    expect(findingOf(rule)).toContainEqual([pointer, 'type_mismatch', expect.stringContaining(message)]);
  });
});

describe('what is never reached', () => {
  const name = 'legal_name';
  it.each<[string, unknown, string, string]>([
    [
      'a value that a place never has',
      { from: name, when: { equals: ['type', 'firm'] } },
      '/when/equals/1',
      'type is never "firm": it is one of "individual", "company"',
    ],
    [
      'a boolean as text',
      { from: name, when: { equals: ['tax_exempt', 'true'] } },
      '/when/equals/1',
      'tax_exempt is never "true": it is one of true, false',
    ],
    [
      'a value of a long list',
      { from: name, when: { equals: ['address.country', 'USA'] } },
      '/when/equals/1',
      'address.country is never "USA": it is one of 250 others',
    ],
    ['one value of several', { from: name, when: { in: ['type', ['company', 'x']] } }, '/when/in/1/1', 'is never "x"'],
    [
      'a value of another kind',
      { from: name, when: { not: { equals: ['email', 1] } } },
      '/when/not/equals/1',
      'it is text',
    ],
    [
      'two values at once',
      { from: name, when: { all: [{ equals: ['type', 'company'] }, { equals: ['type', 'individual'] }] } },
      '/when/all',
      'asks for two things of type that exclude each other',
    ],
    [
      'present and absent at once',
      { from: name, when: { all: [{ present: 'phone' }, { not: { present: 'phone' } }] } },
      '/when/all',
      'asks for two things of phone',
    ],
    ['a place after a constant', { from: [name, { constant: 'x' }, 'phone'] }, '/from/2', 'always has a value'],
    ['a place after the id', { from: ['id', name], reverse: false }, '/from/1', 'always has a value'],
    ['a place that was asked before', { from: [name, name] }, '/from/1', 'is the same as one before it'],
    [
      'a stand-in for a constant',
      { from: [name, { constant: 'x' }], fallback: ['phone'] },
      '/fallback',
      'is never needed',
    ],
    [
      'a stand-in beside a default',
      { from: name, default: 'x', fallback: ['phone'] },
      '/fallback',
      'default comes first',
    ],
    [
      'required on updates only',
      { from: name, on: 'update', required: true },
      '/required',
      'the rule is for updates only',
    ],
  ])('is found: %s', (_, rule, pointer, message) => {
    expect(findingOf(rule)).toEqual([[pointer, 'unreachable', expect.stringContaining(message)]]);
  });
});

describe('a limit that a customer can exceed', () => {
  it.each<[string, unknown, string]>([
    ['the length of a name', { from: 'legal_name', max_length: 255 }, '/max_length'],
    ['a length in bytes', { from: 'phone', max_length: 16, count: 'bytes' }, '/max_length'],
    ['a length after a prefix', { from: 'type', transform: [{ prefix: 'type-' }], max_length: 10 }, '/max_length'],
    ['characters', { from: 'legal_name', characters: 'a-z' }, '/characters'],
    ['some of the values', { from: 'type', one_of: ['company'] }, '/one_of'],
    ['the number of items', { from: `${own}.tags`, max_items: 3 }, '/max_items'],
    [
      'the number of keys',
      { from: 'metadata', keyed: { shape: 'map', write: 'merge', max_items: 5 } },
      '/keyed/max_items',
    ],
    ['what a transform can convert', { from: 'legal_name', transform: ['to_number'], reverse: false }, '/transform'],
    ['what a table has', { from: 'type', transform: [{ lookup: { table: { company: 'c' } } }] }, '/transform'],
  ])('needs a policy: %s', (_, rule, pointer) => {
    expect(findingOf(rule)).toEqual([[pointer, 'limit_without_policy', expect.stringContaining('does not say')]]);
  });
});

describe('what the provider stores', () => {
  it.each<[string, unknown, string]>([
    ['of a transform that loses information', { from: 'legal_name', transform: ['first_word'] }, ''],
    [
      'of a table that gives the same for two values',
      { from: 'type', transform: [{ lookup: { table: { individual: 'x', company: 'x' } } }] },
      '',
    ],
    ['of a template', { template: '{first_name} {last_name}' }, ''],
    ['of a constant', { constant: 'x' }, ''],
    ['of a member', { object: { a: 'phone', b: { from: 'legal_name', transform: ['first_word'] } } }, '/object/b'],
  ])('cannot be led back: %s', (_, rule, pointer) => {
    expect(findingOf(rule)).toEqual([[pointer, 'no_reverse', expect.stringContaining('cannot be led back')]]);
    expect(findingOf({ ...Object(rule), reverse: false })).toEqual([]);
    expect(findingOf({ ...Object(rule), read: false })).toEqual([]);
  });

  it('is led back by one rule only', () => {
    expect(findingOf({ from: 'email' })).toEqual([['', 'no_reverse', 'leads back to email, as mail does']]);
  });
});

describe('a setting without effect', () => {
  it.each<[string, unknown]>([
    ['overflow', { from: 'legal_name', overflow: 'drop' }],
    ['overflow', { from: 'type', one_of: ['company'], overflow: 'truncate' }],
    ['hint', { from: 'legal_name', hint: 'x' }],
    ['count', { from: 'legal_name', count: 'bytes' }],
    ['hidden', { from: 'legal_name', hidden: ['a'] }],
    ['clear_reason', { from: 'legal_name', clear: 'null', clear_reason: 'x' }],
    ['clear', { from: 'legal_name', clear: 'null', on: 'create' }],
    ['compare', { from: 'legal_name', read: false, compare: 'ignore_case' }],
    ['default', { from: 'metadata', keyed: { shape: 'map', write: 'merge' }, default: 1 }],
  ])('is found: %s', (key, rule) => {
    expect(findingOf(rule)).toEqual([[`/${key}`, 'no_effect', expect.stringContaining(`${key} has no effect`)]]);
  });
});

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
