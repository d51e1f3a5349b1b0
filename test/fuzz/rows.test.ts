import { expect, it, vi } from 'vitest';
import { newSeed } from './random.js';
import { fuzzRows, fuzzTornFile } from './rows.js';
import { maxMs } from './watch.js';

// A machine that is busy with something else may take long for some seconds' work.
vi.setConfig({ testTimeout: 120_000 });

const formats = ['jsonl', 'csv'] as const;

it.each(formats)('10,000 broken rows of %s have a result each', async (format) => {
  const seed = newSeed();
  const { given, results, planned, slowestMs } = await fuzzRows(format, 10_000, seed);
  expect(results, `seed ${seed}`).toBe(given);
  // Neither all nor none can be read, else it tests nothing.
  expect(planned, `seed ${seed}`).toBeGreaterThan(given / 20);
  expect(planned, `seed ${seed}`).toBeLessThan(given);
  expect(slowestMs, `seed ${seed}`).toBeLessThan(maxMs);
});

it.each(formats)('files of %s that are torn anywhere lose no row that can be told', async (format) => {
  const seed = newSeed();
  for (let file = 0; file < 20; file += 1) {
    const { results } = await fuzzTornFile(format, 100, seed + file);
    expect(results, `seed ${seed + file}`).toBeGreaterThan(0);
  }
});
