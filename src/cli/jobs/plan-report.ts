import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import type { JobPlan, Outcome } from '../../../schemas/outcome.js';
import type { RunReport } from '../../../schemas/run-report.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import type { Counts, RunEvent } from '../../jobs/job.js';
import type { SourceRow } from '../../runner/row.js';
import { type Console, canRedraw, say } from '../console.js';
import type { ShownResult } from '../report/report.js';
import {
  counted as countedText,
  createTally,
  customersText,
  numberText,
  type Summary,
  type TargetSummary,
} from '../report/summary.js';
import type { ReportOutput } from '../report-output.js';
import { createReport, type ReportFlags, sayInterrupted } from '../run.js';
import { createProgress, timeText } from './watch-run.js';

interface PlanReportOptions {
  readonly console: Console;
  readonly output: ReportOutput;
  readonly flags: ReportFlags;
  /** Whether the plans are wanted at the end; a million of them need memory. */
  readonly keepsPlans: boolean;
  readonly source: string;
  readonly targets: readonly OpenedConnection[];
  /** Ends the planning early. */
  readonly signal?: AbortSignal;
}

interface PlanEnd {
  readonly rows: number;
  /** What was only counted. */
  readonly targets?: RunReport['targets'];
}

/** Prints what planning a job comes to, as it comes; results of one customer come one connection at a time. */
export function createPlanReport({ console, output, flags, keepsPlans, source, targets, signal }: PlanReportOptions) {
  const report = createReport(console, flags, 'dry_run');
  const line = createProgressLine(console);
  const tallies = new Map(targets.map((target) => [target.connection.name, createTally([target])]));
  const plans: JobPlan[] = [];
  const uncertain = new Map<string, number>();
  const costs: string[] = [];
  const counted = new Map<string, Counts>();
  let printed = output.print(report.head({ mode: 'dry_run', source, targets, offline: false }));
  // What cannot be printed is met at the end; until then nobody waits for it.
  printed.catch(() => {});
  /** Of whom an interrupt left some stand in line and others were not even read: they are counted together. */
  const isLeft = ({ outcome }: { readonly outcome: Outcome }) =>
    signal?.aborted === true && outcome.status === 'not_attempted';
  const print = (text: string) => {
    if (text === '') return;
    printed = printed.then(() => {
      line.clear();
      return output.print(text);
    });
    printed.catch(() => {});
  };
  const add = (to: string, result: ShownResult, row: SourceRow = {}) => {
    const rowResult = { row, results: [result] };
    if (result.kind === 'plan') {
      if (keepsPlans) plans.push(result.plan);
      for (const field of uncertainFields(result.plan)) uncertain.set(field, (uncertain.get(field) ?? 0) + 1);
    }
    tallies.get(to)?.add(rowResult);
    print(report.row(rowResult));
  };
  return {
    plans,
    add,
    /** To be called however the planning ended. */
    stop: line.stop,
    event(event: RunEvent): void {
      line.note(event);
      if (event.kind === 'notice') line.say(`note: ${event.message}`);
      if (event.kind === 'counted') {
        counted.set(event.to, event.counts);
        costs.push(costText(event.to, event.counts));
        line.say(costs.at(-1) ?? '');
      }
      if (event.kind === 'plan') add(event.plan.to, { kind: 'plan', plan: event.plan }, event.row);
      if (event.kind === 'outcome' && !isLeft(event))
        add(event.outcome.to, { kind: 'outcome', outcome: event.outcome }, event.row);
    },
    async end({ rows, targets: reports = [] }: PlanEnd): Promise<Summary> {
      const summaries = [...tallies.values()].flatMap((tally) => tally.summary().targets);
      const all = summaries.map((target) => withCounted(target, reports));
      const summary: Summary = signal?.aborted
        ? {
            rows: Math.max(rows, ...[...counted.values()].map((counts) => counts.rows)),
            interrupted: true,
            targets: all.map((target) => withLeft(target, reports, counted.get(target.to))),
          }
        : { rows, targets: all };
      print(report.foot(summary));
      // Only the report itself reaches a pull request.
      const isComment = flags.format === 'markdown';
      const remarks = certaintyLines(uncertain);
      if (isComment) print(`\n${[...costs, ...remarks].map((line) => `- ${line}\n`).join('')}`);
      await printed;
      if (!isComment) for (const line of remarks) say(console, line);
      sayInterrupted(console, flags, summary);
      return summary;
    },
  };
}

/** With customers of whom no event told, since there is nothing to do for them. */
function withCounted(target: TargetSummary, reports: RunReport['targets']): TargetSummary {
  const { unchanged = 0, linked = 0 } = reports.find(({ to }) => to === target.to)?.outcomes ?? {};
  const same = Math.max(unchanged, target.counts.unchanged ?? 0);
  return {
    ...target,
    counts: { ...target.counts, ...(same > 0 && { unchanged: same }), ...(linked > 0 && { linked }) },
  };
}

/** With those whom an interrupt left: of all that were counted, whoever came to nothing. */
function withLeft(target: TargetSummary, reports: RunReport['targets'], counts: Counts | undefined): TargetSummary {
  if (counts === undefined) return target;
  const { rows: _rows, known: _known, cost: _cost, ...kinds } = counts;
  const { not_attempted: _left, skipped = 0, ...met } = target.counts;
  // Of those who are left out as before, no event tells either.
  const excluded = Math.max(skipped, reports.find(({ to }) => to === target.to)?.outcomes.skipped ?? 0);
  const left = sum(kinds) - sum(met) - excluded;
  return left > 0 ? { ...target, counts: { ...target.counts, not_attempted: left } } : target;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** On a terminal, from the first event on; text that people wait for is written at the end. */
function createProgressLine(console: Console) {
  const progress = createProgress(Date.now());
  let spinner: Spinner | undefined;
  return {
    note(event: RunEvent): void {
      progress.note(event);
      if (!canRedraw(console)) return;
      spinner ??= yoctoSpinner({ stream: console.stderr, handleSignals: false }).start();
      spinner.text = `planning: ${progress.text(Date.now())}`;
    },
    say(text: string): void {
      spinner?.clear();
      say(console, text);
    },
    /** The report and the line may share the screen. */
    clear: () => void spinner?.clear(),
    stop: () => void spinner?.stop(),
  };
}

/** `lago-eu: 1200 rows: 3 unknown to the ledger, 17 changed, 1180 unchanged; a run costs at most 20 reads and 20 writes, ...` */
function costText(
  to: string,
  { rows, unknown, changed, compared, invalid, excluded, waiting, leaving, unchanged, cost }: Counts,
): string {
  const counts = Object.entries({
    'unknown to the ledger': unknown,
    changed,
    'to compare': compared,
    'to archive': leaving,
    invalid,
    'left out': excluded,
    waiting,
    unchanged,
  }).flatMap(([what, count]) => (count > 0 ? [`${numberText(count)} ${what}`] : []));
  const { reads, writes, seconds } = cost;
  return `${to}: ${countedText(rows, 'row')}: ${counts.join(', ') || 'nothing'}; a run costs at most ${countedText(reads, 'read')} and ${countedText(writes, 'write')}, about ${timeText(seconds)} at the working rate`;
}

/** Fields whose stored value cannot be seen: the plan may change them, or not. */
function uncertainFields({ to, changes }: JobPlan): string[] {
  return changes.filter(({ change }) => change === 'cannot_tell').map(({ field }) => `${to}: ${field}`);
}

function certaintyLines(fields: ReadonlyMap<string, number>): string[] {
  return [...fields].map(
    ([field, count]) => `${field} cannot be told for ${customersText(count)}: its stored value cannot be read`,
  );
}
