import { expect, it } from 'vitest';
import { parseConfiguration } from '../../src/config/read-configuration.js';
import { newSeed } from './random.js';
import { configuration, fuzzSettings, readers } from './settings.js';

it('the configuration that is bent is a good one', () => {
  expect(() => parseConfiguration(configuration, 'c.yaml')).not.toThrow();
});

/** As many as take a second or two; a configuration costs some milliseconds. `npm run test:exhaustive` takes 100,000 each. */
const times: Readonly<Record<string, number>> = {
  'a mapping': 5_000,
  'an overlay': 5_000,
  'a source mapping': 10_000,
  'a configuration': 500,
};

it.each(Object.keys(readers))('%s that is wrong is taken or refused, and never breaks', async (name) => {
  const seed = newSeed();
  const count = times[name] ?? 0;
  const { taken, refused } = await fuzzSettings(name, count, seed);
  expect(taken, `seed ${seed}`).toBeGreaterThan(count / 100);
  expect(refused, `seed ${seed}`).toBeGreaterThan(count / 100);
});
