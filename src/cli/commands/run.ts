import type { Command } from 'commander';
import type { RunReport } from '../../../schemas/run-report.js';
import type { GuardName } from '../../jobs/job.js';
import type { Console } from '../console.js';
import { listenForInterrupt } from '../interrupt.js';
import { addRunningOptions, allowOption, openContext, type RunningFlags } from '../jobs/job-options.js';
import { jobSettings, writeLedger } from '../jobs/open-job.js';
import { exitCodeOfReport, runOne } from '../jobs/run-one.js';
import { summaryText } from '../jobs/summary.js';
import { writeText } from '../output.js';
import { safeJson } from '../report/values.js';

interface RunJobFlags extends RunningFlags {
  readonly full?: true;
  readonly allow?: ReadonlySet<GuardName>;
}

export function addRun(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addRunningOptions(command.argument('<job...>', 'jobs of the configuration, run one after another'))
    .option('--full', 'compare every customer with what the provider holds, whatever is remembered')
    .addOption(allowOption('pass a guard this once'))
    .addHelpText(
      'after',
      `
Examples:
  customer-sync run nightly --first-run
  customer-sync run nightly weekly --json
  customer-sync run nightly --allow changed`,
    )
    .action(async (names: string[], flags: RunJobFlags) => finish(await run(console, version, names, flags)));
}

async function run(console: Console, version: string, names: readonly string[], flags: RunJobFlags): Promise<number> {
  const context = openContext(console, version, flags);
  for (const name of names) jobSettings(context.configuration, name);
  const { full, allow, concurrency } = flags;
  const interrupt = listenForInterrupt(console);
  const ledger = writeLedger(context, `run ${names.join(' ')}`, flags.firstRun === true);
  try {
    const reports: RunReport[] = [];
    for (const name of names) {
      if (interrupt.signal.aborted) break;
      const report = await runOne(context, name, { ledger, full, allow, concurrency, signal: interrupt.signal });
      reports.push(report);
      if (!flags.json) await writeText(console.stdout, summaryText(report));
    }
    if (flags.json) await writeText(console.stdout, `${safeJson(reports)}\n`);
    return interrupt.code ?? Math.max(...reports.map((report) => exitCodeOfReport(report, flags.failOn)));
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}
