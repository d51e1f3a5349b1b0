import type { FieldChange, Outcome, Plan, Warning } from '../../../schemas/outcome.js';
import type { StoredRecord } from '../connector.js';
import { CustomerSyncError, isCustomerSyncError } from '../errors.js';
import { verdictOf } from '../http/provider-error.js';
import { createKey, keyAfter } from './create-key.js';
import { checked, matchValue } from './locate.js';
import { outcomeFor, outcomeOfError } from './outcome.js';
import { type PlanInput, planUpsert, type Stored } from './plan-upsert.js';
import { knownProviderId, ofAnotherRecord, type Prepared, prepareUpsert, type UpsertInput } from './prepare.js';
import type { Target } from './target.js';
import { inDoubt, notApplied, notShown, unexplained } from './unsettled.js';

type StoredRecordOf = Extract<Stored, { kind: 'record' }>;

/** How often a customer is read and planned anew because the ground moved. */
const maxRepeats = 3;
/** Wait before the second repeat (milliseconds), four times that before the third: replicas may lag behind. */
const repeatDelayMs = 250;

/** What has happened to this customer so far. */
interface Progress {
  created: boolean;
  updated: boolean;
  corrected: boolean;
  /** A create whose answer was lost may show only later. */
  maybeCreated: boolean;
  repeats: number;
  /** The record that was written last. */
  providerId: string | undefined;
  readonly changes: FieldChange[];
  /** Of the plans that were carried out, and of the one that failed last. */
  readonly warnings: Warning[];
  idempotencyKey: string;
}

export interface Executed {
  readonly outcome: Outcome;
  /** What the provider holds now, as it answered last; absent when that is not known. */
  readonly record?: StoredRecord;
}

/**
 * Carries a plan out: writes, settles by reading back what is unclear, and compares the answer with what was sent.
 * Failures of this customer are its outcome; only faults of the program are thrown.
 */
export async function executeUpsert(target: Target, input: UpsertInput, prepared: Prepared): Promise<Executed> {
  const progress: Progress = {
    created: false,
    updated: false,
    corrected: false,
    maybeCreated: false,
    repeats: 0,
    providerId: undefined,
    changes: [],
    warnings: [],
    idempotencyKey: firstKey(target, input, prepared),
  };
  let current = prepared;
  // Ends: every round returns, spends the one correction, or spends one of the repeats.
  while (current.kind === 'planned') {
    const { plan, stored } = current;
    if (plan.action === 'unchanged') {
      if (!progress.created && !progress.updated) addWarnings(progress, plan.warnings);
      return finished(target, input, progress, stored);
    }
    try {
      const record = await write(target, input, plan, stored, progress);
      progress.providerId = record.providerId;
      noteWritten(plan, progress);
      const correction = planCorrection(target, input, stored, record, progress);
      if (correction === undefined) return finished(target, input, progress, record);
      progress.corrected = true;
      current = { kind: 'planned', plan: correction, stored: record };
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      current = await recover(target, input, plan, error, progress);
      if (current.kind === 'settled') addWarnings(progress, plan.warnings);
    }
  }
  return { outcome: withProgress(current.outcome, progress) };
}

/** Whose remembered record is gone is created as one who follows it. */
function firstKey(target: Target, input: UpsertInput, prepared: Prepared): string {
  const key = input.idempotencyKey ?? createKey(target, input.customer.id);
  const known = knownProviderId(target, input);
  const isGone = known !== undefined && prepared.kind === 'planned' && prepared.plan.action === 'create';
  return isGone ? keyAfter(key, known) : key;
}

async function write(
  target: Target,
  input: UpsertInput,
  plan: Plan,
  stored: Stored,
  progress: Progress,
): Promise<StoredRecordOf> {
  const { client } = target;
  const { connector, definition } = target.provider;
  const { idempotencyKey } = progress;
  const payload = plan.payload ?? {};
  const match = matchValue(target, input.customer, {});
  const providerId = stored.kind === 'absent' ? undefined : stored.providerId;
  const byOurId = definition.identity.address === 'our_id';
  try {
    if (plan.action === 'create')
      return checked(target, await connector.create(client, { payload, idempotencyKey }), { match });
    const address = (byOurId ? match : providerId) ?? '';
    return checked(target, await connector.update(client, { address, payload }), byOurId ? { match } : { providerId });
  } catch (error) {
    // A success that cannot be read, or that names somebody else, leaves open what was written.
    const unreadable = isCustomerSyncError(error) && error.code === 'protocol' && verdictOf(error) === undefined;
    throw unreadable ? new CustomerSyncError('uncertain', { ...error.details, remedy: unreadableRemedy }) : error;
  }
}

const unreadableRemedy =
  'The write may be there all the same. Check the base URL, and whether something on the way changes answers; then run again.';

/** @param left fields of the plan that are still to be written. */
function noteWritten(plan: Plan, progress: Progress, left: readonly FieldChange[] = []): void {
  if (plan.action === 'create') progress.created = true;
  else progress.updated = true;
  // A correction sends fields again that the create listed already.
  const known = new Set([...progress.changes, ...left].map(({ field }) => field));
  progress.changes.push(...plan.changes.filter(({ field }) => !known.has(field)));
  addWarnings(progress, plan.warnings);
}

function addWarnings({ warnings }: Progress, added: readonly Warning[]): void {
  const isKnown = (warning: Warning) =>
    warnings.some(
      ({ code, field, message }) => code === warning.code && field === warning.field && message === warning.message,
    );
  warnings.push(...added.filter((warning) => !isKnown(warning)));
}

/**
 * One update more where the write cannot have done all: after a create, for what a create does not keep but an update
 * does; after an update that met another record than the one read, for everything that had not changed there.
 */
function planCorrection(
  target: Target,
  input: UpsertInput,
  stored: Stored,
  record: StoredRecordOf,
  progress: Progress,
): Plan | undefined {
  // Deleted in between: a provider that upserts then makes a new record of the few fields that an update holds.
  const isAnother = 'providerId' in stored && ![undefined, record.providerId].includes(stored.providerId);
  if (progress.corrected || !(progress.created || isAnother)) return undefined;
  const { corrected_after_create: correctable = [] } = target.provider.definition;
  const only =
    correctable === 'all' || isAnother
      ? undefined
      : new Set([
          ...correctable,
          ...target.mapping.rules.filter(({ rule }) => rule.on === 'update').map(({ target: field }) => field),
        ]);
  const plan = replan(target, input, record, { only, ...(isAnother ? ofAnotherRecord : { scope: input.scope }) });
  return plan?.action === 'update' ? plan : undefined;
}

function replan(
  { name, mapping }: Target,
  input: UpsertInput,
  stored: Stored,
  limits: Pick<PlanInput, 'only' | 'scope' | 'sendUnseen'>,
): Plan | undefined {
  const planned = planUpsert({ to: name, customer: input.customer, mapping, stored, ...limits });
  return planned.kind === 'plan' ? planned.plan : undefined;
}

/** Decides how to go on after a write that failed: by reading anew, or with an outcome. */
async function recover(
  target: Target,
  input: UpsertInput,
  plan: Plan,
  error: CustomerSyncError,
  progress: Progress,
): Promise<Prepared> {
  const { api, identity, name } = target.provider.definition;
  // A look-up that may lag shows who is there, but not who is absent.
  const lags = identity.reads === 'eventual' && !identity.unique;
  const settled = (failure: CustomerSyncError): Prepared => {
    const told = lags && progress.maybeCreated && !progress.created ? inDoubt(name, failure) : failure;
    const values = [input.customer, plan.changes.map(({ from }) => from)];
    return { kind: 'settled', outcome: outcomeOfError(target, input.customer.id, told, values) };
  };
  const exists = verdictOf(error) === 'exists';
  // Where we address by our own id, an update that meets "exists" met another writer, not another customer.
  const existed = exists && (plan.action === 'create' || identity.address === 'our_id');
  const gone = plan.action === 'update' && verdictOf(error) === 'not_found';
  const unclear = error.code === 'uncertain';
  if (!existed && !gone && !unclear) return settled(error);

  progress.repeats += 1;
  if (progress.repeats > 1) await target.host.sleep(repeatDelayMs * 4 ** (progress.repeats - 2));
  const next = await prepareUpsert(target, { ...(gone ? asUnknown(input) : input), read: 'always' });
  if (next.kind === 'settled') return unclear ? settled(error) : next;

  const isCreate = plan.action === 'create';
  if (!isCreate && next.plan.action === 'create' && plan.provider_id !== undefined)
    progress.idempotencyKey = keyAfter(progress.idempotencyKey, plan.provider_id);
  progress.maybeCreated ||= unclear && isCreate;
  if (isCreate && progress.maybeCreated && next.plan.action !== 'create') noteWritten(plan, progress);
  else if (!isCreate && unclear && hasLanded(plan, next.plan)) noteWritten(plan, progress, next.plan.changes);
  // Where neither the provider nor a key of ours prevents it, a second create could be a second customer.
  const isSafe = identity.unique || api.idempotency_header !== undefined;
  if (unclear && next.plan.action === 'create' && !isSafe) return settled(error);
  if (next.plan.action === 'unchanged' || progress.repeats <= (unclear ? 1 : maxRepeats)) return next;
  if (lags && next.plan.action === 'create') return settled(unclear ? error : notShown(name));
  return settled(unclear ? notApplied(name, error) : unexplained(name, existed));
}

/** A record that is gone takes with it what is known about it. */
function asUnknown(input: UpsertInput): UpsertInput {
  return { ...input, providerId: undefined, ...ofAnotherRecord };
}

/** Whether an update shows, though a field that this provider never keeps may differ still. */
function hasLanded(plan: Plan, next: Plan): boolean {
  if (next.action === 'create') return false;
  const left = new Set(next.changes.map(({ field }) => field));
  return plan.changes.some(({ field }) => !left.has(field));
}

function finished(target: Target, input: UpsertInput, progress: Progress, stored: Stored): Executed {
  const status = progress.created ? 'created' : progress.updated ? 'updated' : 'unchanged';
  const outcome = outcomeFor(target, input.customer.id, status);
  if (stored.kind !== 'record') return { outcome: withProgress(outcome, progress) };
  if (status !== 'unchanged')
    progress.warnings.push(...notKept(target, replan(target, input, stored, { scope: input.scope })));
  return { outcome: withProgress({ ...outcome, provider_id: stored.providerId }, progress), record: stored.record };
}

/** What still differs right after a success, the provider silently left as it was. */
function notKept({ mapping }: Target, plan: Plan | undefined): Warning[] {
  const differing = (plan?.changes ?? []).filter(
    ({ change, target }) => change !== 'cannot_tell' && mapping.rule(target)?.rule.echo !== false,
  );
  return differing.map(({ field }) => ({
    code: 'not_kept' as const,
    field,
    message: 'was sent, but the provider answered with success and holds another value',
  }));
}

function withProgress(outcome: Outcome, { created, updated, providerId, changes, warnings }: Progress): Outcome {
  const failedAfterWrite = outcome.error !== undefined && (created || updated);
  const notice: Warning[] = failedAfterWrite
    ? [{ code: 'notice', message: `was ${created ? 'created' : 'updated'} before this failed` }]
    : [];
  return {
    ...(providerId !== undefined && { provider_id: providerId }),
    ...outcome,
    changes: [...changes],
    warnings: [...outcome.warnings, ...warnings, ...notice],
  };
}
