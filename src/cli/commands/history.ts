import type { Command } from 'commander';
import type { HistoryLine } from '../../ledger/ledger.js';
import type { Console } from '../console.js';
import { addConfigOption, type ConfigFlag, openContext } from '../jobs/job-options.js';
import { readLedger } from '../jobs/open-job.js';
import { writeText } from '../output.js';
import { printable, safeJson } from '../report/values.js';

export function addHistory(command: Command, console: Console, version: string): void {
  addConfigOption(command.argument('<id>', 'your id of the customer'))
    .option('--json', 'print as JSON')
    .action(async (id: string, flags: ConfigFlag & { readonly json?: true }) => {
      const ledger = readLedger(openContext(console, version, flags));
      const lines = await ledger.history(id);
      await ledger.close();
      const nothing = lines.length === 0 ? 'Nothing was done to this customer.\n' : '';
      const text = flags.json ? `${safeJson(lines)}\n` : nothing + lines.map(lineText).join('');
      await writeText(console.stdout, text);
    });
}

function lineText({ at, run, job, to, status, changed }: HistoryLine): string {
  const fields = changed.length === 0 ? '' : `: ${changed.join(', ')}`;
  return `${printable(`${at}  run ${run}  ${job} -> ${to}  ${status}${fields}`)}\n`;
}
