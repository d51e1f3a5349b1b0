import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compileIntegrations } from '../emulators/nango/compile.js';
import { builtInProviders } from '../integrations/registry.js';
import { writeCopies } from '../src/nango-project/make-copy.js';
import { countSearches } from './security/search-count.js';

const run = promisify(execFile);

/**
 * What several test files use: the built command line with its copies of the integrations, and the actions compiled by the
 * real Nango CLI. In the end it says how much was searched for what must stand nowhere.
 */
export default async function setup(): Promise<() => void> {
  const searched = countSearches();
  await Promise.all([
    compileIntegrations(),
    writeCopies(
      process.cwd(),
      builtInProviders.map(({ definition }) => definition.id),
    ),
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']),
  ]);
  return () => process.stdout.write(`${searched()}\n`);
}
