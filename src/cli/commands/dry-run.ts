import type { Command } from 'commander';
import { configurationFile } from '../../config/read-configuration.js';
import { isPlanFile } from '../../plan-file/plan-file.js';
import type { Console } from '../console.js';
import { listenForInterrupt } from '../interrupt.js';
import { checkPlanFlags, misplaced, showingFlags } from '../jobs/check-flags.js';
import { openContext } from '../jobs/job-options.js';
import { planOne, planReverse } from '../jobs/plan-one.js';
import { showPlan } from '../jobs/show-plan.js';
import { addRunOptions, type RunFlags } from '../options.js';
import { planExitCode } from '../report/summary.js';
import { openReportOutput } from '../report-output.js';
import { createReport, printResults, sayInterrupted } from '../run.js';
import { openSession } from '../session.js';

interface DryRunFlags extends RunFlags {
  readonly offline?: true;
  readonly exitCode?: true;
  readonly job?: string;
  readonly reverse?: string;
  readonly full?: true;
  readonly out?: string;
  readonly showValues?: true;
}

export function addDryRun(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addRunOptions(command, 'plan')
    .option('--offline', 'show payloads without asking the providers; needs no key')
    .option('--exit-code', 'end with 3 when there are changes')
    .option('--job <name>', 'instead of a file: what a run of this job would do')
    .option('--full', 'with --job: compare every customer, whatever is remembered')
    .option('--reverse <plan>', 'instead of a file: what would take this applied plan back')
    .option(
      '--out <file>',
      'with --job or --reverse: keep the plan, to be applied within 24 hours; with --format html: the page',
    )
    .option('--show-values', 'with --format html: the page holds the values of customers, which it masks otherwise')
    .addHelpText(
      'after',
      `
Every request that could write is refused below the connectors.

Examples:
  customer-sync dry-run customers.csv --to lago,autumn
  customer-sync dry-run export.csv --source-mapping columns.json --to lago --offline
  customer-sync dry-run customers.jsonl --to recharge --id acct_1042 --json
  customer-sync dry-run customers.csv --to lago --format html --out plan.html
  customer-sync dry-run --job nightly --out plan.json
  customer-sync dry-run plan.json --format html --out plan.html`,
    )
    .action(async (file: string | undefined, flags: DryRunFlags, command: Command) => {
      const { job, reverse } = flags;
      const isPlan = file !== undefined && isPlanFile(file);
      checkSubject(isPlan, file, flags, command);
      const openPlanContext = () => openContext(console, version, { config: flags.config ?? configurationFile });
      if (job !== undefined) return finish(await planOne(openPlanContext(), job, flags));
      if (reverse !== undefined) return finish(await planReverse(openPlanContext(), reverse, flags));
      if (isPlan) return finish(await showPlan(openPlanContext(), file, flags));
      return finish(await dryRun(console, file, flags));
    });
}

/** A file goes with --to; a job and a plan say themselves what and where to. */
function checkSubject(isPlan: boolean, file: string | undefined, flags: DryRunFlags, command: Command): void {
  const { job, reverse, out, full, format, showValues } = flags;
  if (showValues && format !== 'html') throw misplaced('--show-values is for --format html');
  const subject = job !== undefined ? '--job' : reverse !== undefined ? '--reverse' : isPlan ? 'a plan' : undefined;
  if (file !== undefined && (job !== undefined || reverse !== undefined))
    throw misplaced(`a file does not go with ${subject}`);
  if (job === undefined && reverse === undefined) {
    if (full) throw misplaced('--full is for jobs');
    if (out !== undefined && format !== 'html') throw misplaced('--out is for jobs and for --format html');
  }
  const own = { '--job': ['job', 'full'], '--reverse': ['reverse'], 'a plan': [] };
  if (subject !== undefined) checkPlanFlags(command, subject, [...showingFlags, ...own[subject]]);
}

async function dryRun(console: Console, file: string | undefined, flags: DryRunFlags): Promise<number> {
  const offline = flags.offline === true;
  const output = openReportOutput(console, flags);
  const { runner, targets, source, rows } = await openSession(console, file, flags, offline);
  const interrupt = listenForInterrupt(console);
  const { signal } = interrupt;
  try {
    const summary = await printResults({
      console,
      results: runner.dryRun(
        targets.map(({ connection }) => connection),
        rows(),
        { read: offline ? 'never' : 'always', concurrency: flags.concurrency, signal },
      ),
      targets,
      printing: {
        report: createReport(console, flags, 'dry_run'),
        head: { mode: 'dry_run', source: source.name, offline },
        print: output.print,
      },
      label: 'planning',
      signal,
    });
    output.close();
    sayInterrupted(console, flags, summary);
    return interrupt.code ?? planExitCode(summary, flags);
  } finally {
    interrupt.stopListening();
  }
}
