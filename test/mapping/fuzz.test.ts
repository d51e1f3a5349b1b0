import { expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { mappingOf } from '../core/mapping/plan-under-test.js';
import { compileViolations, fuzz } from './fuzz.js';

it('random customers break no mapping and no limit (`npm run test:exhaustive` takes 100,000)', () => {
  const { payloads, refused } = fuzz(300, Math.floor(Math.random() * 2 ** 31));
  // Four payloads for each provider; some customers are refused, most are not.
  expect(payloads + refused).toBe(300 * builtInProviders.length * 4);
  expect(payloads).toBeGreaterThan(refused);
});

it.each<[string, object, string]>([
  ['lago', { name: 'x'.repeat(256) }, 'name is over a limit'],
  ['lago', { metadata: 'abcdef'.split('').map((key) => ({ key, value: 'x' })) }, 'metadata has 6 keys'],
  ['lago', { metadata: [{ key: 'a', value: 'x'.repeat(101) }] }, 'metadata has a long entry'],
  ['flexprice', { address_city: 'ä'.repeat(51) }, 'address_city is over a limit'],
  ['autumn', { customer_id: 'a.b' }, 'customer_id is over a limit'],
])('what it looks for it finds: %s %j', (provider, payload, violation) => {
  expect(compileViolations(mappingOf(provider))(payload)).toEqual([violation]);
});
