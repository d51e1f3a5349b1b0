import { inspect } from 'node:util';
import { expect } from 'vitest';

/** The key of these tests, which must never be seen. */
export const SECRET = 'sk_test_do-not-print-me';

export function expectNoSecret(value: unknown): void {
  const shown = [
    inspect(value, { depth: 10, showHidden: true, getters: true }),
    JSON.stringify(value, Object.getOwnPropertyNames(value ?? {})),
    JSON.stringify(value),
    String(value),
  ].join('\n');
  expect(shown).not.toContain(SECRET);
  expect(shown).not.toContain('joe@example.test');
}
