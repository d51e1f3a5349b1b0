import { expect, it } from 'vitest';
import { programName } from '../../src/cli/program-name.js';

it.each([
  [undefined, 'customer-sync'],
  ['customer-sync', 'npm run customer-sync --'],
  ['demo', 'npm run customer-sync --'],
  ['npx', 'npx customer-sync'],
  ['sync-nightly', 'customer-sync'],
])('called by the npm script %s, it suggests commands that begin with: %s', (script, name) => {
  expect(programName({ env: { npm_lifecycle_event: script } })).toBe(name);
});
