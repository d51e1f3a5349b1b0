import type { Console } from './console.js';

/** By npm's name of what runs: a script of a clone, or an installed package without being on the path. */
const calls: Readonly<Record<string, string>> = {
  'customer-sync': 'npm run customer-sync --',
  demo: 'npm run customer-sync --',
  npx: 'npx customer-sync',
};

/** What to type for this program, so that a line that it suggests can be copied. */
export function programName({ env }: Pick<Console, 'env'>): string {
  return calls[env['npm_lifecycle_event'] ?? ''] ?? 'customer-sync';
}
