import type { Command } from 'commander';
import { configurationFile } from '../../config/read-configuration.js';
import { type Console, say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { Interrupted } from '../init/questions.js';
import { type InitFlags, setUp } from '../init/set-up.js';
import { tellSetUp } from '../init/tell-set-up.js';
import { addFileOptions, list } from '../options.js';

export function addInit(command: Command, console: Console, finish: (code: number) => void): void {
  command
    .option('--from <source>', 'a file, a SQLite database, postgres://..., or the variable that holds such a URL')
    .option('--table <name>', 'of a database: the table or view with the customers')
    .option('--to <providers>', 'write the configuration too, with these accounts: lago,autumn', list)
    .option('--out <file>', 'where the mapping goes; "-" for standard output (default: named like the source)')
    .option('--config <file>', 'where the configuration goes', configurationFile)
    .option('--force', 'write over files that are there');
  addFileOptions(command)
    .option('--json', 'print the guesses as JSON')
    .addHelpText(
      'after',
      `
Looks at the names of the columns (English and German) and at the values of the first 1,000 rows. What is not certain is
left out, and the reason is written into the mapping. On a terminal it asks for what no option says.

Without --to, and where it cannot ask, it writes the source mapping alone.

Examples:
  customer-sync init
  customer-sync init --from customers.csv --to lago
  customer-sync init --from crm.db --table accounts --to lago,autumn
  customer-sync init --from '\${env:DATABASE_URL}' --table crm.accounts --to recharge
  customer-sync init --from customers.csv --out customers.mapping.json`,
    )
    .action(async (flags: InitFlags) => {
      try {
        await tellSetUp(console, flags, await setUp(console, flags));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        say(console, 'Nothing was written.');
        finish(exitCode.interrupted);
      }
    });
}
