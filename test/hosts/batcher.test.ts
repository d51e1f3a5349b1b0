import { describe, expect, it } from 'vitest';
import { createBatcher } from '../../src/hosts/batcher.js';

function open(work: (items: readonly string[]) => Promise<readonly string[]>) {
  const batches: string[][] = [];
  const batcher = createBatcher<string, string>({
    maxItems: 3,
    maxBytes: 10,
    sizeOf: (item) => item.length,
    async work(items) {
      batches.push([...items]);
      return work(items);
    },
  });
  return { batches, addAll: (items: readonly string[]) => Promise.all(items.map((item) => batcher.add(item))) };
}

const shout = async (items: readonly string[]) => items.map((item) => item.toUpperCase());

describe('what is added at about the same time', () => {
  it('goes in batches of at most so many, and everybody gets the own result', async () => {
    const { batches, addAll } = open(shout);
    expect(await addAll(['a', 'b', 'c', 'd'])).toEqual(['A', 'B', 'C', 'D']);
    expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('goes in batches of at most so many bytes', async () => {
    const { batches, addAll } = open(shout);
    await addAll(['12345', '12345', '1', '1234567890', '12']);
    expect(batches).toEqual([['12345', '12345'], ['1'], ['1234567890'], ['12']]);
  });

  it('goes alone where it is too large alone', async () => {
    const { batches, addAll } = open(shout);
    await addAll(['1', '12345678901', '2']);
    expect(batches).toEqual([['1'], ['12345678901'], ['2']]);
  });
});

it('works on one batch after another', async () => {
  let busy = 0;
  const { batches, addAll } = open(async (items) => {
    busy += 1;
    expect(busy).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    busy -= 1;
    return items;
  });
  await addAll([...'abcdefgh']);
  expect(batches.map((batch) => batch.length)).toEqual([3, 3, 2]);
});

it('takes up work again after it had nothing to do', async () => {
  const { addAll } = open(shout);
  expect(await addAll(['a'])).toEqual(['A']);
  expect(await addAll(['b'])).toEqual(['B']);
});

it('a batch that fails fails for those in it and for nobody else', async () => {
  const { batches, addAll } = open(async (items) => {
    if (items.includes('bad')) throw new RangeError('no');
    return items;
  });
  const settled = await Promise.allSettled([addAll(['bad', 'x', 'y']), addAll(['z'])]);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(batches).toHaveLength(2);
});

it('an answer with too few results is a failure for those without one', async () => {
  const { addAll } = open(async () => []);
  await expect(addAll(['a'])).rejects.toThrow('too few results');
});
