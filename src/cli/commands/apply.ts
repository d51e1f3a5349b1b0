import type { Command } from 'commander';
import { configurationFile } from '../../config/read-configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import type { GuardName } from '../../jobs/job.js';
import { isPlanFile } from '../../plan-file/plan-file.js';
import { askToApply } from '../ask-to-apply.js';
import { type Console, isTerminal, say } from '../console.js';
import { listenForInterrupt } from '../interrupt.js';
import { applyPlan } from '../jobs/apply-plan.js';
import { checkPlanFlags, misplaced } from '../jobs/check-flags.js';
import { allowOption, openContext } from '../jobs/job-options.js';
import { addRunOptions, type RunFlags } from '../options.js';
import { writeText } from '../output.js';
import { openRejects, type Rejects } from '../rejects.js';
import { countsText, exitCodeOf } from '../report/summary.js';
import { createReport, printResults, sayInterrupted } from '../run.js';
import { openSession, type Session } from '../session.js';

interface ApplyFlags extends RunFlags {
  readonly yes?: true;
  readonly rejects?: string;
  readonly allow?: ReadonlySet<GuardName>;
}

export function addApply(command: Command, console: Console, version: string, finish: (code: number) => void): void {
  addRunOptions(command, 'apply')
    .option('-y, --yes', 'do not ask; required without a terminal')
    .addOption(allowOption('with a plan: pass a guard on archiving this once', ['empty', 'shrunk', 'archived']))
    .option('--rejects <file>', 'write the customers that failed, with the reason, ready to be mended and fed again')
    .addHelpText(
      'after',
      `
Reads every customer at the provider, writes what differs, and nothing else. Running it again is safe.

Examples:
  customer-sync apply customers.jsonl --to lago
  customer-sync apply customers.csv --to lago,autumn --yes --rejects rejected.csv
  customer-sync apply plan.json`,
    )
    .action(async (file: string | undefined, flags: ApplyFlags, command: Command) => {
      const isPlan = file !== undefined && isPlanFile(file);
      if (isPlan) checkPlanFlags(command, 'a plan', ['yes', 'allow']);
      else if (flags.allow !== undefined) throw misplaced('--allow is for plans of jobs');
      finish(isPlan ? await applyPlanFile(console, version, file, flags) : await apply(console, file, flags));
    });
}

async function applyPlanFile(console: Console, version: string, file: string, flags: ApplyFlags): Promise<number> {
  if (!flags.yes) checkCanAsk(console, file);
  return applyPlan(openContext(console, version, { config: flags.config ?? configurationFile }), file, flags);
}

async function apply(console: Console, file: string | undefined, flags: ApplyFlags): Promise<number> {
  // Without a file there is nothing to ask about, and `openSession` says what is missing.
  if (!flags.yes && file !== undefined) checkCanAsk(console, file);
  const session = await openSession(console, file, flags, false);
  if (!flags.yes && !session.source.repeatable) throw readOnce(session.source.name);
  const rejects = flags.rejects === undefined ? undefined : openRejects(console, flags.rejects, session.source);
  const code = flags.yes ? undefined : await askToApply(console, session, flags, rejects);
  return code ?? writeAll(console, session, flags, rejects);
}

async function writeAll(
  console: Console,
  { runner, targets, source, rows }: Session,
  flags: ApplyFlags,
  rejects: Rejects | undefined,
): Promise<number> {
  const interrupt = listenForInterrupt(console);
  try {
    const output = createOutput(console, interrupt.end);
    const connections = targets.map(({ connection }) => connection);
    const summary = await printResults({
      console,
      results: runner.apply(connections, rows(), { concurrency: flags.concurrency, signal: interrupt.signal }),
      targets,
      printing: {
        report: createReport(console, flags, 'apply'),
        head: { mode: 'apply', source: source.name, offline: false },
        print: output.print,
      },
      label: 'applying',
      onRow: (result) => rejects?.note(result),
      signal: interrupt.signal,
    });
    sayInterrupted(console, flags, summary);
    if (output.isLost()) {
      const counts = summary.targets.map(({ to, counts: byVerb }) => `${to}: ${countsText(byVerb)}`);
      say(console, `The report could not be written to its end, so the run was ended. ${counts.join('; ')}`);
    }
    return interrupt.code ?? exitCodeOf(summary);
  } finally {
    interrupt.stopListening();
    rejects?.close();
  }
}

/** Nobody is to be written whose outcome nobody can read, so a report that cannot be printed ends the run. */
function createOutput({ stdout }: Console, onLost: () => void) {
  let lost = false;
  return {
    isLost: () => lost,
    async print(text: string): Promise<void> {
      if (lost) return;
      try {
        await writeText(stdout, text);
      } catch {
        lost = true;
        onLost();
      }
    },
  };
}

function checkCanAsk({ stdin, stderr }: Console, file: string): void {
  if (!(isTerminal(stdin) && isTerminal(stderr))) throw noTerminal();
  if (file === '-') throw stdinTaken();
}

function noTerminal(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'apply asks before it writes, and there is no terminal to ask on',
    remedy: 'Look at the plan with dry-run, then add --yes.',
  });
}

function readOnce(name: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `apply cannot ask: it reads the customers twice then, and ${name} can be read only once`,
    remedy: 'Write them to a file first, or add --yes.',
  });
}

function stdinTaken(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'apply cannot ask while customers come from standard input',
    remedy: 'Write them to a file first, or add --yes.',
  });
}
