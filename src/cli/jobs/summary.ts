import { outcomeSchema } from '../../../schemas/outcome.js';
import type { RunReport, TargetReport } from '../../../schemas/run-report.js';
import { counted, numberText } from '../report/summary.js';
import { printable } from '../report/values.js';

/** A run in a few lines, for people. */
export function summaryText(report: RunReport): string {
  const { job, run, ended, reason, kind, source, targets, notices } = report;
  const seconds = (Date.parse(report.ended_at) - Date.parse(report.started_at)) / 1000;
  const which = { usual: '', full: 'full ', retry: 'retry ' }[kind];
  const failing = targets.reduce((sum, target) => sum + target.failing, 0);
  return [
    `${job}: ${which}run ${run} ${endings[ended]} after ${seconds.toFixed(1)} s, ${counted(source.rows, 'row')} of ${source.name}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...targets.map((target) => `  ${targetText(target)}`),
    ...notices.map((notice) => `  note: ${notice}`),
    ...(failing === 0 ? [] : [`  why: customer-sync failures --job ${job}`]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

const endings: Readonly<Record<RunReport['ended'], string>> = {
  done: 'done',
  interrupted: 'interrupted',
  stopped: 'stopped',
  refused: 'refused',
};

const statuses = outcomeSchema.shape.status.options;

export function targetText(target: TargetReport): string {
  const { to, outcomes, failing, new_failures: fresh, archived_absent: archived, requests, stopped } = target;
  const counts = statuses.flatMap((status) => (outcomes[status] ? [`${numberText(outcomes[status])} ${status}`] : []));
  return [
    `${to}: ${counts.length === 0 ? 'nothing to do' : counts.join(', ')}`,
    ...(archived > 0 ? [`${numberText(archived)} archived that left the source`] : []),
    ...(failing > 0 ? [`${numberText(failing)} failing (${numberText(fresh)} new)`] : []),
    ...(requests === undefined ? [] : [counted(requests, 'request')]),
    ...(stopped === undefined ? [] : [stopped]),
  ].join('; ');
}
