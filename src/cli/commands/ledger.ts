import type { Command } from 'commander';
import { type Console, say } from '../console.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { writeLedger } from '../jobs/open-job.js';
import { rebind } from '../jobs/rebind.js';
import { printable } from '../report/values.js';

export function addLedger(ledger: Command, console: Console, version: string): void {
  addConfigOption(ledger.command('forget').argument('<id>', 'your id of the customer'))
    .description('erase every trace of a customer from the ledger; the providers are not touched')
    .action(async (id: string, flags: ConfigFlag) => {
      const opened = writeLedger(openContext(console, version, flags), 'ledger forget', false);
      try {
        const wasKnown = await opened.forget(id);
        say(console, wasKnown ? `${printable(id)} is forgotten.` : `Nothing is known of ${printable(id)}.`);
      } finally {
        await opened.close();
      }
    });
  addConfigOption(ledger.command('rebind').argument('<connection>', 'a connection of the configuration'))
    .description('say that a connection leads to the same account under a new key')
    .option('--other-account', 'say that it leads to another account from now on, about which nothing is known')
    .action(async (name: string, flags: ConfigFlag & { readonly otherAccount?: true }) => {
      const context = openContext(console, version, flags);
      const opened = writeLedger(context, 'ledger rebind', false);
      try {
        await rebind(context, opened, name, flags.otherAccount ? 'other' : 'same');
      } finally {
        await opened.close();
      }
    });
}
