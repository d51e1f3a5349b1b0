import type { Outcome, OutcomeStatus } from '../../schemas/outcome.js';
import type { TargetReport } from '../../schemas/run-report.js';
import { type Claims, createClaims } from '../core/run/claims.js';
import { createStopRule, type StopRule } from '../core/run/stop.js';
import { canonical } from '../ledger/fingerprints.js';
import type { Lane, Ledger } from '../ledger/ledger.js';
import type { Connection } from '../runner/connection.js';
import type { Job, JobTarget } from './job.js';
import { createNumberSet, type NumberSet } from './number-set.js';
import type { Population } from './population.js';

/** One target of a run on its way. */
export interface LaneRun {
  readonly target: JobTarget;
  readonly connection: Connection;
  readonly lane: Lane;
  /** Of everything between a clean customer and what is sent. */
  readonly version: string;
  /** Customers that the source has shown. */
  seen: NumberSet;
  /** Rows taken up. */
  begun: number;
  readonly stop: StopRule;
  readonly tally: Tally;
  /** Customers for whom an earlier write could not be settled; nothing is sent for them. */
  readonly unsettled: ReadonlySet<string>;
  /** Keys of creates that an earlier run began and that may be repeated. */
  readonly idempotencyKeys: ReadonlyMap<string, string>;
  /** What the provider holds, where it was listed. */
  population: Population | undefined;
  /** In a dry run: whose each record would be. */
  readonly foreseen: Claims;
}

/** What a run counts. */
export interface Tally {
  rows: number;
  readonly outcomes: Map<OutcomeStatus, number>;
  failing: number;
  newFailures: number;
  archivedAbsent: number;
  requests: number;
  /** Customers whose failure the provider may be to blame for: 5xx. */
  readonly blamed: string[];
}

export function createTally(): Tally {
  return {
    rows: 0,
    outcomes: new Map(),
    failing: 0,
    newFailures: 0,
    archivedAbsent: 0,
    requests: 0,
    blamed: [],
  };
}

const failing: ReadonlySet<OutcomeStatus> = new Set(['invalid', 'rejected', 'conflict', 'failed', 'uncertain']);

export function isFailing(status: OutcomeStatus): boolean {
  return failing.has(status);
}

/** @param times rows with this outcome. */
export function count(tally: Tally, status: OutcomeStatus, times = 1): void {
  tally.rows += times;
  tally.outcomes.set(status, (tally.outcomes.get(status) ?? 0) + times);
  if (isFailing(status)) tally.failing += times;
}

export function reportOf({ connection, tally, stop }: LaneRun): TargetReport {
  const { rows, outcomes, failing, newFailures, archivedAbsent, requests } = tally;
  return {
    to: connection.name,
    rows,
    outcomes: Object.fromEntries(outcomes),
    failing,
    new_failures: newFailures,
    archived_absent: archivedAbsent,
    ...(connection.remote === undefined && { requests }),
    ...(stop.reason !== undefined && { stopped: stop.reason }),
  };
}

interface Settled {
  readonly unsettled: ReadonlySet<string>;
  readonly idempotencyKeys: ReadonlyMap<string, string>;
}

export async function openLane(
  job: Job,
  target: JobTarget,
  ledger: Ledger,
  settle: (connection: Connection, lane: Lane) => Promise<Settled>,
): Promise<LaneRun> {
  const { connection } = target;
  const lane = await ledger.lane(job.name, connection.name, await ledger.bind(connection.name, target.account));
  return {
    target,
    connection,
    lane,
    version: versionOf(job, connection, ledger),
    seen: createNumberSet(),
    begun: 0,
    stop: createStopRule(),
    tally: createTally(),
    population: undefined,
    foreseen: createClaims(),
    ...(await settle(connection, lane)),
  };
}

export function versionOf(
  { mode, filter }: Pick<Job, 'mode' | 'filter'>,
  { writer }: Connection,
  ledger: Ledger,
): string {
  const rules = writer.mapping.rules.map(({ target, rule }) => [target, rule]);
  return ledger.fingerprints.name(canonical([mode, filter?.text ?? '', rules, writer.mapping.ownership ?? null]));
}

/** The same, for a failure that stands as it was. */
export function isBlamed({ error }: Outcome): boolean {
  return error?.status !== undefined && error.status >= 500;
}
