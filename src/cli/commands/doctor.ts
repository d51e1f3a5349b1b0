import process from 'node:process';
import type { Command } from 'commander';
import yoctoSpinner from 'yocto-spinner';
import { type Console, canRedraw } from '../console.js';
import { diagnose } from '../doctor/diagnose.js';
import { exitCode } from '../exit-code.js';
import { writeText } from '../output.js';
import { checkCounts, doctorText } from '../report/doctor.js';

interface DoctorFlags {
  readonly config?: string;
  readonly json?: true;
}

export function addDoctor(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  command
    .option('--config <file>', 'the configuration (default: customer-sync.yaml, where there is one)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Looks at Node.js, the configuration and the files it names, sources, connections, the clock and the ledger, and says what
to do. Of each account it asks for one page of customers; a request that could write is refused, as in a dry run.

Exit codes: 0 nothing fails, 1 something fails, 2 wrong usage.`,
    )
    .action(async (flags: DoctorFlags) => {
      const spinner = canRedraw(console)
        ? yoctoSpinner({ text: 'looking at files, sources and accounts', stream: console.stderr }).start()
        : undefined;
      const { checks, isGivenUp } = await diagnose({ console, version, config: flags.config }).finally(() =>
        spinner?.stop(),
      );
      const counts = checkCounts(checks);
      const text = flags.json ? `${JSON.stringify({ checks, counts }, null, 2)}\n` : doctorText(checks, console.stdout);
      await writeText(console.stdout, text);
      const code = counts.fail > 0 ? exitCode.someFailed : exitCode.done;
      // A database that is busy with a query would hold the program until it is done.
      if (isGivenUp) process.exit(code);
      finish(code);
    });
}
