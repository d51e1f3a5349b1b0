import type { Command } from 'commander';
import type { ErrorCode } from '../../../schemas/error-codes.js';
import type { RunReport } from '../../../schemas/run-report.js';
import type { Console } from '../console.js';
import { listenForInterrupt } from '../interrupt.js';
import { addRunningOptions, openContext, type RunningFlags } from '../jobs/job-options.js';
import { jobSettings, writeLedger } from '../jobs/open-job.js';
import { exitCodeOfReport, runOne } from '../jobs/run-one.js';
import { summaryText } from '../jobs/summary.js';
import { writeText } from '../output.js';
import { safeJson } from '../report/values.js';
import { addFailureFilter } from './failures.js';

interface RetryFlags extends RunningFlags {
  readonly id: string[];
  readonly code?: ErrorCode;
}

export function addRetry(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addFailureFilter(
    addRunningOptions(command.argument('[job...]', 'these only; default: all that have failures')),
  ).action(async (names: string[], flags: RetryFlags) => finish(await retry(console, version, names, flags)));
}

async function retry(console: Console, version: string, names: readonly string[], flags: RetryFlags): Promise<number> {
  const context = openContext(console, version, flags);
  for (const name of names) jobSettings(context.configuration, name);
  const { concurrency, code } = flags;
  const ids = flags.id.length > 0 ? flags.id : undefined;
  const interrupt = listenForInterrupt(console);
  const ledger = writeLedger(context, 'retry', flags.firstRun === true);
  try {
    const failing = await ledger.failures({ ids, code });
    const jobs = [...new Set(failing.map(({ job }) => job))].filter((job) => names.length === 0 || names.includes(job));
    const reports: RunReport[] = [];
    for (const name of jobs) {
      if (interrupt.signal.aborted) break;
      reports.push(
        await runOne(context, name, { ledger, concurrency, retry: { ids, code }, signal: interrupt.signal }),
      );
    }
    const nothing = reports.length === 0 ? 'No customer to try again.\n' : '';
    const text = flags.json ? `${safeJson(reports)}\n` : nothing + reports.map(summaryText).join('');
    await writeText(console.stdout, text);
    return interrupt.code ?? Math.max(0, ...reports.map((report) => exitCodeOfReport(report, flags.failOn)));
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}
