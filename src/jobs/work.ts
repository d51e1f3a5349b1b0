import type { OutcomeStatus } from '../../schemas/outcome.js';
import type { Entry, Ledger } from '../ledger/ledger.js';
import { archiveAsPlanned, type PlannedArchives } from './archive-planned.js';
import type { Counted } from './count-job.js';
import type { Job, RunEvent } from './job.js';
import { byIds, type JobRows, readersOf } from './job-rows.js';
import { isDue } from './judge.js';
import { count, type LaneRun } from './lane-run.js';
import { absentees, leftSource } from './mirror.js';
import { type BusyLane, type PassOptions, pass, takeAway } from './pass.js';
import { createPool } from './pool.js';
import { createPositions } from './positions.js';
import { createRecorder } from './recorder.js';
import type { RunJobOptions } from './run-job.js';

/** A run that is under way. */
export interface Conducted {
  readonly job: Job;
  readonly ledger: Ledger;
  readonly lanes: readonly LaneRun[];
  readonly run: number;
  readonly now: () => number;
  readonly tell: (event: RunEvent) => void;
  readonly dryRun: boolean;
  readonly full: boolean;
  readonly insists: boolean;
  /** Only these are archived, and nobody is written. */
  readonly planned: PlannedArchives | undefined;
  readonly signal: AbortSignal | undefined;
  /** What of the source was read. */
  readonly reading: { rows: number; complete: boolean };
}

/** So many customers may stand in line at a slow target before the others have to wait for it. */
const maxQueue = 1000;
/** Where there are no others, rows that wait only keep the garbage collector busy. */
const maxQueueAlone = 64;

/** Takes the source's rows to the targets, and writes down what came of it. */
export async function work(
  conducted: Conducted,
  rows: JobRows,
  counted: Counted,
  { concurrency = 10, deadlineMs = 30_000 }: Pick<RunJobOptions, 'concurrency' | 'deadlineMs'>,
): Promise<void> {
  const { job, lanes, signal, dryRun, reading, planned } = conducted;
  const recorder = dryRun ? createDryRecorder(conducted) : createRecorder(conducted);
  const positions = createPositions(lanes.length);
  const options: PassOptions = { ...conducted, recorder, positions, total: counted.rows };
  const busy = lanes.map((lane) => ({
    lane,
    pool: createPool(slotsOf(lane, concurrency), lanes.length === 1 ? maxQueueAlone : maxQueue),
  }));
  const deadline = deadlineAfter(signal, deadlineMs, () => {
    for (const { connection } of lanes) connection.stopWaiting?.();
  });
  const everybody = async () => {
    const result = await pass(rows.read(), busy, options);
    reading.rows = result.rows;
    reading.complete = rows.complete && result.isComplete;
    await retryFailures(busy, options);
    await idle(busy);
    if (reading.complete && job.mode === 'mirror' && !signal?.aborted) await archiveAbsent(busy, counted, options);
  };
  const finished = async () => {
    if (planned === undefined) await everybody();
    else {
      reading.rows = counted.rows;
      await archiveAsPlanned(busy, counted, planned, options);
    }
    await idle(busy);
    return true;
  };
  try {
    if ((await Promise.race([finished(), deadline.passed])) !== true) giveUp(lanes);
  } catch (error) {
    // What the source still gave before it broke is finished first.
    await idle(busy).catch(() => {});
    await recorder.flush().catch(() => {});
    throw error;
  } finally {
    deadline.cancel();
  }
  await recorder.flush();
  recorder.close();
  if (!dryRun) await conclude(conducted, positions.reached);
}

function slotsOf({ connection }: LaneRun, concurrency: number): number {
  const { remote, maxInFlight = Number.POSITIVE_INFINITY } = connection;
  return remote?.inFlight ?? Math.min(concurrency, maxInFlight);
}

async function idle(busy: readonly BusyLane[]): Promise<void> {
  await Promise.all(busy.map(({ pool }) => pool.idle()));
}

function deadlineAfter(signal: AbortSignal | undefined, ms: number, onAbort: () => void) {
  const { promise: passed, resolve } = Promise.withResolvers<false>();
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    onAbort();
    timer = setTimeout(() => resolve(false), ms);
  };
  if (signal?.aborted) start();
  else signal?.addEventListener('abort', start, { once: true });
  return {
    passed,
    cancel() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', start);
    },
  };
}

/** Who is still in flight when the time is over: what became of it is found out by the next run. */
function giveUp(lanes: readonly LaneRun[]): void {
  for (const { tally, begun } of lanes) if (begun > tally.rows) count(tally, 'uncertain', begun - tally.rows);
}

/** Customers that failed before and that the part of the source that was read did not show. */
async function retryFailures(busy: readonly BusyLane[], options: PassOptions): Promise<void> {
  const { job, ledger, now, signal, insists } = options;
  if (job.source.byIds === undefined || job.source.complete || insists || signal?.aborted) return;
  const due = new Set<string>();
  for (const { lane } of busy) {
    const failures = await ledger.failures({ job: job.name, to: lane.connection.name });
    const ids = failures.filter((failure) => isDue(failure, now())).map(({ customerId }) => customerId);
    const entries = await ledger.find(lane.lane, ids);
    for (const entry of entries) if (entry !== undefined && !lane.seen.has(entry.number)) due.add(entry.customerId);
  }
  if (due.size > 0) await pass(byIds(job, [...due]), busy, { ...options, positions: createPositions(busy.length) });
}

async function archiveAbsent(busy: readonly BusyLane[], counted: Counted, options: PassOptions): Promise<void> {
  const { ledger, recorder, tell } = options;
  for (const [index, { lane, pool }] of busy.entries()) {
    const expected = counted.lanes[index]?.absent ?? 0;
    const leaving = await countLeaving(lane, ledger);
    if (leaving > expected) {
      // The guards let pass what was counted, not what a source has lost since.
      const message = `${lane.connection.name}: nobody was archived, since the source changed while it was read: ${leaving} customers are gone, ${expected} were counted`;
      tell({ kind: 'notice', to: lane.connection.name, message });
      continue;
    }
    for await (const entry of absentees(lane, ledger)) {
      if (entry.providerId === undefined) continue;
      await pool.add(() =>
        takeAway(lane, { entry, reason: leftSource }, options, (result) => recorder.record(lane, result)),
      );
    }
  }
}

async function countLeaving(lane: LaneRun, ledger: Ledger): Promise<number> {
  let leaving = 0;
  for await (const { providerId } of absentees(lane, ledger)) if (providerId !== undefined) leaving += 1;
  return leaving;
}

const written: readonly OutcomeStatus[] = ['created', 'updated', 'archived'];
const fine: readonly OutcomeStatus[] = [...written, 'unchanged', 'linked'];

/** What can be said only when all is done. */
export async function conclude(
  { job, ledger, lanes, run, reading }: Conducted,
  position: string | undefined,
): Promise<void> {
  if (position !== undefined) await ledger.savePosition(job.name, position, readersOf(job, lanes));
  for (const { lane, tally, stop, seen } of lanes) {
    const has = (statuses: readonly OutcomeStatus[]) =>
      statuses.some((status) => (tally.outcomes.get(status) ?? 0) > 0);
    if (lane.account.firstWrittenAt === undefined && has(written)) await ledger.noteFirstWrite(lane.account);
    // While the whole provider is down, nobody's failure says anything about the customer.
    if (stop.reason === undefined && has(fine) && tally.blamed.length > 0)
      await ledger.noteSameAnswers(lane, tally.blamed);
    if (!reading.complete) continue;
    const failures = await ledger.failures({ job: job.name, to: lane.to });
    const entries = await ledger.find(
      lane,
      failures.map(({ customerId }) => customerId),
    );
    // Of who is still to be archived the failure stays until that is done.
    const isGone = (entry: Entry | undefined): entry is Entry =>
      entry !== undefined && !seen.has(entry.number) && !(job.mode === 'mirror' && entry.providerId !== undefined);
    await ledger.dropFailures(
      lane,
      run,
      entries.filter(isGone).map(({ customerId }) => customerId),
    );
  }
}

/** Tells and counts, and writes nothing. */
function createDryRecorder({ tell }: Conducted): ReturnType<typeof createRecorder> {
  return {
    flush: () => Promise.resolve(),
    close() {},
    async record({ tally }, { row, outcome }) {
      if (row !== undefined) count(tally, outcome.status);
      if (outcome.status !== 'unchanged')
        tell({ kind: 'outcome', outcome, isNewFailure: false, ...(row !== undefined && { row: row.row }) });
    },
  };
}
