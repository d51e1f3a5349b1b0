import type { Outcome } from '../../schemas/outcome.js';
import type { Entry, EntryState, Ledger, Settlement } from '../ledger/ledger.js';
import { remember } from './field-memory.js';
import type { RunEvent } from './job.js';
import type { Work } from './judge.js';
import type { KeyedRow } from './keyed-rows.js';
import { count, isBlamed, isFailing, type LaneRun } from './lane-run.js';

export interface Recorder {
  /** Counts an outcome and has it written down; resolves at once, or when it is on the disk where that matters. */
  record(lane: LaneRun, result: Recorded): Promise<void>;
  /** Resolves when all is on the disk. @throws what kept the ledger from being written. */
  flush(): Promise<void>;
  /** What comes from now on is of no interest: the run has given up waiting. */
  close(): void;
}

export interface Recorded {
  /** Absent for a customer that is no row of the source. */
  readonly row?: KeyedRow | undefined;
  /** Absent for a row without an id. */
  readonly entry: Entry | undefined;
  readonly outcome: Outcome;
  readonly work?: Work | undefined;
}

interface RecorderParts {
  readonly ledger: Ledger;
  readonly run: number;
  readonly now: () => number;
  readonly tell: (event: RunEvent) => void;
}

/** How long an outcome that can be had again may wait for others, so that the disk is waited for once for all. */
const gatherMs = 200;

export function createRecorder({ ledger, run, now, tell }: RecorderParts): Recorder {
  const gathered = new Map<LaneRun, Settlement[]>();
  let timer: NodeJS.Timeout | undefined;
  let failure: { readonly error: unknown } | undefined;
  let isClosed = false;

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batches = [...gathered];
    gathered.clear();
    await Promise.all(batches.map(([{ lane }, settlements]) => ledger.settle(lane, run, settlements)));
  }

  async function flush(): Promise<void> {
    if (failure !== undefined) throw failure.error;
    await write();
  }

  function flushSoon(): void {
    timer ??= setTimeout(() => {
      write().catch((error: unknown) => {
        failure ??= { error };
      });
    }, gatherMs);
  }

  return {
    flush,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
    async record(lane, { row, entry, outcome, work }) {
      if (isClosed) return;
      // What cannot be written down must not be sent either.
      if (failure !== undefined) throw failure.error;
      const isNewFailure = await countOutcome(lane, outcome, row, entry, ledger);
      if (outcome.status !== 'unchanged' || outcome.warnings.length > 0)
        tell({ kind: 'outcome', outcome, isNewFailure, ...(row !== undefined && { row: row.row }) });
      const settlement = await settlementOf(lane, { row, entry, outcome, work }, ledger, now());
      if (settlement === undefined || isClosed) return;
      const waiting = gathered.get(lane);
      if (waiting === undefined) gathered.set(lane, [settlement]);
      else waiting.push(settlement);
      // Whose record this is must be known before anybody else can lay a hand on it.
      if (outcome.provider_id !== undefined && outcome.provider_id !== entry?.providerId) await flush();
      else flushSoon();
    },
  };
}

async function countOutcome(
  { tally, lane }: LaneRun,
  outcome: Outcome,
  row: KeyedRow | undefined,
  entry: Entry | undefined,
  ledger: Ledger,
): Promise<boolean> {
  const { status } = outcome;
  if (row !== undefined) count(tally, status);
  else if (status === 'archived') tally.archivedAbsent += 1;
  if (!isFailing(status)) return false;
  if (row === undefined) tally.failing += 1;
  if (isBlamed(outcome) && entry !== undefined) tally.blamed.push(entry.customerId);
  const isNew =
    entry === undefined ? (await ledger.failure(lane, placeOf(row))) === undefined : entry.state !== 'failing';
  if (isNew) tally.newFailures += 1;
  return isNew;
}

/** Where a row without an id is listed. */
function placeOf(row: KeyedRow | undefined): string {
  return row?.row.at ?? `row ${(row?.ordinal ?? 0) + 1}`;
}

async function settlementOf(
  { version, lane, unsettled }: LaneRun,
  { row, entry, outcome, work }: Recorded,
  ledger: Ledger,
  now: number,
): Promise<Settlement | undefined> {
  const { status, error } = outcome;
  if (status === 'not_attempted') return undefined;
  const state = stateOf(outcome);
  const isFine = state === 'settled';
  const attempts = state === 'failing' && entry?.state === 'failing' ? await attemptsOf(entry, lane, ledger) : 0;
  return {
    number: entry?.number,
    customerId: entry?.customerId ?? placeOf(row),
    state,
    status,
    providerId: outcome.provider_id === entry?.providerId ? undefined : outcome.provider_id,
    // Who was left out because of what the provider holds is looked at again by the next run.
    rowDigest: status === 'skipped' && work?.input.mode === 'update_only' ? undefined : row?.digest,
    version,
    ...(isFine && work !== undefined && { fields: remember(work.fields, memoryOf(outcome, entry, work), outcome) }),
    ...(error !== undefined && isFailing(status) && { failure: error, retryAt: retryAt(outcome, attempts, now) }),
    ...(status !== 'unchanged' && status !== 'skipped' && historyOf(outcome, ledger)),
    keepsIntent: status === 'uncertain' || (entry !== undefined && unsettled.has(entry.customerId)),
  };
}

/** What was sent to a record says nothing of the one in its place. */
function memoryOf({ status, provider_id: providerId }: Outcome, entry: Entry | undefined, { memory }: Work) {
  const isAnother = status === 'created' || (providerId !== undefined && providerId !== entry?.providerId);
  return isAnother ? undefined : memory;
}

function historyOf({ customer_id: id, changes }: Outcome, { fingerprints }: Ledger) {
  const written = changes.map(({ target, change, to }) => [target, change, to ?? null]);
  return {
    changed: changes.map(({ field }) => field),
    ...(written.length > 0 && { plan: fingerprints.value(`plan of ${id}`, written) }),
  };
}

async function attemptsOf({ customerId }: Entry, lane: LaneRun['lane'], ledger: Ledger): Promise<number> {
  return (await ledger.failure(lane, customerId))?.attempts ?? 0;
}

function stateOf({ status }: Outcome): EntryState {
  if (isFailing(status)) return 'failing';
  if (status === 'archived') return 'archived';
  return status === 'skipped' ? 'excluded' : 'settled';
}

const firstWaitMs = 60_000;
const longestWaitMs = 6 * 3_600_000;

/** When to try again: passing failures sooner or later, those that somebody has to mend once something has changed. */
function retryAt({ status }: Outcome, attempts: number, now: number): string | undefined {
  if (status === 'invalid' || status === 'rejected') return undefined;
  return new Date(now + Math.min(longestWaitMs, firstWaitMs * 4 ** attempts)).toISOString();
}
