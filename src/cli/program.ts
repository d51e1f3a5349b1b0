import { Command } from 'commander';
import { addApply } from './commands/apply.js';
import { addDemo } from './commands/demo.js';
import { addDryRun } from './commands/dry-run.js';
import { addEmulate } from './commands/emulate.js';
import { addExplain } from './commands/explain.js';
import { addFailures } from './commands/failures.js';
import { addHistory } from './commands/history.js';
import { addInit } from './commands/init.js';
import { addLedger } from './commands/ledger.js';
import { addLink } from './commands/link.js';
import { addLint } from './commands/lint.js';
import { addNango } from './commands/nango.js';
import { addProviders } from './commands/providers.js';
import { addRetry } from './commands/retry.js';
import { addRun } from './commands/run.js';
import { addServe } from './commands/serve.js';
import { addStatus } from './commands/status.js';
import type { Console } from './console.js';

/** All commands. `finish` is told the exit code of the one that ran. */
export function createProgram(console: Console, version: string, finish: (code: number) => void): Command {
  const program = new Command('customer-sync')
    .description('One canonical customer, upserted into every billing system.')
    .version(version)
    .configureOutput({
      writeOut: (text) => console.stdout.write(text),
      writeErr: (text) => console.stderr.write(text),
    })
    .showHelpAfterError('(--help shows the options)')
    .showSuggestionAfterError()
    .exitOverride();
  addInit(program, console);
  addDryRun(program, console, version, finish);
  addApply(program, console, version, finish);
  addRun(program, console, version, finish);
  addServe(program, console, version, finish);
  addStatus(program, console, version);
  addFailures(program, console, version);
  addRetry(program, console, version, finish);
  addHistory(program, console, version);
  addLink(program, console, version);
  addLedger(program, console, version);
  addLint(program, console, finish);
  addExplain(program, console);
  addProviders(program, console);
  addNango(program, console);
  addEmulate(program, console, finish);
  addDemo(program, console);
  program.addHelpText(
    'after',
    `
Keys and base URLs come from the environment: RECHARGE_API_KEY, LAGO_API_KEY, ...
("customer-sync providers" names them).

Exit codes: 0 done, 1 some customers failed, 2 wrong usage or configuration,
3 changes exist (dry-run --exit-code), 130 and 143 interrupted.`,
  );
  return program;
}
