import type { Customer } from '../../schemas/customer.js';
import type { Outcome, Plan } from '../../schemas/outcome.js';
import { CustomerSyncError } from '../core/errors.js';
import type { Client } from '../core/http/client.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import { createKey } from '../core/upsert/create-key.js';
import { executeUpsert } from '../core/upsert/execute.js';
import { identityKey, matchValue } from '../core/upsert/locate.js';
import { outcomeFor, outcomeOfError } from '../core/upsert/outcome.js';
import { planUpsert } from '../core/upsert/plan-upsert.js';
import { prepareUpsert, type UpsertInput } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import type { Entry, Ledger } from '../ledger/ledger.js';
import type { Remote } from '../runner/remote.js';
import { changedFields, doubted } from './field-memory.js';
import type { Job } from './job.js';
import type { Work } from './judge.js';
import type { LaneRun } from './lane-run.js';
import { mayFindAnother, refuseRival } from './rival.js';

export type Attempted =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'plan'; readonly plan: Plan };

export interface AttemptOptions {
  readonly job: Pick<Job, 'mode'>;
  readonly ledger: Ledger;
  readonly signal: AbortSignal | undefined;
  /** Plans, and writes nothing. */
  readonly dryRun: boolean;
}

/**
 * Does what is to be done for one customer at one target, while nobody else does anything for it.
 * @param then what has to be done before anybody else may.
 */
export function attempt(
  lane: LaneRun,
  entry: Entry | undefined,
  work: Work,
  options: AttemptOptions,
  then: (attempted: Attempted) => Promise<void>,
): Promise<void> {
  return lane.connection.lock(lockKeys(lane, work), async () => {
    const attempted = notNow(lane, work, options) ?? (await attemptNow(lane, entry, work, options));
    lane.stop.note(attempted.kind === 'outcome' ? attempted.outcome : undefined);
    await then(attempted.kind === 'outcome' ? withNotes(attempted.outcome, work) : attempted);
  });
}

function lockKeys({ connection }: LaneRun, { customer }: Work): string[] {
  const identity = identityKey(connection.writer, customer);
  return [`id:${customer.id}`, ...(identity === undefined ? [] : [`match:${identity}`])];
}

function withNotes(outcome: Outcome, { notes, what }: Work): Attempted {
  const isLinked = outcome.status === 'unchanged' && what === 'unknown';
  const status = isLinked ? 'linked' : outcome.status;
  return { kind: 'outcome', outcome: { ...outcome, status, warnings: [...notes, ...outcome.warnings] } };
}

/** Why nothing is done for this customer now. */
function notNow(
  { stop, unsettled, connection }: LaneRun,
  { customer }: Work,
  { signal }: AttemptOptions,
): Attempted | undefined {
  const reason = stop.reason ?? (signal?.aborted ? 'the run was interrupted' : undefined);
  if (reason !== undefined)
    return { kind: 'outcome', outcome: { ...outcomeFor(connection, customer.id, 'not_attempted'), reason } };
  if (!unsettled.has(customer.id)) return undefined;
  const error = new CustomerSyncError('uncertain', {
    message: 'an earlier write of this customer could not be settled yet: the provider could not be asked',
    remedy: 'The next run asks again; nothing is sent for this customer until then.',
  });
  return { kind: 'outcome', outcome: outcomeOfError(connection.writer, customer.id, error) };
}

async function attemptNow(
  lane: LaneRun,
  entry: Entry | undefined,
  work: Work,
  options: AttemptOptions,
): Promise<Attempted> {
  const { connection } = lane;
  const { customer } = work;
  const { job, ledger, dryRun } = options;
  if (connection.remote !== undefined) return attemptRemote(lane, connection.remote, entry, work, options);
  const listed = asListed(lane, work);
  if (listed !== undefined) {
    const rival = await refuseRival(lane, entry, customer, listed.provider_id, options);
    return { kind: 'outcome', outcome: rival ?? listed };
  }
  const idempotencyKey = lane.idempotencyKeys.get(customer.id) ?? createKey(connection.writer, customer.id);
  // Whoever looks at a plan wants to see what is there now, which a run does not always need.
  const input: UpsertInput = { ...work.input, idempotencyKey, ...(dryRun && { read: 'always' as const }) };
  const match = matchValue(connection.writer, customer, {});
  const intend = () => ledger.intend(lane.lane, customer.id, { match, idempotencyKey });
  const target = watched(dryRun ? connection.reader : connection.writer, lane, intend);
  const prepared = await prepareUpsert(target, input);
  if (prepared.kind === 'settled') return { kind: 'outcome', outcome: prepared.outcome };
  const rival = await refuseRival(lane, entry, customer, prepared.plan.provider_id, options);
  if (rival !== undefined) return { kind: 'outcome', outcome: rival };
  if (dryRun) return { kind: 'plan', plan: prepared.plan };
  // Who leaves the source before an answer came can be archived only by who remembers that there was a create.
  if (prepared.plan.action === 'create' && job.mode === 'mirror') await intend();
  if (prepared.plan.action !== 'unchanged') await doubtChanges(lane, entry, work, ledger);
  return { kind: 'outcome', outcome: (await executeUpsert(target, input, prepared)).outcome };
}

/** The same, where all the work is done far away, by somebody who has no ledger. */
async function attemptRemote(
  lane: LaneRun,
  remote: Remote,
  entry: Entry | undefined,
  work: Work,
  options: AttemptOptions,
): Promise<Attempted> {
  const { ledger, signal, dryRun } = options;
  const customer = withRememberedId(lane, entry, work);
  if (dryRun || (entry?.providerId === undefined && mayFindAnother(lane))) {
    const planned = await remote.plan(customer, signal);
    if (planned.kind === 'outcome') return planned;
    const rival = await refuseRival(lane, entry, customer, planned.plan.provider_id, options);
    if (rival !== undefined) return { kind: 'outcome', outcome: rival };
    if (dryRun) return planned;
  }
  await doubtChanges(lane, entry, work, ledger);
  return { kind: 'outcome', outcome: await remote.upsert(customer, signal) };
}

/** What is remembered of the customer goes along as if the source said it: it may have another e-mail address by now. */
function withRememberedId({ connection }: LaneRun, entry: Entry | undefined, { customer }: Work): Customer {
  const { id, identity } = connection.provider.definition;
  if (entry?.providerId === undefined || identity.address !== 'provider_id') return customer;
  return { ...customer, external_ids: { ...customer.external_ids, [id]: entry.providerId } };
}

/** Has written down what is about to be sent. Of whom nothing is remembered is compared by the next run anyway. */
async function doubtChanges(
  { lane }: LaneRun,
  entry: Entry | undefined,
  { fields, memory }: Work,
  ledger: Ledger,
): Promise<void> {
  if (entry === undefined || memory === undefined) return;
  const changed = changedFields(fields, memory);
  if (changed.length > 0) await ledger.doubt(lane, entry, doubted(changed, memory));
}

/** `unchanged`, where a record that was listed says so. Whatever else it says is looked at more closely. */
function asListed({ connection, population }: LaneRun, { customer, input }: Work): Outcome | undefined {
  if (population === undefined) return undefined;
  const { mapping, provider, name } = connection.reader;
  const match = matchValue(connection.reader, customer, {});
  const record = match === undefined ? undefined : population.find(match);
  if (record === undefined) return undefined;
  const providerId = String(compileGetter(parsePath(provider.definition.identity.provider_id))(record));
  if (input.providerId !== undefined && input.providerId !== providerId) return undefined;
  const stored = { kind: 'record' as const, record, providerId };
  const { ownedKeys, scope, sendUnseen } = input;
  const planned = planUpsert({ to: name, customer, mapping, stored, ownedKeys, scope, sendUnseen });
  if (planned.kind !== 'plan' || planned.plan.action !== 'unchanged') return undefined;
  const outcome = { ...outcomeFor(connection, customer.id, 'unchanged'), provider_id: providerId };
  return { ...outcome, warnings: planned.plan.warnings };
}

/** A target that counts requests, and has it written down before one goes out that may not be sent twice. */
export function watched(target: Target, { tally }: LaneRun, intend: () => Promise<void>): Target {
  const { client } = target;
  const counting: Client = {
    read(operation, options) {
      tally.requests += 1;
      return client.read(operation, options);
    },
    async write(operation, options) {
      if (!options.replaySafe) await intend();
      tally.requests += 1;
      return client.write(operation, options);
    },
  };
  return { ...target, client: counting };
}
