import type { Plan } from '../../../schemas/outcome.js';
import type { RunReport } from '../../../schemas/run-report.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import type { Counts, RunEvent } from '../../jobs/job.js';
import type { SourceRow } from '../../runner/row.js';
import type { Result } from '../../runner/runner.js';
import { type Console, say } from '../console.js';
import type { Format } from '../options.js';
import { writeText } from '../output.js';
import { createTally, type Summary } from '../report/summary.js';
import { createReport } from '../run.js';
import { timeText } from './watch-run.js';

interface PlanReportOptions {
  readonly console: Console;
  readonly format: { readonly format: Format; readonly json?: true; readonly verbose?: true };
  readonly source: string;
  readonly targets: readonly OpenedConnection[];
}

/** Prints what planning a job comes to, as it comes; results of one customer come one connection at a time. */
export function createPlanReport({ console, format, source, targets }: PlanReportOptions) {
  const report = createReport(console, format);
  const tallies = new Map(targets.map((target) => [target.connection.name, createTally([target])]));
  const plans: Plan[] = [];
  const costs: string[] = [];
  let printed = writeText(console.stdout, report.head({ mode: 'dry_run', source, targets, offline: false }));
  // What cannot be printed is met at the end; until then nobody waits for it.
  printed.catch(() => {});
  const print = (text: string) => {
    printed = printed.then(() => (text === '' ? undefined : writeText(console.stdout, text)));
    printed.catch(() => {});
  };
  const note = (to: string, result: Result, row: SourceRow | undefined) => {
    const rowResult = { row: row ?? {}, results: [result] };
    tallies.get(to)?.add(rowResult);
    print(report.row(rowResult));
  };
  return {
    plans,
    event(event: RunEvent): void {
      if (event.kind === 'notice') say(console, `note: ${event.message}`);
      if (event.kind === 'counted') {
        costs.push(costText(event.to, event.counts));
        say(console, costs.at(-1) ?? '');
      }
      if (event.kind === 'plan') {
        plans.push(event.plan);
        note(event.plan.to, { kind: 'plan', plan: event.plan }, event.row);
      }
      if (event.kind === 'outcome') note(event.outcome.to, { kind: 'outcome', outcome: event.outcome }, event.row);
    },
    async end({ source: { rows }, targets: reports }: RunReport): Promise<Summary> {
      const summaries = [...tallies.values()].flatMap((tally) => tally.summary().targets);
      const summary: Summary = {
        rows,
        targets: summaries.map((target) => {
          const { unchanged = 0, linked = 0 } = reports.find(({ to }) => to === target.to)?.outcomes ?? {};
          const same = Math.max(unchanged, target.counts.unchanged ?? 0);
          return {
            ...target,
            counts: { ...target.counts, ...(same > 0 && { unchanged: same }), ...(linked > 0 && { linked }) },
          };
        }),
      };
      print(report.foot(summary));
      // Only the report itself reaches a pull request.
      const isComment = format.format === 'markdown';
      const remarks = certaintyLines(plans);
      if (isComment) print(`\n${[...costs, ...remarks].map((line) => `- ${line}\n`).join('')}`);
      await printed;
      if (!isComment) for (const line of remarks) say(console, line);
      return summary;
    },
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
  }).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  const { reads, writes, seconds } = cost;
  return `${to}: ${rows} rows: ${counts.join(', ') || 'nothing'}; a run costs at most ${reads} reads and ${writes} writes, about ${timeText(seconds)} at the working rate`;
}

/** Fields whose stored value cannot be seen: the plan may change them, or not. */
function certaintyLines(plans: readonly Plan[]): string[] {
  const fields = new Map<string, number>();
  for (const { to, changes } of plans) {
    for (const { change, field } of changes) {
      const key = `${to}: ${field}`;
      if (change === 'cannot_tell') fields.set(key, (fields.get(key) ?? 0) + 1);
    }
  }
  return [...fields].map(
    ([field, count]) => `${field} cannot be told for ${count} customers: its stored value cannot be read`,
  );
}
