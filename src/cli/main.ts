#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { CommanderError } from 'commander';
import { isCustomerSyncError } from '../core/errors.js';
import { checkNode } from './check-node.js';
import { type Console, paint } from './console.js';
import { exitCode } from './exit-code.js';
import { OutputClosed } from './output.js';
import { packageFile } from './package-file.js';
import { createProgram } from './program.js';
import { printable } from './report/values.js';

const console: Console = process;

// Whoever writes is told; without a listener a closed pipe or a full disk would end the program in mid-run.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  const { version, engines }: PackageFile = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  checkNode(engines.node, process.versions.node);
  const program = createProgram(console, version, (code) => {
    process.exitCode = code;
  });
  await program.parseAsync(process.argv);
} catch (error) {
  // Reads that are still in flight need not be waited for.
  if (error instanceof OutputClosed) process.exit(exitCode.done);
  process.exitCode = exitCodeOfError(error);
}

interface PackageFile {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** Says what went wrong, where commander has not said it already. */
function exitCodeOfError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (!isCustomerSyncError(error)) throw error;
  const title = paint(process.stderr, 'red', `error (${error.code}):`);
  process.stderr.write(`${title} ${printable(error.message)}\n  -> ${printable(error.details.remedy)}\n`);
  return exitCode.usage;
}
