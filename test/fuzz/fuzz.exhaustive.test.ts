import { expect, it } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { fuzzAnswers } from './answers.js';
import { newSeed } from './random.js';
import { fuzzRows, fuzzTornFile } from './rows.js';
import { fuzzSettings, readers } from './settings.js';
import { maxMs } from './watch.js';

const total = 100_000;

it.each(['jsonl', 'csv'] as const)('100,000 broken rows of %s have a result each', async (format) => {
  const { results, slowestMs } = await fuzzRows(format, total, newSeed());
  expect(results).toBe(total);
  expect(slowestMs).toBeLessThan(maxMs);
});

it.each(['jsonl', 'csv'] as const)(
  '1,000 files of %s of 100 rows that are torn anywhere lose no row',
  async (format) => {
    const seed = newSeed();
    for (let file = 0; file < total / 100; file += 1) {
      expect((await fuzzTornFile(format, 100, seed + file)).results, `seed ${seed + file}`).toBeGreaterThan(0);
    }
  },
);

it.each(SUBJECTS)('whatever $id answers, a customer has one outcome: 100,000 answers', async (subject) => {
  expect((await fuzzAnswers(subject, total, newSeed())).answers).toBeGreaterThanOrEqual(total);
});

it.each(Object.keys(readers))('100,000 times, %s that is wrong is taken or refused, and never breaks', async (name) => {
  const { taken, refused } = await fuzzSettings(name, total, newSeed());
  expect(taken + refused).toBe(total);
});
