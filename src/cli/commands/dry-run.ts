import type { Command } from 'commander';
import type { Console } from '../console.js';
import { exitCode, exitCodeOf } from '../exit-code.js';
import { addRunOptions, type RunFlags } from '../options.js';
import { writeText } from '../output.js';
import { hasChanges } from '../report/summary.js';
import { createReport, printResults } from '../run.js';
import { openSession } from '../session.js';

interface DryRunFlags extends RunFlags {
  readonly offline?: true;
  readonly exitCode?: true;
}

export function addDryRun(program: Command, console: Console, finish: (code: number) => void): void {
  addRunOptions(program.command('dry-run').alias('plan'))
    .description('show what apply would change, field by field, and write nothing')
    .option('--offline', 'show payloads without asking the providers; needs no key')
    .option('--exit-code', 'end with 3 when there are changes')
    .addHelpText(
      'after',
      `
Every request that could write is refused below the connectors.

Examples:
  customer-sync dry-run customers.csv --to lago,autumn
  customer-sync dry-run export.csv --source-mapping columns.json --to lago --offline
  customer-sync dry-run customers.jsonl --to recharge --id acct_1042 --json`,
    )
    .action(async (file: string, flags: DryRunFlags) => finish(await dryRun(console, file, flags)));
}

async function dryRun(console: Console, file: string, flags: DryRunFlags): Promise<number> {
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
