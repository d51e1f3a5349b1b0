import { describe, expect, it } from 'vitest';
import { findingOf, findingsIn, mappingWith } from './provider-under-test.js';

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
