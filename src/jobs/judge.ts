import type { Customer } from '../../schemas/customer.js';
import type { Outcome, Warning } from '../../schemas/outcome.js';
import { invalidOutcome, outcomeFor } from '../core/upsert/outcome.js';
import type { UpsertInput } from '../core/upsert/prepare.js';
import { scopeOf, updateIntent } from '../core/upsert/update-intent.js';
import type { Entry, FieldMemory, Ledger, ListedFailure } from '../ledger/ledger.js';
import { unknownProviderNotes } from '../runner/unknown-providers.js';
import { changedFields, comparableScope, type HashedField, hashFields, ownedKeys } from './field-memory.js';
import type { Job } from './job.js';
import type { KeyedRow } from './keyed-rows.js';
import type { LaneRun } from './lane-run.js';

export const correctSource = 'Correct the source, or the mapping of this connection; the next run takes it up.';

/** What is to be done about one row at one target, as far as that can be told without a request. */
export type Verdict =
  /** Nothing: it failed before, and its time has not come. */
  | { readonly kind: 'waiting'; readonly failure: ListedFailure }
  /** Nothing but to remember it. */
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly work?: Work }
  | { readonly kind: 'attempt'; readonly work: Work }
  /** The source says that it is gone, and the job mirrors. */
  | { readonly kind: 'archive'; readonly reason: string };

export interface Work {
  readonly what: 'unknown' | 'changed' | 'compared';
  readonly customer: Customer;
  readonly notes: readonly Warning[];
  readonly input: UpsertInput;
  readonly fields: readonly HashedField[];
  readonly memory: FieldMemory | undefined;
}

export interface JudgeOptions {
  readonly job: Job;
  readonly ledger: Ledger;
  readonly full: boolean;
  /** Failures are tried whether their time has come or not. */
  readonly insists: boolean;
  readonly now: () => number;
}

/** Whether a row is as it was when it was settled, under the same mapping. Answers its outcome then. */
export function asBefore(
  { version }: LaneRun,
  { digest }: KeyedRow,
  entry: Entry | undefined,
): 'unchanged' | 'skipped' | undefined {
  if (entry === undefined || entry.rowDigest !== digest || entry.version !== version) return undefined;
  if (entry.state === 'settled') return 'unchanged';
  return entry.state === 'excluded' ? 'skipped' : undefined;
}

/** @param memory what was sent last. */
export async function judge(
  lane: LaneRun,
  row: KeyedRow,
  entry: Entry | undefined,
  memory: FieldMemory | undefined,
  options: JudgeOptions,
): Promise<Verdict> {
  const waiting = await stillWaiting(lane, row, entry, options);
  if (waiting !== undefined) return { kind: 'waiting', failure: waiting };
  const { job } = options;
  const { name } = lane.connection;
  const read = row.read();
  const id = row.id ?? '';
  if (read.kind === 'invalid')
    return {
      kind: 'settled',
      outcome: { ...invalidOutcome({ name }, row.id, read.problems, correctSource), warnings: [...read.notes] },
    };
  const { customer } = read;
  const notes = [...read.notes, ...unknownProviderNotes(customer, job.providers)];
  const isExcluded = job.filter?.test(customer) === false;
  if (isExcluded || customer.deleted === true) {
    const reason = isExcluded ? 'does not match the filter of the job' : 'is deleted in the source';
    if (job.mode === 'mirror' && entry !== undefined && entry.state !== 'archived' && entry.providerId !== undefined)
      return { kind: 'archive', reason };
    return { kind: 'settled', outcome: { ...outcomeFor(lane.connection, id, 'skipped'), reason } };
  }
  return judgeCustomer(lane, { customer, notes, hasFailed: hasFailed(lane, row, entry) }, entry, memory, options);
}

/** Whether this very row failed, under the mapping of now. */
function hasFailed({ version }: LaneRun, { digest }: KeyedRow, entry: Entry | undefined): entry is Entry {
  return entry?.state === 'failing' && entry.rowDigest === digest && entry.version === version;
}

async function stillWaiting(
  lane: LaneRun,
  row: KeyedRow,
  entry: Entry | undefined,
  { ledger, insists, now }: JudgeOptions,
): Promise<ListedFailure | undefined> {
  if (insists || !hasFailed(lane, row, entry)) return undefined;
  const failure = await ledger.failure(lane.lane, entry.customerId);
  return failure === undefined || isDue(failure, now()) ? undefined : failure;
}

/** A clock that went back must not make anybody wait for the time that it jumped. */
export function isDue({ retryAt, lastAt }: Pick<ListedFailure, 'retryAt' | 'lastAt'>, now: number): boolean {
  return retryAt !== undefined && (now >= Date.parse(retryAt) || now < Date.parse(lastAt));
}

function judgeCustomer(
  { connection }: LaneRun,
  { customer, notes, hasFailed }: { customer: Customer; notes: readonly Warning[]; hasFailed: boolean },
  entry: Entry | undefined,
  memory: FieldMemory | undefined,
  { job, ledger, full }: JudgeOptions,
): Verdict {
  const { mapping } = connection.writer;
  // Only a whole `null` asks for them.
  const owned = customer.metadata === null ? ownedKeys(mapping, memory, customer.id, ledger.fingerprints) : undefined;
  const intent = updateIntent(mapping, customer, owned);
  if (intent.kind === 'invalid')
    return {
      kind: 'settled',
      outcome: { ...invalidOutcome(connection, customer.id, intent.issues, correctSource), warnings: [...notes] },
    };
  const fields = hashFields(intent.fields, customer.id, ledger.fingerprints);
  const mode = job.mode === 'update_only' || job.mode === 'create_only' ? job.mode : undefined;
  const providerId = entry?.providerId;
  const input: UpsertInput = { customer, read: 'always', providerId, ownedKeys: owned, mode };
  const work = { customer, notes, fields, memory };
  if (providerId === undefined) return { kind: 'attempt', work: { ...work, what: 'unknown', input } };
  if (memory === undefined) return { kind: 'attempt', work: { ...work, what: 'compared', input } };
  const changed = changedFields(fields, memory);
  // Who failed although nothing has changed was being compared, and is once more.
  if (full || (hasFailed && changed.length === 0)) {
    const scope = comparableScope(fields, memory);
    return { kind: 'attempt', work: { ...work, what: 'compared', input: { ...input, scope } } };
  }
  if (changed.length === 0) {
    const outcome = { ...outcomeFor(connection, customer.id, 'unchanged'), provider_id: providerId };
    return { kind: 'settled', outcome, work: { ...work, what: 'changed', input } };
  }
  // Some providers create who is not there on an update, so a job that must not create looks first.
  const read = mode === undefined ? 'when_required' : 'always';
  const changedInput: UpsertInput = { ...input, read, scope: scopeOf(changed), sendUnseen: true };
  return { kind: 'attempt', work: { ...work, what: 'changed', input: changedInput } };
}
