import { describe, expect, it } from 'vitest';
import { CustomerSyncError } from '../../../src/core/errors.js';
import { compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import { compileFields, type Fields, mappingFile } from './mapping-under-test.js';

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CustomerSyncError && error.code === 'mapping') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a mapping file is refused', () => {
  const good = { from: 'name' };

  it.each<[string, Fields, string]>([
    ['no place', { a: {} }, 'test: fields.a: needs exactly one of from, template, constant and object'],
    [
      'two places',
      { a: { from: 'name', constant: 1 } },
      'test: fields.a: needs exactly one of from, template, constant and object',
    ],
    ['an unknown path', { a: { from: 'nmae' } }, 'test: fields.a: unknown path "nmae" (did you mean "name"?)'],
    ['an unknown part of an address', { a: { from: 'address.zip' } }, 'test: fields.a: unknown path "address.zip"'],
    [
      'a part of an address without the address',
      { a: { from: 'city' } },
      'test: fields.a: unknown path "city" (did you mean "address.city"?)',
    ],
    ['a field below one that has none', { a: { from: 'name.first' } }, 'test: fields.a: unknown path "name.first"'],
    [
      'a quoted path that only looks canonical',
      { a: { from: "['address.city']" } },
      'unknown path "[\'address.city\']"',
    ],
    ['an unknown path among several', { a: { from: ['name', { from: 'foo' }] } }, 'test: fields.a: unknown path "foo"'],
    ['an unknown path in a template', { a: { template: '{name} {foo}' } }, 'test: fields.a: unknown path "foo"'],
    ['an unknown path in when', { a: { ...good, when: { not: { any: [{ present: 'foo' }] } } } }, 'unknown path "foo"'],
    ['an unknown path in equals', { a: { ...good, when: { all: [{ equals: ['foo', 1] }] } } }, 'unknown path "foo"'],
    ['an unknown path in in', { a: { ...good, when: { in: ['foo', [1]] } } }, 'unknown path "foo"'],
    ['an unknown path in fallback', { a: { ...good, fallback: [{ template: '{foo}' }] } }, 'unknown path "foo"'],
    ['an unknown path in reverse', { a: { ...good, reverse: 'foo' } }, 'unknown path "foo"'],
    [
      'an unknown path in flag',
      { a: { from: 'metadata', keyed: { shape: 'entries', write: 'replace', flag: { shown: 'foo' } } } },
      'unknown path "foo"',
    ],
    [
      'a path that reaches a prototype',
      { a: { from: 'metadata.__proto__.x' } },
      'fields.a: path "metadata.__proto__.x" is',
    ],
    ['a path that cannot be read', { a: { from: 'metadata[0]' } }, 'test: fields.a: path "metadata[0]" cannot be read'],
    ['a target that cannot be read', { 'a[': good }, 'test: fields.a[: path "a[" cannot be read'],
    ['a target that reaches a prototype', { 'constructor.prototype.x': good }, 'is not allowed'],
    ['a read that cannot be read', { a: { ...good, read: 'x.' } }, 'path "x." cannot be read'],
    ['a read_item that cannot be read', { a: { ...good, read_item: 'x.' } }, 'path "x." cannot be read'],
    [
      'a range that runs backwards',
      { a: { ...good, characters: 'z-a' } },
      'characters "z-a" has a range that runs backwards',
    ],
    ['one field with two rules', { 'a.b': good, "a['b']": good }, "test: fields.a['b']: is the same field as a.b"],
    [
      'a field and a part of it with rules',
      { 'a.b.c': good, a: good },
      'test: fields.a.b.c: is a part of a, which has a rule of its own',
    ],
  ])('for %s', (_, fields, message) => {
    expect(problemOf(() => compileFields(fields))).toContain(message);
  });

  it.each([
    ['an unknown key of a rule', { fields: { a: { form: 'name' } } }, 'fields.a.form: is not a known field'],
    [
      'an unknown transform',
      { fields: { a: { from: 'name', transform: ['eval'] } } },
      'fields.a.transform.0: must be one of: trim',
    ],
    [
      'an unknown condition',
      { fields: { a: { from: 'name', when: { matches: 'x' } } } },
      'fields.a.when: must be one of',
    ],
    ['a path that is too long', { fields: { a: { from: 'x'.repeat(201) } } }, 'fields.a.from'],
    [
      'a constant that is an object',
      { fields: { a: { constant: {} } } },
      'fields.a.constant: does not fit (it is an object)',
    ],
    ['no examples', { examples: [] }, 'examples'],
    ['an unknown key', { feilds: {} }, 'feilds: is not a known field'],
  ])('by its schema for %s', (_, more, message) => {
    expect(problemOf(() => parseMapping(mappingFile({}, more), 'test'))).toContain(message);
  });

  it('with its one problem', () => {
    const message = problemOf(() => compileFields({ a: { from: 'foo' } }));
    expect(message).toBe('test: fields.a: unknown path "foo"');
  });

  it('with the first problem and the number of the others', () => {
    const message = problemOf(() => compileFields({ a: { from: 'foo' }, b: { from: 'bar' }, c: {} }));
    expect(message).toMatch(/^test: fields\.a: unknown path "foo" \(and 2 more: fields\.b: .*; fields\.c: .*\)$/);
  });
});

describe('a compiled mapping', () => {
  it('takes every canonical path', () => {
    const paths = [
      'id',
      'address',
      'address.city',
      'metadata',
      'metadata.any',
      "external_ids['a.b']",
      'provider_fields.x.y',
    ];
    const fields = Object.fromEntries(paths.map((from, index) => [`t${index}`, { from }]));
    expect(() => compileFields(fields)).not.toThrow();
  });

  it('allows two fields of which one only begins like the other', () => {
    expect(() =>
      compileFields({ 'a.b': { from: 'name' }, 'a.bc': { from: 'name' }, ab: { from: 'name' } }),
    ).not.toThrow();
  });

  it('leaves the mapping as it was', () => {
    const mapping = parseMapping(mappingFile({ a: { from: ['name', 'id'], transform: ['trim', 'upper'] } }), 'test');
    const before = structuredClone(mapping);
    compileMapping(mapping);
    expect(mapping).toEqual(before);
  });
});
