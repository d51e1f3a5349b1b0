import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutJsonItems, findJsonFault } from '../../src/sources/json/json-scan.js';

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('finding the fault of a JSON text', () => {
  it.each([
    ['{"a":1,}', 1, 8, 'a key in quotes'],
    ['{"a":1', 1, 7, 'a comma or }'],
    ['[1,2', 1, 5, 'a comma or ]'],
    ['[1,]', 1, 4, 'a value'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{a:1}', 1, 2, 'a key in quotes or }'],
    ["{'a':1}", 1, 2, 'a key in quotes or }'],
    ['{"a":"x', 1, 8, 'a closing quote'],
    ['{"a":"x\ty"}', 1, 8, 'an escape sequence instead of a control character'],
    ['{"a":"\\x"}', 1, 7, 'an escape sequence of JSON'],
    ['{"a":"\\u12"}', 1, 7, 'an escape sequence of JSON'],
    ['{"a":1} {"b":2}', 1, 9, 'the end of the text'],
    ['[\n  {"a": 1},\n  {"a": nope}\n]', 3, 9, 'a value'],
    ['', 1, 1, 'a value'],
    ['01', 1, 2, 'the end of the text'],
  ])('of %j', (text, line, column, expected) => {
    expect(findJsonFault(text)).toMatchObject({ line, column, expected });
  });

  it('finds none in any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
        expect(findJsonFault(JSON.stringify(JSON.parse(text), undefined, indent))).toBeUndefined();
      }),
    );
  });

  it('agrees with JSON.parse on any text', () => {
    const jsonLike = fc.string({
      unit: fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        'u0',
        '1',
        '-',
        '.',
        'e',
        ' ',
        '\n',
        'true',
        'null',
        'a',
        '\u000b',
      ),
      maxLength: 12,
    });
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', '\\', '\n', '0', 'x'))
      .map(([text, at, insert]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + insert + text.slice(position + 1);
      });
    fc.assert(
      fc.property(fc.oneof(jsonLike, mutated), (text) => {
        expect(findJsonFault(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('gets through a text nested a hundred thousand deep', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(findJsonFault(text)).toBeUndefined();
    expect(findJsonFault(text.slice(0, -1))?.column).toBe(200_000);
  });
});

describe('cutting a JSON array', () => {
  it('gives each item as it stands in the text', () => {
    expect([...cutJsonItems(' [ {"a": 12345678901234567890} ,\n[1, "]"], "x,", 3 ] ')]).toEqual([
      '{"a": 12345678901234567890}',
      '[1, "]"]',
      '"x,"',
      '3',
    ]);
    expect([...cutJsonItems('[]')]).toEqual([]);
    expect([...cutJsonItems('[ \n ]')]).toEqual([]);
  });

  it('gives every item of any array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (items, indent) => {
        const texts = [...cutJsonItems(JSON.stringify(items, undefined, indent))];
        expect(texts.map((text): unknown => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });
});
