import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compileIntegrations } from '../emulators/nango/compile.js';

const run = promisify(execFile);

/** What several test files use: the built command line, and the actions compiled by the real Nango CLI. */
export default async function setup(): Promise<void> {
  await Promise.all([
    compileIntegrations(),
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']),
  ]);
}
