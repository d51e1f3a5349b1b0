import type { Command } from 'commander';
import { configurationFile } from '../../config/read-configuration.js';
import type { Console } from '../console.js';
import { exitCode, exitCodeOf } from '../exit-code.js';
import { checkPlanFlags, misplaced } from '../jobs/check-flags.js';
import { openContext } from '../jobs/job-options.js';
import { planOne, planReverse } from '../jobs/plan-one.js';
import { addRunOptions, type RunFlags } from '../options.js';
import { writeText } from '../output.js';
import { hasChanges } from '../report/summary.js';
import { createReport, printResults } from '../run.js';
import { openSession } from '../session.js';

interface DryRunFlags extends RunFlags {
  readonly offline?: true;
  readonly exitCode?: true;
  readonly job?: string;
  readonly reverse?: string;
  readonly full?: true;
  readonly out?: string;
}

export function addDryRun(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addRunOptions(command)
    .option('--offline', 'show payloads without asking the providers; needs no key')
    .option('--exit-code', 'end with 3 when there are changes')
    .option('--job <name>', 'instead of a file: what a run of this job would do')
    .option('--full', 'with --job: compare every customer, whatever is remembered')
    .option('--reverse <plan>', 'instead of a file: what would take this applied plan back')
    .option('--out <file>', 'with --job or --reverse: keep the plan, to be applied within 24 hours')
    .addHelpText(
      'after',
      `
Every request that could write is refused below the connectors.

Examples:
  customer-sync dry-run customers.csv --to lago,autumn
  customer-sync dry-run export.csv --source-mapping columns.json --to lago --offline
  customer-sync dry-run customers.jsonl --to recharge --id acct_1042 --json
  customer-sync dry-run --job nightly --out plan.json`,
    )
    .action(async (file: string | undefined, flags: DryRunFlags, command: Command) => {
      const { job, reverse } = flags;
      checkSubject(file, flags, command);
      const openPlanContext = () => openContext(console, version, { config: flags.config ?? configurationFile });
      if (job !== undefined) return finish(await planOne(openPlanContext(), job, flags));
      if (reverse !== undefined) return finish(await planReverse(openPlanContext(), reverse, flags));
      return finish(await dryRun(console, file, flags));
    });
}

/** A file goes with --to; a job and a plan say themselves what and where to. */
function checkSubject(file: string | undefined, { job, reverse, out, full }: DryRunFlags, command: Command): void {
  const subject = job !== undefined ? '--job' : reverse !== undefined ? '--reverse' : undefined;
  if (subject === undefined) {
    if (out !== undefined || full) throw misplaced(`${full ? '--full' : '--out'} is for jobs`);
    return;
  }
  if (file !== undefined) throw misplaced(`a file does not go with ${subject}`);
  checkPlanFlags(command, subject, subject === '--job' ? ['job', 'full'] : ['reverse']);
}

async function dryRun(console: Console, file: string | undefined, flags: DryRunFlags): Promise<number> {
  const offline = flags.offline === true;
  const { runner, targets, source, rows } = await openSession(console, file, flags, offline);
  const summary = await printResults({
    console,
    results: runner.dryRun(
      targets.map(({ connection }) => connection),
      rows(),
      { read: offline ? 'never' : 'always', concurrency: flags.concurrency },
    ),
    targets,
    printing: {
      report: createReport(console, flags),
      head: { mode: 'dry_run', source: source.name, offline },
      print: (text) => writeText(console.stdout, text),
    },
    label: 'planning',
  });
  const code = exitCodeOf(summary);
  return code === exitCode.done && flags.exitCode && hasChanges(summary) ? exitCode.changes : code;
}
