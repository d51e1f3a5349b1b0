import type { Customer } from '../../schemas/customer.js';
import type { RateLimit } from '../../schemas/definition.js';
import { defaultRateShare } from '../core/run/limiter.js';
import { needsRecord } from '../core/upsert/prepare.js';
import type { Entry, Ledger } from '../ledger/ledger.js';
import type { Counts, JobRow } from './job.js';
import { asBefore, type JudgeOptions, judge, type Verdict } from './judge.js';
import { type KeyedRow, keyedBatches } from './keyed-rows.js';
import type { LaneRun } from './lane-run.js';
import { createNumberSet, type NumberSet } from './number-set.js';

/** What a reading of the source says, before anything is sent. */
export interface Counted {
  readonly rows: number;
  /** In the order of the lanes. */
  readonly lanes: readonly LaneCounts[];
}

export interface LaneCounts {
  readonly counts: Counts;
  /** Whether the run has anything to do, or to write down. */
  readonly hasWork: boolean;
  /** Customers that the ledger knows and the source showed. */
  readonly seen: NumberSet;
  /** Some of the customers that the ledger does not know. */
  readonly sample: readonly Customer[];
  /** Those of `leaving` whom the source did not show. */
  readonly absent: number;
}

/** For the first write: enough to tell a wrong account from a right one. */
const sampleSize = 200;

type Counting = { -readonly [Key in keyof Omit<Counts, 'cost' | 'known'>]: number } & {
  reads: number;
  updates: number;
  work: number;
  readonly sample: Customer[];
  readonly seen: NumberSet;
};

export interface CountOptions extends JudgeOptions {
  /** Looks into every row that changed, to tell whether what is sent has changed. Else each counts as changed. */
  readonly precise: boolean;
  /** Ends the counting early. */
  readonly signal?: AbortSignal | undefined;
}

export async function countJob(
  rows: AsyncIterable<JobRow>,
  lanes: readonly LaneRun[],
  options: CountOptions,
): Promise<Counted> {
  const { job, ledger } = options;
  const counting = lanes.map((): Counting => emptyCounting());
  let total = 0;
  for await (const batch of keyedBatches(rows, job.source, ledger.fingerprints)) {
    if (options.signal?.aborted) break;
    total += batch.length;
    for (const [index, lane] of lanes.entries()) {
      const counts = counting[index];
      if (counts !== undefined) await countBatch(batch, lane, counts, options);
    }
  }
  const results = lanes.map(async (lane, index) => finished(lane, counting[index] ?? emptyCounting(), options));
  return { rows: total, lanes: await Promise.all(results) };
}

async function countBatch(
  batch: readonly KeyedRow[],
  lane: LaneRun,
  counts: Counting,
  options: CountOptions,
): Promise<void> {
  // A row that has changed may say that its customer is to be archived, which a guard has to know.
  const precise = options.precise || options.job.mode === 'mirror';
  const entries = await lookUp(batch, lane, options.ledger);
  const open: { readonly row: KeyedRow; readonly entry: Entry | undefined }[] = [];
  for (const [index, row] of batch.entries()) {
    counts.rows += 1;
    const entry = entries[index];
    const isRepeated = entry !== undefined && !counts.seen.add(entry.number);
    const before = options.full || isRepeated ? undefined : asBefore(lane, row, entry);
    if (before === 'unchanged') counts.unchanged += 1;
    else if (before === 'skipped') counts.excluded += 1;
    else if (entry === undefined && row.id !== undefined) countUnknown(row, counts, options);
    else if (!precise && entry?.state === 'settled' && !isRepeated) countRoughly(entry, counts, options);
    else open.push({ row, entry });
  }
  const memories = await options.ledger.fields(open.flatMap(({ entry }) => entry ?? []));
  for (const { row, entry } of open)
    countVerdict(lane, await judge(lane, row, entry, entry && memories.get(entry.number), options), counts);
}

async function lookUp(
  batch: readonly KeyedRow[],
  { lane }: LaneRun,
  ledger: Ledger,
): Promise<readonly (Entry | undefined)[]> {
  return ledger.find(
    lane,
    batch.map(({ id }) => id ?? ''),
  );
}

/** Who is not known is looked at when its turn comes: what it takes is the same for all of them. */
function countUnknown(row: KeyedRow, counts: Counting, { job }: JudgeOptions): void {
  counts.unknown += 1;
  counts.work += 1;
  if (counts.sample.length >= sampleSize) return;
  const read = row.read();
  if (read.kind !== 'customer' || read.customer.deleted === true || job.filter?.test(read.customer) === false) return;
  counts.sample.push(read.customer);
}

function countRoughly({ rowDigest }: Entry, counts: Counting, { full }: CountOptions): void {
  counts.work += 1;
  if (full || rowDigest === undefined) counts.compared += 1;
  else {
    counts.changed += 1;
    counts.updates += 1;
  }
}

function countVerdict({ connection }: LaneRun, verdict: Verdict, counts: Counting): void {
  if (verdict.kind === 'waiting') {
    counts.waiting += 1;
    return;
  }
  counts.work += 1;
  if (verdict.kind === 'archive') {
    counts.leaving += 1;
    return;
  }
  if (verdict.kind === 'settled') {
    const { status } = verdict.outcome;
    if (status === 'invalid') counts.invalid += 1;
    else if (status === 'skipped') counts.excluded += 1;
    else counts.unchanged += 1;
    return;
  }
  const { what, input, customer } = verdict.work;
  counts[what] += 1;
  if (what !== 'changed') return;
  counts.updates += 1;
  if (input.read === 'always' || needsRecord(connection.writer, { ...input, customer })) counts.reads += 1;
}

async function finished(
  lane: LaneRun,
  { reads, updates, work, sample, seen, ...counts }: Counting,
  { job, ledger }: JudgeOptions,
): Promise<LaneCounts> {
  let absent = 0;
  if (job.mode === 'mirror') {
    for await (const page of ledger.entries(lane.lane)) {
      absent += page.filter(({ number, providerId }) => providerId !== undefined && !seen.has(number)).length;
    }
  }
  const leaving = counts.leaving + absent;
  const asked = counts.unknown + counts.compared;
  const looksUp = lane.connection.provider.definition.archive?.by === 'provider_id';
  const finds = reads + asked + (looksUp ? leaving : 0);
  const writes = { create: counts.unknown, update: updates + counts.compared };
  const cost = {
    reads: finds,
    writes: writes.create + writes.update + leaving,
    seconds: secondsOf(lane, { find: finds, ...writes, delete: leaving }),
  };
  const known = await ledger.countEntries(lane.lane);
  return {
    counts: { ...counts, leaving, known, cost },
    hasWork: work + absent + counts.waiting > 0,
    seen,
    sample,
    absent,
  };
}

/** How long requests take at the connection's part of the rate; the strictest limit decides. */
function secondsOf({ target, connection }: LaneRun, requests: Readonly<Record<string, number>>): number {
  const share = target.rateShare ?? defaultRateShare;
  const secondsFor = ({ operations, requests_per_second: rate }: RateLimit) => {
    const covered = Object.entries(requests).filter(([name]) => operations?.includes(name) ?? true);
    return covered.reduce((sum, [, number]) => sum + number, 0) / (rate * share);
  };
  return Math.ceil(Math.max(0, ...connection.provider.definition.limits.map(secondsFor)));
}

function emptyCounting(): Counting {
  return {
    rows: 0,
    unchanged: 0,
    unknown: 0,
    changed: 0,
    compared: 0,
    invalid: 0,
    excluded: 0,
    waiting: 0,
    leaving: 0,
    reads: 0,
    updates: 0,
    work: 0,
    sample: [],
    seen: createNumberSet(),
  };
}
