import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePointLength, cut, utf8Length } from '../../../src/core/mapping/limits.js';
import { mapCustomer } from './mapping-under-test.js';

const anyText = fc.string({ unit: 'binary' });

describe('max_length', () => {
  it.each([
    ['counts code points', { max_length: 2 }, '🙂🙂', true],
    ['refuses one code point more', { max_length: 2 }, '🙂🙂x', false],
    ['counts bytes where the provider does', { max_length: 4, count: 'bytes' }, '🙂', true],
    ['refuses one byte more', { max_length: 3, count: 'bytes' }, '🙂', false],
    ['counts two bytes for é', { max_length: 3, count: 'bytes' }, 'éé', false],
    ['counts three bytes for 漢', { max_length: 6, count: 'bytes' }, '漢字', true],
    ['has nothing to say about numbers', { max_length: 1 }, 12345, true],
    ['has nothing to say about lists', { max_length: 1 }, ['a', 'b'], true],
  ])('%s', (_, limits, name, accepted) => {
    const { payload, issues } = mapCustomer({ target: { from: 'name', ...limits } }, { name });
    expect(payload).toEqual(accepted ? { target: name } : {});
    expect(issues).toHaveLength(accepted ? 0 : 1);
  });
});

describe('a value over a limit', () => {
  const name = 'héllo wörld';

  it('is an error where the rule says nothing', () => {
    expect(mapCustomer({ target: { from: 'name', max_length: 5 } }, { name })).toEqual({
      payload: {},
      issues: [{ field: 'name', message: 'has 11 characters, 5 are allowed' }],
      warnings: [],
    });
  });

  it('tells what to do where the rule has a hint', () => {
    const fields = { target: { from: 'name', max_length: 5, hint: 'use a shorter one' } };
    expect(mapCustomer(fields, { name }).issues).toEqual([
      { field: 'name', message: 'has 11 characters, 5 are allowed; use a shorter one' },
    ]);
  });

  it('is cut with a warning under truncate', () => {
    expect(mapCustomer({ target: { from: 'name', max_length: 5, overflow: 'truncate' } }, { name })).toEqual({
      payload: { target: 'héllo' },
      issues: [],
      warnings: [
        { code: 'truncated', field: 'name', message: 'has 11 characters, 5 are allowed; the rest was cut off' },
      ],
    });
  });

  it('is left out with a warning under drop', () => {
    expect(mapCustomer({ target: { from: 'name', max_length: 5, overflow: 'drop' } }, { name })).toEqual({
      payload: {},
      issues: [],
      warnings: [{ code: 'dropped', field: 'name', message: 'has 11 characters, 5 are allowed; left out' }],
    });
  });

  it('that is dropped on update leaves the stored value alone', () => {
    const fields = { target: { from: 'name', max_length: 5, overflow: 'drop', clear: 'null' } };
    expect(mapCustomer(fields, { name }, 'update').payload).toEqual({});
  });

  it.each([
    ['characters', { characters: 'a-z' }, 'has characters outside a-z'],
    ['one_of', { one_of: ['a', 'b'] }, 'is not one of a, b'],
    ['a one_of of twelve', { one_of: 'abcdefghijkl'.split('') }, 'is not one of a, b, c, d, e, f, g, h, i, j, k, l'],
    ['a long one_of', { one_of: 'abcdefghijklm'.split('') }, 'is not one of the 13 allowed values'],
  ])('of %s cannot be cut, so that truncate is an error', (_, limit, message) => {
    const { payload, issues } = mapCustomer({ target: { from: 'name', overflow: 'truncate', ...limit } }, { name });
    expect(payload).toEqual({});
    expect(issues).toEqual([{ field: 'name', message }]);
  });

  it('that cannot be cut to even one character is an error', () => {
    const fields = { target: { from: 'name', max_length: 3, count: 'bytes', overflow: 'truncate' } };
    expect(mapCustomer(fields, { name: '🙂' })).toMatchObject({ payload: {}, issues: [{ field: 'name' }] });
  });

  it('is not cut to something that another limit refuses', () => {
    const fields = { target: { from: 'name', max_length: 5, characters: 'a-z ', overflow: 'truncate' } };
    expect(mapCustomer(fields, { name }).issues).toEqual([{ field: 'name', message: 'has characters outside a-z ' }]);
  });
});

describe('characters', () => {
  it.each([
    ['A-Za-z0-9_:-', 'a:b_C-9', true],
    ['A-Za-z0-9_:-', 'a.b', false],
    ['a\\]^[', '[a]^\\', true],
    ['^a', 'b', false],
    ['^a', '^a', true],
    ['🙂-🙆', '🙃', true],
  ])('%s over %s is %s', (characters, name, accepted) => {
    expect(mapCustomer({ target: { from: 'name', characters } }, { name }).issues).toHaveLength(accepted ? 0 : 1);
  });
});

describe('one_of', () => {
  it.each([
    [['a', 1, true], 'a', true],
    [['a', 1, true], 1, true],
    [['a', 1, true], '1', false],
    [['a', 1, true], true, true],
    [['a', 1, true], 'true', false],
    [['a', 1, true], [], false],
  ])('%j over %j is %s', (members, name, accepted) => {
    expect(mapCustomer({ target: { from: 'name', one_of: members } }, { name }).issues).toHaveLength(accepted ? 0 : 1);
  });
});

describe('the measures', () => {
  it('count UTF-8 bytes as an encoder does', () => {
    fc.assert(fc.property(anyText, (text) => utf8Length(text) === new TextEncoder().encode(text).length));
  });

  it.each([
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\uffff', 3],
    ['\u{10000}', 4],
    ['\u{10ffff}', 4],
  ])('count %j as %i bytes', (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
  });

  it('count code points', () => {
    fc.assert(fc.property(anyText, (text) => codePointLength(text) === [...text].length));
  });

  it('cut to the longest beginning that fits, never half a character', () => {
    fc.assert(
      fc.property(anyText, fc.nat(12), fc.constantFrom(codePointLength, utf8Length), (text, max, measure) => {
        const kept = cut(text, max, measure);
        const next = [...text.slice(kept.length)][0] ?? '';
        expect(text.startsWith(kept)).toBe(true);
        expect(kept.isWellFormed()).toBe(true);
        expect(measure(kept)).toBeLessThanOrEqual(max);
        expect(next === '' || measure(kept + next) > max).toBe(true);
      }),
    );
  });
});
