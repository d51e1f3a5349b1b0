import { expect, it, vi } from 'vitest';
import { newSeed } from './random.js';
import { fuzzSettings, readers } from './settings.js';

// A machine that is busy with something else may take long for some seconds' work.
vi.setConfig({ testTimeout: 120_000 });

const count = 10_000;

it.each(Object.keys(readers))('%s that is wrong is taken or refused, and never breaks: 10,000 times', async (name) => {
  const seed = newSeed();
  const { taken, refused } = await fuzzSettings(name, count, seed);
  expect(taken, `seed ${seed}`).toBeGreaterThan(count / 100);
  expect(refused, `seed ${seed}`).toBeGreaterThan(count / 100);
});
