import { describe, expect, it } from 'vitest';
import { parseMapping, parseOverlay } from '../../../src/core/mapping/compile-mapping.js';
import { refusalOf, sizeLimits } from '../../../src/core/mapping/input-size.js';
import { compileSourceMapping } from '../../../src/sources/mapping/compile-source-mapping.js';

function nested(depth: number, key: string): unknown {
  let value: unknown = 'end';
  for (let level = 1; level < depth; level += 1) value = { [key]: value };
  return value;
}

describe('the content of a mapping file', () => {
  it.each([
    ['as deep as allowed', nested(sizeLimits.depth, 'a'), undefined],
    ['one level deeper', nested(sizeLimits.depth + 1, 'a'), 'is nested more than 32 levels deep'],
    ['10,000 levels deep', nested(10_000, 'not'), 'is nested more than 32 levels deep'],
    ['a list as long as allowed', Array(sizeLimits.values - 1).fill(0), undefined],
    ['a list that is too long', Array(sizeLimits.values).fill(0), 'holds more than 20000 values'],
    ['a list of a million items', Array(1_000_000).fill(0), 'holds more than 20000 values'],
    ['a million characters', 'x'.repeat(1_000_000), undefined],
    ['one character more', ['x', 'x'.repeat(1_000_000)], 'holds more than 1000000 characters of text'],
    ['keys that are too long', { ['x'.repeat(1_000_001)]: 0 }, 'holds more than 1000000 characters of text'],
    ['a key that reaches a prototype', JSON.parse('{"a": [{"__proto__": 1}]}'), 'has the key "__proto__"'],
    ['null', null, undefined],
  ])('may or may not be: %s', (_, content, refusal) => {
    if (refusal === undefined) expect(refusalOf(content)).toBeUndefined();
    else expect(refusalOf(content)?.message).toContain(refusal);
  });

  it.each([
    ['too large', ['x', 'x'.repeat(1_000_000)], 'size', 'Write a mapping of a size'],
    ['a key that reaches a prototype', JSON.parse('{"__proto__": 1}'), 'schema', 'Remove the key'],
  ])('is refused with what to do: %s', (_, content, code, remedy) => {
    expect(refusalOf(content)).toMatchObject({ code, remedy: expect.stringContaining(remedy) });
  });

  it.each([
    ['a mapping', () => parseMapping({ fields: { a: { when: nested(10_000, 'not') } } }, 'file')],
    ['an overlay', () => parseOverlay({ fields: { a: { when: nested(10_000, 'not') } } }, 'file')],
    ['a source mapping', () => compileSourceMapping({ fields: { a: { when: nested(10_000, 'not') } } }, 'file')],
  ])('is looked at before anything else is done with it: %s', (_, parse) => {
    expect(parse).toThrow('file: is nested more than 32 levels deep');
  });
});
