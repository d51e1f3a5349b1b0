import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/mapping/path.js';
import type { Pointer } from '../../src/core/mapping/places.js';
import { jsonPointer, jsonPositions } from '../../src/sources/json/json-positions.js';

const text = `{
  "fields": {
    "a": { "from": "id" },
    "b": [
      1,
      { "x/y": null }
    ]
  },
  "none": {}, "empty": []
}`;

describe('the positions in a JSON text', () => {
  it.each<[Pointer, number]>([
    [[], 1],
    [['fields'], 2],
    [['fields', 'a', 'from'], 3],
    [['fields', 'b'], 4],
    [['fields', 'b', 0], 5],
    [['fields', 'b', 1, 'x/y'], 6],
    [['none'], 9],
    [['empty'], 9],
    [['fields', 'a', 'missing', 'deeper'], 3],
    [['missing'], 1],
  ])('%j is on line %i', (at, line) => {
    expect(jsonPositions(text).lineOf(at)).toBe(line);
  });

  it('tell the keys that an object has twice, however they are written', () => {
    const { duplicates, lineOf } = jsonPositions('{"a": {"b": 1,\n"\\u0062": 2}, "c": {"b": 3},\n"a": {"b": 4}}');
    expect(duplicates).toEqual([['a', 'b'], ['a']]);
    expect(lineOf(['a', 'b'])).toBe(3);
  });

  it('are found in a text that is nested deeply', () => {
    const depth = 1_000;
    expect(() => jsonPositions('['.repeat(depth) + ']'.repeat(depth))).not.toThrow();
  });

  it('are those of every member, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const written = JSON.stringify(value, null, 1);
        const { lineOf, duplicates } = jsonPositions(written);
        expect(duplicates).toEqual([]);
        const lines = written.split('\n');
        for (const { at, key } of members(value, [])) {
          expect(lines[lineOf(at) - 1]).toContain(typeof key === 'string' ? `${JSON.stringify(key)}:` : '');
        }
      }),
    );
  });
});

function members(value: unknown, at: Pointer): { at: Pointer; key: string | number }[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return [{ at: [...at, key], key }, ...members(value[name], [...at, key])];
  });
}

describe('a JSON pointer', () => {
  it('escapes what has a meaning in it', () => {
    expect(jsonPointer(['fields', 'a/b', 'c~d', 0])).toBe('/fields/a~1b/c~0d/0');
    expect(jsonPointer([])).toBe('');
  });
});
