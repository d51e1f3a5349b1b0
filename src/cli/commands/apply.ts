import type { Command } from 'commander';
import { CustomerSyncError } from '../../core/errors.js';
import type { SourceRow } from '../../runner/row.js';
import type { RowResult } from '../../runner/runner.js';
import { createRejectsWriter } from '../../sources/rejects.js';
import { type Console, confirm, isTerminal, say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { addRunOptions, type RunFlags } from '../options.js';
import { viewOf } from '../report/report.js';
import { countsText, hasChanges, hasFailures, type Summary } from '../report/summary.js';
import { verbOf, wordOf } from '../report/words.js';
import { createReport, openSession, printResults, type Session, writeText } from '../run.js';

interface ApplyFlags extends RunFlags {
  readonly yes?: true;
  readonly rejects?: string;
}

export function addApply(program: Command, console: Console, finish: (code: number) => void): void {
  addRunOptions(program.command('apply'))
    .description('create and update customers; shows the plan and asks first')
    .option('-y, --yes', 'do not ask; required without a terminal')
    .option('--rejects <file>', 'write the customers that failed, with the reason, ready to be mended and fed again')
    .addHelpText(
      'after',
      `
Reads every customer at the provider, writes what differs, and nothing else. Running it again is safe.

Examples:
  customer-sync apply customers.jsonl --to lago
  customer-sync apply customers.csv --to lago,autumn --yes --rejects rejected.csv`,
    )
    .action(async (file: string, flags: ApplyFlags) => finish(await apply(console, file, flags)));
}

async function apply(console: Console, file: string, flags: ApplyFlags): Promise<number> {
  if (!flags.yes && !(isTerminal(console.stdin) && isTerminal(console.stderr))) throw noTerminal();
  if (!flags.yes && file === '-') throw stdinTaken();
  const session = await openSession(console, file, flags, false);
  if (!flags.yes && !(await agreed(console, session, flags))) {
    say(console, 'Nothing was written.');
    return exitCode.done;
  }

  const { runner, targets, source, rows } = session;
  const interrupt = new AbortController();
  const code = { value: exitCode.done as number };
  const stopListening = onInterrupt(console, interrupt, code);
  const rejects = flags.rejects === undefined ? undefined : await createRejectsWriter({ path: flags.rejects, source });
  try {
    const report = createReport(console, flags);
    await writeText(console.stdout, report.head({ mode: 'apply', source: source.name, targets, offline: false }));
    const connections = targets.map(({ connection }) => connection);
    const results = runner.apply(connections, rows(), { concurrency: flags.concurrency, signal: interrupt.signal });
    const onRow = (result: RowResult) => {
      const reason = rejection(result);
      if (reason !== undefined) rejects?.write(result.row, reason);
    };
    const summary = await printResults({ console, results, targets, report, label: 'applying', onRow });
    await writeText(console.stdout, report.foot(summary));
    if (code.value !== exitCode.done) return code.value;
    return hasFailures(summary) ? exitCode.someFailed : exitCode.done;
  } finally {
    stopListening();
    const written = await rejects?.close();
    if (written !== undefined && written > 0) say(console, `${written} rejected: see ${flags.rejects}`);
  }
}

/** Plans everything without writing, shows the totals and asks. */
async function agreed(console: Console, { runner, targets, rows }: Session, flags: ApplyFlags): Promise<boolean> {
  const connections = targets.map(({ connection }) => connection);
  const results = runner.dryRun(connections, rows(), { concurrency: flags.concurrency });
  const summary = await printResults({ console, results, targets, label: 'planning' });
  if (!hasChanges(summary)) {
    say(console, question(summary, targets, 'Nothing to write:'));
    return false;
  }
  return confirm(console, `${question(summary, targets, 'About to write:')}\nGo on?`);
}

function question({ targets: summaries }: Summary, targets: Session['targets'], intro: string): string {
  const blocks = summaries.map(({ to, counts, clears, effects }, index) => {
    const account = targets[index]?.account;
    return [
      `  ${to}  ${account?.baseUrl} (${account?.environment}), key ${account?.key}`,
      `    ${countsText(counts)}${clears > 0 ? `; ${clears} fields cleared` : ''}`,
      ...effects.map(({ effect, times }) => `    effect, ${times}x: ${effect}`),
    ].join('\n');
  });
  return `${intro}\n${blocks.join('\n')}`;
}

/** Why a row belongs into the file of rejects: what failed, at which connection. */
function rejection({ results }: { results: RowResult['results']; row: SourceRow }): string | undefined {
  const reasons = results.flatMap((result) => {
    if (!wordOf(verbOf(result)).isFailure) return [];
    const { to, error, reason } = viewOf(result);
    return [`${to}: ${verbOf(result)}: ${error?.message ?? reason ?? ''}`];
  });
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** The first signal lets what is in flight finish, the second ends at once. */
function onInterrupt(console: Console, interrupt: AbortController, code: { value: number }): () => void {
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    const ended = signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
    if (interrupt.signal.aborted) process.exit(ended);
    code.value = ended;
    say(console, 'Finishing what is in flight; once more ends at once.');
    interrupt.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  };
}

function noTerminal(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'apply asks before it writes, and there is no terminal to ask on',
    remedy: 'Look at the plan with dry-run, then add --yes.',
  });
}

function stdinTaken(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'apply cannot ask while customers come from standard input',
    remedy: 'Write them to a file first, or add --yes.',
  });
}
