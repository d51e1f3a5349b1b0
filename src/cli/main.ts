#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { CommanderError } from 'commander';
import { isCustomerSyncError } from '../core/errors.js';
import { type Console, paint } from './console.js';
import { exitCode } from './exit-code.js';
import { packageFile } from './package-file.js';
import { createProgram } from './program.js';

const console: Console = process;

// The reader of our output may end first, as `head` does; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.done);
  throw error;
});

try {
  const { version }: { version: string } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const program = createProgram(console, version, (code) => {
    process.exitCode = code;
  });
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Says what went wrong, where commander has not said it already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (!isCustomerSyncError(error)) throw error;
  const title = paint(process.stderr, 'red', `error (${error.code}):`);
  process.stderr.write(`${title} ${error.message}\n  -> ${error.details.remedy}\n`);
  return exitCode.usage;
}
