import type { RunReport } from '../../schemas/run-report.js';
import { isCustomerSyncError } from '../core/errors.js';
import type { Ledger } from '../ledger/ledger.js';
import { type Counted, countJob } from './count-job.js';
import { checkFirstWrite } from './first-write.js';
import { checkGuards } from './guards.js';
import type { GuardName, Job, JobRow, RunEvent } from './job.js';
import { isDue } from './judge.js';
import { count, type LaneRun, openLane, reportOf } from './lane-run.js';
import { absentees, checkMirror } from './mirror.js';
import { type BusyLane, type PassOptions, pass, SourceFault, takeAway } from './pass.js';
import { createPool } from './pool.js';
import { listPopulation } from './population.js';
import { createPositions } from './positions.js';
import { createRecorder } from './recorder.js';
import type { RunJobOptions } from './run-job.js';
import { settleIntents } from './settle-intents.js';

interface Conduct extends RunJobOptions {
  readonly dryRun: boolean;
  readonly goOn?: (() => Promise<boolean>) | undefined;
}

type Ending = Pick<RunReport, 'ended' | 'reason'>;

/** A run from its beginning to its report; of a dry run as well, so that what it shows is what happens. */
export async function conduct(job: Job, options: Conduct): Promise<RunReport> {
  const { ledger, dryRun, now = Date.now, full = false, retry, onEvent: tell = () => {} } = options;
  checkMirror(job);
  const startedAt = new Date(now()).toISOString();
  for (const message of ledger.notices) tell({ kind: 'notice', message });
  const lanes: LaneRun[] = [];
  for (const target of job.targets) {
    lanes.push(
      await openLane(job, target, ledger, async (connection, { account }) =>
        dryRun ? nothingOpen : settleIntents(connection, account, ledger),
      ),
    );
  }
  const run = dryRun ? 0 : await ledger.beginRun(job.name);
  const reading = { rows: 0, complete: false };
  const conducted: Conducted = { job, options, lanes, run, now, tell, reading };
  const ending = await attemptRun(conducted);
  const report: RunReport = {
    run,
    job: job.name,
    kind: retry !== undefined ? 'retry' : full ? 'full' : 'usual',
    started_at: startedAt,
    ended_at: new Date(now()).toISOString(),
    ...ending,
    source: { name: job.source.name, ...reading },
    targets: lanes.map(reportOf),
    notices: [...ledger.notices],
  };
  if (!dryRun) await ledger.endRun(report);
  return report;
}

const nothingOpen = { unsettled: new Set<string>(), idempotencyKeys: new Map<string, string>() };

interface Conducted {
  readonly job: Job;
  readonly options: Conduct;
  readonly lanes: readonly LaneRun[];
  readonly run: number;
  readonly now: () => number;
  readonly tell: (event: RunEvent) => void;
  readonly reading: { rows: number; complete: boolean };
}

async function attemptRun(conducted: Conducted): Promise<Ending> {
  try {
    return await countAndGo(conducted);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return { ended: 'stopped', reason: `${error.error.message}. ${error.error.details.remedy}` };
  }
}

async function countAndGo(conducted: Conducted): Promise<Ending> {
  const { job, options, lanes, now, tell, reading } = conducted;
  const { ledger, full = false, retry, dryRun, allow = new Set<GuardName>(), signal } = options;
  const rows = await rowsOf(job, ledger, retry);
  const judging = { job, ledger, full, insists: retry !== undefined, now };
  const counted = await countJob(sourceRows(rows()), lanes, judging);
  for (const [index, { connection }] of lanes.entries()) {
    const counts = counted.lanes[index]?.counts;
    if (counts !== undefined) tell({ kind: 'counted', to: connection.name, counts });
  }
  if (!dryRun) {
    const refusal = await refusalOf(conducted, counted, allow);
    if (refusal !== undefined) return { ended: 'refused', reason: refusal };
  }
  if ((await options.goOn?.()) === false) return { ended: 'interrupted', reason: 'only counted' };
  if (counted.lanes.every(({ hasWork }) => !hasWork)) {
    settleAsCounted(conducted, counted);
  } else {
    await list(conducted, counted);
    await work(conducted, rows, counted, judging);
  }
  if (!dryRun) await finish(conducted);
  if (signal?.aborted) return { ended: 'interrupted' };
  const stopped = lanes.map(({ stop }) => stop.reason);
  return stopped.every((reason) => reason !== undefined) && stopped.length > 0
    ? { ended: 'stopped', reason: stopped.join('; ') }
    : { ended: 'done', ...(!reading.complete && job.source.complete && { reason: 'the source was not read to its end' }) };
}
