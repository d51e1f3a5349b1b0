import { expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { fuzz } from './fuzz.js';

it('100,000 random customers break no mapping and no limit of any provider', () => {
  const { payloads, refused } = fuzz(100_000, 20_261_121);
  expect(payloads + refused).toBe(100_000 * 4 * builtInProviders.length);
  expect(payloads).toBeGreaterThan(refused);
});
