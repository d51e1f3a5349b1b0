import { readFileSync } from 'node:fs';
import process from 'node:process';
import { CommanderError } from 'commander';
import { isCustomerSyncError } from '../core/errors.js';
import { checkNode } from './check-node.js';
import { codeHint } from './code-hint.js';
import { type Console, paint, say } from './console.js';
import { exitCode } from './exit-code.js';
import { packageFile } from './package-file.js';
import { createProgram } from './program.js';
import { printable } from './report/values.js';

interface PackageFile {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/**
 * Runs one command, as typed behind the program's name, and answers the exit code. What went wrong is said on stderr.
 * @throws OutputClosed when nobody reads the output any more.
 */
export async function runCommand(console: Console, args: readonly string[]): Promise<number> {
  let code: number = exitCode.done;
  try {
    const { version, engines }: PackageFile = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
    checkNode(engines.node, process.versions.node);
    const finish = (ended: number) => {
      code = ended;
    };
    const program = await createProgram({ console, version, finish }, args);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    if (!isCustomerSyncError(error)) throw error;
    const title = paint(console.stderr, 'red', `error (${error.code}):`);
    const hint = codeHint(new Set([error.code]));
    say(console, `${title} ${printable(error.message)}\n  -> ${printable(error.details.remedy)}\n  ${hint}`);
    return exitCode.usage;
  }
}
