import { invalidOutcome } from '../core/upsert/outcome.js';
import type { Entry, FieldMemory } from '../ledger/ledger.js';
import { archive } from './archive.js';
import { attempt } from './attempt.js';
import type { JobRow, RunEvent } from './job.js';
import { asBefore, correctSource, type JudgeOptions, judge } from './judge.js';
import { type KeyedRow, keyedBatches } from './keyed-rows.js';
import { count, isFailing, type LaneRun } from './lane-run.js';
import type { Pool } from './pool.js';
import type { Positions, Ticket } from './positions.js';
import type { Recorded, Recorder } from './recorder.js';

/** A target with the line its customers stand in. */
export interface BusyLane {
  readonly lane: LaneRun;
  readonly pool: Pool;
}

export interface PassOptions extends JudgeOptions {
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
  readonly recorder: Recorder;
  readonly positions: Positions;
  readonly tell: (event: RunEvent) => void;
  /** Rows that the counting pass saw. */
  readonly total: number;
}

/**
 * Takes every row to every target. Resolves when the last row stands in line.
 * @returns how many rows were read, and whether it came to the source's end.
 */
export async function pass(
  rows: AsyncIterable<JobRow>,
  lanes: readonly BusyLane[],
  options: PassOptions,
): Promise<{ readonly rows: number; readonly isComplete: boolean }> {
  const { job, ledger, signal, tell, total } = options;
  let read = 0;
  for await (const batch of keyedBatches(rows, job.source, ledger.fingerprints)) {
    if (signal?.aborted || lanes.every(({ lane }) => lane.stop.reason !== undefined))
      return { rows: read, isComplete: false };
    read += batch.length;
    const tickets = batch.map(({ row }) => options.positions.begin(row));
    for (const busy of lanes) await takeUp(busy, batch, tickets, options);
    const failed = lanes.reduce((sum, { lane }) => sum + lane.tally.failing, 0);
    tell({ kind: 'progress', done: read, total: Math.max(total, read), failed });
  }
  return { rows: read, isComplete: true };
}

async function takeUp(
  { lane, pool }: BusyLane,
  batch: readonly KeyedRow[],
  tickets: readonly Ticket[],
  options: PassOptions,
): Promise<void> {
  const entries = await entriesOf(lane, batch, options);
  const open: OpenRow[] = [];
  for (const [index, row] of batch.entries()) {
    const entry = entries[index];
    const ticket = tickets[index];
    const isRepeated = entry !== undefined && !lane.seen.add(entry.number);
    const before = options.full || isRepeated ? undefined : asBefore(lane, row, entry);
    if (before === undefined) {
      open.push({ row, entry, isRepeated, ticket });
      continue;
    }
    lane.begun += 1;
    count(lane.tally, before);
    ticket?.done(true);
  }
  const memories = await options.ledger.fields(open.flatMap(({ entry }) => entry ?? []));
  for (const one of open) {
    lane.begun += 1;
    const memory = one.entry && memories.get(one.entry.number);
    await pool.add(async () => one.ticket?.done(await take(lane, one, memory, options)));
  }
}

/** A row that is not as it was before. */
interface OpenRow {
  readonly row: KeyedRow;
  readonly entry: Entry | undefined;
  readonly isRepeated: boolean;
  readonly ticket: Ticket | undefined;
}

/** A dry run makes nobody known. */
async function entriesOf(
  { lane }: LaneRun,
  batch: readonly KeyedRow[],
  { ledger, dryRun }: PassOptions,
): Promise<readonly (Entry | undefined)[]> {
  const ids = batch.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const found = dryRun ? await ledger.find(lane, ids) : await ledger.enter(lane, ids);
  if (ids.length === batch.length) return found;
  let next = 0;
  return batch.map(({ id }) => (id === undefined ? undefined : found[next++]));
}

/** What a plan would come to. */
const foreseen = { create: 'created', update: 'updated', unchanged: 'unchanged' } as const;

/** Answers whether the source need not show this row again. */
async function take(
  lane: LaneRun,
  { row, entry, isRepeated }: OpenRow,
  memory: FieldMemory | undefined,
  options: PassOptions,
): Promise<boolean> {
  const { job, recorder, dryRun, tell } = options;
  const canBeFetched = job.source.byIds !== undefined;
  let isSettled = true;
  const record = async (result: Omit<Recorded, 'row'>) => {
    const { status } = result.outcome;
    isSettled = status !== 'not_attempted' && (canBeFetched || !isFailing(status));
    await recorder.record(lane, { ...result, row });
  };
  if (isRepeated) {
    const problems = [{ field: 'id', message: 'stands in more than one row; the first one counts' }];
    await record({ entry: undefined, outcome: invalidOutcome(lane.connection, row.id, problems, correctSource) });
    return isSettled;
  }
  const verdict = await judge(lane, row, entry, memory, options);
  switch (verdict.kind) {
    case 'waiting': {
      const { status, failure, retryAt } = verdict.failure;
      const outcome = {
        customer_id: entry?.customerId ?? '',
        to: lane.connection.name,
        status,
        changes: [],
        warnings: [],
      };
      const reason = `not tried again ${retryAt === undefined ? 'until the customer or the mapping changes' : `before ${retryAt}`}`;
      count(lane.tally, status);
      tell({ kind: 'outcome', outcome: { ...outcome, reason, error: failure }, isNewFailure: false, row: row.row });
      return canBeFetched;
    }
    case 'settled':
      await record({ entry, outcome: verdict.outcome, work: verdict.work });
      return isSettled;
    case 'archive':
      await takeAway(lane, { row: row.row, entry, reason: verdict.reason }, options, record);
      return isSettled;
    case 'attempt':
      await attempt(lane, entry, verdict.work, options, async (attempted) => {
        if (attempted.kind === 'outcome') return record({ entry, outcome: attempted.outcome, work: verdict.work });
        count(lane.tally, foreseen[attempted.plan.action]);
        if (dryRun) tell({ kind: 'plan', plan: attempted.plan, row: row.row });
      });
      return isSettled;
  }
}

/** Somebody who is to be archived, and why. */
export interface Leaving {
  /** Absent for a customer that is no row of the source. */
  readonly row?: JobRow | undefined;
  readonly entry: Entry | undefined;
  readonly reason: string;
}

/** Archives a customer, or tells that a run would. */
export async function takeAway(
  lane: LaneRun,
  { row, entry, reason }: Leaving,
  options: PassOptions,
  record: (result: Omit<Recorded, 'row'>) => Promise<void>,
): Promise<void> {
  if (entry === undefined) return;
  const attempted = await archive(lane, entry, reason, options);
  if (attempted.kind === 'outcome') return record({ entry, outcome: attempted.outcome });
  if (row === undefined) lane.tally.archivedAbsent += 1;
  else count(lane.tally, 'archived');
  options.tell({ kind: 'plan', plan: attempted.plan, ...(row !== undefined && { row }) });
}
