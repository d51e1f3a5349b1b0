import { accountText } from '../connections/account.js';
import type { RowResult } from '../runner/runner.js';
import { type Console, confirm, say } from './console.js';
import { exitCode } from './exit-code.js';
import type { RunFlags } from './options.js';
import type { Rejects } from './rejects.js';
import { clearsText, countsText, exitCodeOf, hasChanges, hasFailures, type Summary } from './report/summary.js';
import { printable } from './report/values.js';
import { printResults } from './run.js';
import type { Session } from './session.js';

/**
 * Plans everything without writing, shows the totals and asks. Answers the exit code when the run ends here, `undefined`
 * when it is to go on.
 */
export async function askToApply(
  console: Console,
  { runner, targets, rows }: Session,
  { concurrency }: RunFlags,
  rejects: Rejects | undefined,
): Promise<number | undefined> {
  const connections = targets.map(({ connection }) => connection);
  const results = runner.dryRun(connections, rows(), { concurrency });
  const seen: RowResult[] = [];
  const onRow = (result: RowResult) => {
    if (rejects !== undefined && result.results.some(({ kind }) => kind === 'outcome')) seen.push(result);
  };
  const summary = await printResults({ console, results, targets, label: 'planning', onRow });
  const totals = totalsText(summary, targets);

  if (!hasChanges(summary)) {
    say(console, `Nothing to write:\n${totals}`);
    for (const result of seen) rejects?.note(result);
    rejects?.close();
    return exitCodeOf(summary);
  }
  const answer = await confirm(console, `About to write:\n${totals}\nGo on?`);
  if (answer === 'yes') return undefined;
  say(console, 'Nothing was written.');
  return answer === 'interrupted' ? exitCode.interrupted : exitCode.done;
}

function totalsText(summary: Summary, targets: Session['targets']): string {
  const blocks = summary.targets.map(({ to, counts, clears, effects }, index) => {
    const target = targets[index];
    const account = target === undefined ? '' : printable(accountText(target.account));
    return [
      `  ${to}  ${account}`,
      ...(target?.notes ?? []).map((note) => `    ! ${printable(note)}`),
      `    ${[countsText(counts), ...clearsText(clears)].join('; ')}`,
      ...effects.map(({ effect, times }) => `    effect, ${times}x: ${effect}`),
    ].join('\n');
  });
  const advice = hasFailures(summary) ? ['  dry-run shows which customers cannot be written, and why.'] : [];
  return [...blocks, ...advice].join('\n');
}
