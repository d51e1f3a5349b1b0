#!/usr/bin/env node
import process from 'node:process';
import { exitCode } from './exit-code.js';
import { OutputClosed } from './output.js';
import { runCommand } from './run-command.js';

// Whoever writes is told; without a listener a closed pipe or a full disk would end the program in mid-run.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  process.exitCode = await runCommand(process, process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OutputClosed)) throw error;
  // Reads that are still in flight need not be waited for.
  process.exit(exitCode.done);
}
