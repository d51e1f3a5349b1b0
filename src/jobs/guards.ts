import type { Ledger } from '../ledger/ledger.js';
import type { Counted, LaneCounts } from './count-job.js';
import type { GuardName, Job } from './job.js';
import type { LaneRun } from './lane-run.js';

/** Why a run must not write. */
export interface Refusal {
  readonly guard: GuardName;
  readonly reason: string;
}

/** Below so many known customers a percentage says nothing. */
const minKnown = 20;

/** The first guard that a run would break and that is not allowed to be. */
export async function checkGuards(
  job: Job,
  counted: Counted,
  lanes: readonly LaneRun[],
  ledger: Ledger,
  allow: ReadonlySet<GuardName>,
): Promise<Refusal | undefined> {
  const refusals = [
    ...(job.source.complete ? [await shrunkSource(job, counted, ledger)] : []),
    ...lanes.flatMap((lane, index) => {
      const counts = counted.lanes[index]?.counts;
      return counts === undefined ? [] : [manyChanged(job, lane, counts), manyArchived(job, lane, counts)];
    }),
  ];
  return refusals.find((refusal) => refusal !== undefined && !allow.has(refusal.guard));
}

async function shrunkSource(
  { name, source, guards }: Job,
  { rows }: Counted,
  ledger: Ledger,
): Promise<Refusal | undefined> {
  const before = (await ledger.runs({ job: name, limit: 50 }))
    .map(({ report }) => report)
    .find((report) => report?.ended === 'done' && report.kind !== 'retry' && report.source.complete);
  const rowsBefore = before?.source.rows ?? 0;
  if (rowsBefore === 0 || rows >= rowsBefore) return undefined;
  if (rows === 0) {
    return refusal('empty', `${source.name} is empty; the last run read ${formatted(rowsBefore)} rows`);
  }
  const percent = 100 - (rows / rowsBefore) * 100;
  const { maxShrinkPercent = 20 } = guards ?? {};
  if (rowsBefore < minKnown || percent <= maxShrinkPercent) return undefined;
  return refusal(
    'shrunk',
    `${source.name} has ${formatted(rows)} rows, ${Math.round(percent)} % fewer than the ${formatted(rowsBefore)} of the last run; ${maxShrinkPercent} % are let pass`,
  );
}

function manyChanged(
  { guards }: Job,
  { connection }: LaneRun,
  { changed, known }: LaneCounts['counts'],
): Refusal | undefined {
  const { maxChangedPercent = 50 } = guards ?? {};
  const percent = (changed / known) * 100;
  if (known < minKnown || percent <= maxChangedPercent) return undefined;
  return refusal(
    'changed',
    `${formatted(changed)} of the ${formatted(known)} customers known at ${connection.name} would be changed, ${Math.round(percent)} %; ${maxChangedPercent} % are let pass`,
  );
}

function manyArchived(
  { guards }: Job,
  { connection }: LaneRun,
  { leaving }: LaneCounts['counts'],
): Refusal | undefined {
  const { maxArchived = 10 } = guards ?? {};
  if (leaving <= maxArchived) return undefined;
  return refusal(
    'archived',
    `${formatted(leaving)} customers would be archived at ${connection.name}; ${formatted(maxArchived)} are let pass`,
  );
}

export function refusal(guard: GuardName, numbers: string): Refusal {
  const advice = `"customer-sync help ${guard}" says what to look at; if all is right, allow it once with --allow ${guard}`;
  return { guard, reason: `${numbers}. ${advice}` };
}

export function formatted(value: number): string {
  return value.toLocaleString('en');
}
