import { expect, it } from 'vitest';
import { definition as autumn } from '../../providers/autumn/definition.js';
import { definition as recharge } from '../../providers/recharge/definition.js';
import { definition as stripe } from '../../providers/stripe/definition.js';
import { environmentOf } from '../../src/connections/account.js';

const unknown = 'live or test: the key does not say';

it.each([
  { definition: stripe, key: 'sk_test_1', environment: 'sandbox' },
  { definition: stripe, key: 'rk_test_1', environment: 'sandbox' },
  { definition: stripe, key: 'sk_live_1', environment: 'live' },
  { definition: stripe, key: 'rk_live_1', environment: 'live' },
  { definition: stripe, key: 'pk_live_1', environment: unknown },
  { definition: autumn, key: 'am_sk_test_1', environment: 'sandbox' },
  { definition: autumn, key: 'am_sk_live_1', environment: 'live' },
  { definition: recharge, key: 'sk_1x1_1', environment: unknown },
] as const)('an account of $definition.id with the key $key is $environment', ({ definition, key, environment }) => {
  expect(environmentOf(definition, definition.api.base_url, key)).toBe(environment);
});

it.each(['http://127.0.0.1:8080', 'http://127.0.0.2', 'http://[::1]:8080', 'https://localhost/api'])(
  'is this machine where the base URL leads there, whatever the key says: %s',
  (url) => {
    expect(environmentOf(stripe, url, 'sk_live_1')).toBe('this machine');
  },
);

it.each(['https://127.0.0.1.example.test', 'https://localhost.example.test', 'not a URL'])(
  'is not this machine where the base URL only looks like it: %s',
  (url) => {
    expect(environmentOf(stripe, url, 'sk_live_1')).toBe('live');
  },
);
