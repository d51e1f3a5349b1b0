import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCustomerSyncError } from '../../../src/core/errors.js';
import { compileGetter, compileSetter, formatPath, parsePath, refusedKeys } from '../../../src/core/mapping/path.js';

describe('a path', () => {
  it.each([
    ['name', ['name']],
    ['address.city', ['address', 'city']],
    ["metadata['crm.id']", ['metadata', 'crm.id']],
    ["metadata['crm.id'].x", ['metadata', 'crm.id', 'x']],
    ["['a.b']['c[0]']", ['a.b', 'c[0]']],
    ["metadata['O''Brien']", ['metadata', "O'Brien"]],
    ["metadata.O'Brien", ['metadata', "O'Brien"]],
    ["metadata['']", ['metadata', '']],
    ["metadata['a']", ['metadata', 'a']],
    ['metadata.crm id', ['metadata', 'crm id']],
    ['metadata.ключ', ['metadata', 'ключ']],
  ])('%s is read', (path, keys) => {
    expect(parsePath(path)).toEqual(keys);
  });

  it.each([
    '',
    '.',
    '.name',
    'name.',
    'a..b',
    'a[b]',
    "a['b",
    "a['b']c",
    "a.['b']",
    'a]',
    "a['b''",
    "a['b'c']",
    '[0]',
    'a["b"]',
  ])('%j is refused', (path) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'mapping' }));
  });

  it.each([...refusedKeys].flatMap((key) => [key, `a.${key}`, `a['${key}'].b`]))('%s is not allowed', (path) => {
    expect(() => parsePath(path)).toThrow(/is not allowed/);
  });

  it('comes back as it was written, whatever its keys hold', () => {
    const unit = fc.constantFrom('a', 'B', '.', "'", '[', ']', '"', ' ', '\\', '\n', '0', 'é', '🙂');
    const key = fc.string({ unit, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
        expect(parsePath(formatPath(keys))).toEqual(keys);
      }),
    );
  });

  it('is read or refused with a mapping error, whatever is written', () => {
    const unit = fc.constantFrom('a', 'b', '.', "'", '[', ']', ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (path) => {
        try {
          expect(parsePath(formatPath(parsePath(path)))).toEqual(parsePath(path));
        } catch (error) {
          expect(isCustomerSyncError(error)).toBe(true);
        }
      }),
    );
  });
});

describe('a getter', () => {
  it.each([[['a']], [['a', 'b']], [['a', 'b', 'c']], [['toString']], [['a', 'toString']]])(
    'over %j finds nothing in values without keys',
    (keys) => {
      for (const root of [undefined, 'text', 7, true]) expect(compileGetter(keys)(root)).toBeUndefined();
      expect(compileGetter(keys)(null)).toBeNull();
    },
  );

  it.each([
    [['a', 'b', 'c'], { a: { b: { c: 1 } } }, 1],
    [['a', 'b', 'c'], { a: { b: null } }, null],
    [['a', 'b', 'c'], { a: { b: 'text' } }, undefined],
    [['a', 'b'], { a: null }, null],
    [['a', 'b'], { a: 7 }, undefined],
    [['a', 'valueOf'], { a: {} }, undefined],
    [['hasOwnProperty', 'b'], {}, undefined],
    [['hasOwnProperty', 'b'], { hasOwnProperty: { b: 1 } }, 1],
    [[], 7, 7],
  ])('over %j in %j finds %j', (keys, root, found) => {
    expect(compileGetter(keys)(root)).toEqual(found);
  });
});

describe('a setter', () => {
  it('makes the objects on the way, and puts beside what is there', () => {
    const payload = { a: { x: 1 }, b: 7 };
    compileSetter(['a', 'b', 'c'])(payload, 2);
    compileSetter(['b', 'c'])(payload, 3);
    compileSetter(['d'])(payload, null);
    expect(payload).toEqual({ a: { x: 1, b: { c: 2 } }, b: { c: 3 }, d: null });
  });
});
