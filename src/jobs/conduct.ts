import type { RunReport } from '../../schemas/run-report.js';
import { type CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import type { PlannedArchives } from './archive-planned.js';
import { checkAccounts } from './check-accounts.js';
import { checkMirror, checkMode } from './check-mode.js';
import { type Counted, countJob } from './count-job.js';
import { checkFirstWrite } from './first-write.js';
import { checkGuards } from './guards.js';
import type { GuardName, Job } from './job.js';
import { rowsOf } from './job-rows.js';
import { SourceFault } from './keyed-rows.js';
import { count, type LaneRun, openLane, reportOf } from './lane-run.js';
import { listPopulation } from './population.js';
import type { RunJobOptions } from './run-job.js';
import { settleIntents } from './settle-intents.js';
import { type Conducted, conclude, work } from './work.js';

export interface ConductOptions extends RunJobOptions {
  readonly dryRun: boolean;
  readonly goOn?: (() => Promise<boolean>) | undefined;
  readonly planned?: PlannedArchives | undefined;
}

type Ending = Pick<RunReport, 'ended' | 'reason'>;

/** A run from its beginning to its report; of a dry run as well, so that what it shows is what happens. */
export async function conduct(job: Job, options: ConductOptions): Promise<RunReport> {
  const { ledger, dryRun, now = Date.now, full = false, retry, onEvent: tell = () => {} } = options;
  checkAccounts(job);
  checkMode(job);
  checkMirror(job);
  const startedAt = new Date(now()).toISOString();
  for (const message of ledger.notices) tell({ kind: 'notice', message });
  const lanes: LaneRun[] = [];
  for (const target of job.targets) {
    const lane = await openLane(job, target, ledger, async (connection, { account }) =>
      dryRun ? nothingOpen : settleIntents(connection, account, ledger),
    );
    lanes.push(lane);
  }
  const run = dryRun ? 0 : await ledger.beginRun(job.name);
  const conducted: Conducted = {
    job,
    ledger,
    lanes,
    run,
    now,
    tell,
    dryRun,
    full,
    insists: retry !== undefined,
    planned: options.planned,
    signal: options.signal,
    reading: { rows: 0, complete: false },
  };
  const ending = await attemptRun(conducted, options);
  if (!dryRun && !conducted.reading.complete) await countListed(conducted);
  const report: RunReport = {
    run,
    job: job.name,
    kind: retry !== undefined ? 'retry' : full ? 'full' : 'usual',
    started_at: startedAt,
    ended_at: new Date(now()).toISOString(),
    ...ending,
    source: { name: job.source.name, ...conducted.reading },
    targets: lanes.map(reportOf),
    notices: [...ledger.notices],
  };
  if (!dryRun) await ledger.endRun(report);
  return report;
}

/** Who failed before is failing still, though a reading that is not complete did not meet them again. */
async function countListed({ job, lanes, ledger }: Conducted): Promise<void> {
  for (const { connection, tally } of lanes) {
    tally.failing = (await ledger.failures({ job: job.name, to: connection.name })).length;
  }
}

const nothingOpen = { unsettled: new Set<string>(), idempotencyKeys: new Map<string, string>() };

/** A source that breaks ends a run, and what was done until then stays done. */
async function attemptRun(conducted: Conducted, options: ConductOptions): Promise<Ending> {
  try {
    const ending = await countAndGo(conducted, options);
    return conducted.signal?.aborted && ending.ended === 'done' ? { ended: 'interrupted' } : ending;
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return { ended: 'stopped', reason: `${error.message}. ${error.error.details.remedy}` };
  }
}

async function countAndGo(conducted: Conducted, options: ConductOptions): Promise<Ending> {
  const { job, ledger, lanes, tell, dryRun, planned } = conducted;
  const rows = await rowsOf(job, lanes, ledger, options);
  let counted = await countJob(rows.read(), lanes, { ...conducted, precise: dryRun });
  if (conducted.signal?.aborted) return { ended: 'interrupted' };
  // Of a complete source, a guard says so.
  if (counted.rows === 0 && rows.fromStart && !rows.complete) tell({ kind: 'notice', message: nothingIn(job) });
  for (const [index, { connection }] of lanes.entries()) {
    const counts = counted.lanes[index]?.counts;
    // Most of what was counted is none of a plan's.
    if (counts !== undefined && planned === undefined) tell({ kind: 'counted', to: connection.name, counts });
  }
  const { allow = new Set<GuardName>() } = options;
  const guard = async () => (conducted.insists ? undefined : checkGuards(job, counted, lanes, ledger, allow));
  let refusal = await guard();
  if (refusal !== undefined && dryRun) tell({ kind: 'notice', message: `a run would be refused: ${refusal.reason}` });
  if ((await options.goOn?.()) === false) return { ended: 'done', reason: 'only counted' };
  if (refusal?.guard === 'changed' && !dryRun) {
    // More rows changed than may; what is sent may have changed for fewer.
    counted = await countJob(rows.read(), lanes, { ...conducted, precise: true });
    refusal = await guard();
  }
  if (refusal !== undefined && !dryRun) return { ended: 'refused', reason: refusal.reason };
  if (planned === undefined) {
    if (rows.complete && counted.lanes.every(({ hasWork }) => !hasWork)) {
      await takeAsCounted(conducted, counted);
      return { ended: 'done' };
    }
    const listed = await listAccounts(conducted, counted, allow);
    if (listed !== undefined) return listed;
  }
  await work(conducted, rows, counted, options);
  const stopped = lanes.flatMap(({ stop }) => (stop.reason === undefined ? [] : [stop.reason]));
  return stopped.length === lanes.length ? { ended: 'stopped', reason: stopped.join('; ') } : { ended: 'done' };
}

function nothingIn({ source: { name, ifEmpty } }: Job): string {
  return `${name} holds nothing, and did so whenever it was read${ifEmpty === undefined ? '' : `. ${ifEmpty}`}`;
}

/** Where the counting pass found nothing to do, it was the run. */
async function takeAsCounted(conducted: Conducted, counted: Counted): Promise<void> {
  const { lanes, reading, dryRun } = conducted;
  reading.rows = counted.rows;
  reading.complete = true;
  for (const [index, lane] of lanes.entries()) {
    const { counts, seen } = counted.lanes[index] ?? {};
    if (counts === undefined || seen === undefined) continue;
    lane.seen = seen;
    count(lane.tally, 'unchanged', counts.unchanged);
    if (counts.excluded > 0) count(lane.tally, 'skipped', counts.excluded);
  }
  if (!dryRun) await conclude(conducted, undefined);
}

/** From so many customers on that have to be asked for, reading a page of the list may be cheaper. */
const minToList = 20;
/** Of an account with more customers than the pages that may be read, the list would show hardly any that are asked for. */
const recordsOnPage = 100;

/** Lists accounts where that saves requests, or where customers are written for the first time. */
async function listAccounts(
  { lanes, dryRun, tell, signal }: Conducted,
  counted: Counted,
  allow: ReadonlySet<GuardName>,
): Promise<Ending | undefined> {
  for (const [index, lane] of lanes.entries()) {
    const { counts, sample = [] } = counted.lanes[index] ?? {};
    const asked = (counts?.unknown ?? 0) + (counts?.compared ?? 0);
    const maxPages = Math.max(5, Math.floor(asked / 2));
    const isFirst = !dryRun && lane.lane.account.firstWrittenAt === undefined && sample.length > 0;
    const pays = asked >= minToList && (counts?.known ?? 0) <= maxPages * recordsOnPage;
    if (lane.connection.remote !== undefined || !(isFirst || pays)) continue;
    try {
      lane.population = await listPopulation(lane.connection.reader, maxPages, signal);
      if (signal?.aborted) return { ended: 'interrupted' };
      lane.tally.requests += lane.population.requests;
      const isChecked = isFirst && !allow.has('first_write');
      const refusal = isChecked ? await checkFirstWrite(lane, sample, lane.population) : undefined;
      if (refusal !== undefined) return { ended: 'refused', reason: refusal.reason };
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      if (isFirst) return { ended: 'stopped', reason: unlisted(lane, error) };
      tell({ kind: 'notice', to: lane.connection.name, message: unlisted(lane, error) });
    }
  }
  return undefined;
}

function unlisted({ connection }: LaneRun, { message, details }: CustomerSyncError): string {
  return `the customers of ${connection.name} could not be listed: ${message}. ${details.remedy}`;
}
