import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Comparison, deepEqual, isUnset, sameValue } from '../../../src/core/mapping/compare.js';

const comparisons: readonly Comparison[] = ['exact', 'ignore_case', 'ignore_order', 'contains'];
const json = fc.jsonValue({ maxDepth: 3 });

describe('unset', () => {
  it.each([[undefined], [null], ['']])('%j is', (value) => expect(isUnset(value)).toBe(true));
  it.each([[0], [false], [[]], [{}], [' ']])('%j is not', (value) => expect(isUnset(value)).toBe(false));

  it.each(comparisons)('is one thing, however it is written, under %s', (comparison) => {
    for (const wanted of [undefined, null, '']) {
      for (const stored of [undefined, null, '']) expect(sameValue(wanted, stored, comparison)).toBe(true);
      for (const stored of [0, false, 'x', [], {}]) {
        expect(sameValue(wanted, stored, comparison)).toBe(false);
        expect(sameValue(stored, wanted, comparison)).toBe(false);
      }
    }
  });
});

describe('sameValue', () => {
  const cases: readonly [Comparison, unknown, unknown, boolean][] = [
    ['exact', 'A', 'a', false],
    ['exact', 0, '0', false],
    ['exact', 0, -0, true],
    ['exact', 1, true, false],
    ['exact', ['a', 'b'], ['b', 'a'], false],
    ['exact', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['exact', { a: 1 }, { a: 1, b: 2 }, false],
    ['exact', { a: undefined }, { b: undefined }, false],
    ['exact', [], {}, false],
    ['ignore_case', 'Ada@Example.COM', 'ada@example.com', true],
    ['ignore_case', 'ÄDA@X', 'äda@x', true],
    ['ignore_case', 'ada', 'bea', false],
    ['ignore_case', 1, 1, true],
    ['ignore_order', ['a', 'b'], ['b', 'a'], true],
    ['ignore_order', ['a', 'a', 'b'], ['a', 'b', 'b'], false],
    ['ignore_order', ['a'], ['a', 'a'], false],
    ['ignore_order', [], [], true],
    ['ignore_order', ['a'], 'a', false],
    ['contains', { a: 1 }, { a: 1, b: 2 }, true],
    ['contains', { a: 1, b: 2 }, { a: 1 }, false],
    ['contains', { a: null }, {}, true],
    ['contains', { a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
    ['contains', [{ id: 1 }], [{ id: 1, extra: true }], true],
    ['contains', [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }], true],
    ['contains', [{ id: 1 }], [{ id: 1 }, { id: 2 }], false],
    ['contains', [], [{ id: 1 }], false],
    ['contains', [{ id: 1 }], { 0: { id: 1 } }, false],
    ['contains', { toString: 'x' }, {}, false],
    ['contains', 'a', 'A', false],
  ];

  it.each(cases)('%s: %j over %j is %s', (comparison, wanted, stored, same) => {
    expect(sameValue(wanted, stored, comparison)).toBe(same);
  });

  it('holds of every value and itself', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(...comparisons), (value, comparison) =>
        sameValue(value, structuredClone(value), comparison),
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(json, json, fc.constantFrom(...comparisons), (wanted, stored, comparison) => {
        expect(typeof sameValue(wanted, stored, comparison)).toBe('boolean');
      }),
    );
  });

  it('is the same both ways under exact, ignore_case and ignore_order', () => {
    fc.assert(
      fc.property(json, json, fc.constantFrom('exact', 'ignore_case', 'ignore_order'), (one, other, comparison) => {
        expect(sameValue(one, other, comparison)).toBe(sameValue(other, one, comparison));
      }),
    );
  });

  it('is exact where the values are written alike', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        if (JSON.stringify(one) === JSON.stringify(other)) expect(deepEqual(one, other)).toBe(true);
        if (deepEqual(one, other)) expect(other).toEqual(one);
      }),
    );
  });
});
