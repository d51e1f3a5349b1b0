import type { JobPlan, Outcome } from '../../schemas/outcome.js';
import { isCustomerSyncError } from '../core/errors.js';
import { archiveCustomer, recordToArchive } from '../core/upsert/archive.js';
import { matchValue } from '../core/upsert/locate.js';
import { outcomeFor, outcomeOfError } from '../core/upsert/outcome.js';
import type { Target } from '../core/upsert/target.js';
import type { Entry } from '../ledger/ledger.js';
import { type AttemptOptions, watched } from './attempt.js';
import type { LaneRun } from './lane-run.js';

type Settled = { readonly kind: 'outcome'; readonly outcome: Outcome };
type Planned = { readonly kind: 'plan'; readonly plan: JobPlan };
/** Nothing was sent. */
type Refused = { readonly kind: 'refused'; readonly reason: string };

/** Archives a customer at one target, or plans to. */
export function archive(
  lane: LaneRun,
  entry: Entry,
  reason: string,
  options: Pick<AttemptOptions, 'ledger' | 'signal' | 'dryRun'>,
): Promise<Settled | Planned> {
  return whileAlone<Planned>(lane, entry, options.signal, () =>
    options.dryRun ? planArchive(lane, entry, reason) : executeArchive(lane, entry, options),
  );
}

/** Archives a customer, where the provider still holds the record that was planned for. */
export async function archiveRecord(
  lane: LaneRun,
  entry: Entry,
  plannedId: string | undefined,
  options: Pick<AttemptOptions, 'ledger' | 'signal'>,
): Promise<Settled | Refused> {
  return whileAlone<Refused>(lane, entry, options.signal, async () => {
    const current = await storedRecord(lane, entry);
    if ('outcome' in current) return { kind: 'outcome', outcome: current.outcome };
    if (current.id === undefined) return { kind: 'refused', reason: 'is gone at the provider, and needs nothing now' };
    if (current.id !== plannedId) return { kind: 'refused', reason: 'is another record at the provider now' };
    return executeArchive(lane, entry, options);
  });
}

/** Nobody else does anything for the customer meanwhile. */
function whileAlone<Other extends Planned | Refused>(
  lane: LaneRun,
  { customerId }: Entry,
  signal: AbortSignal | undefined,
  act: () => Promise<Settled | Other>,
): Promise<Settled | Other> {
  const { connection, stop } = lane;
  return connection.lock([`id:${customerId}`], async () => {
    const reason = stop.reason ?? (signal?.aborted ? 'the run was interrupted' : undefined);
    if (reason !== undefined)
      return { kind: 'outcome', outcome: { ...outcomeFor(connection, customerId, 'not_attempted'), reason } };
    const attempted = await act();
    stop.note('outcome' in attempted ? attempted.outcome : undefined);
    return attempted;
  });
}

async function planArchive(lane: LaneRun, entry: Entry, reason: string): Promise<Settled | Planned> {
  const { connection } = lane;
  const { customerId, providerId } = entry;
  const current = await storedRecord(lane, entry);
  if ('outcome' in current) return { kind: 'outcome', outcome: current.outcome };
  if (current.id === undefined) {
    const outcome = { ...outcomeFor(connection, customerId, 'unchanged'), reason: 'is gone at the provider already' };
    return { kind: 'outcome', outcome };
  }
  const warnings =
    current.id === providerId
      ? []
      : [{ code: 'notice' as const, message: 'the record is another one than was written' }];
  const plan = { customer_id: customerId, to: connection.name, action: 'archive' as const, provider_id: current.id };
  return { kind: 'plan', plan: { ...plan, reason, compared: true, changes: [], warnings } };
}

/** The id of what the provider holds, if anything; an outcome where it does not say. */
async function storedRecord(
  lane: LaneRun,
  entry: Entry,
): Promise<{ readonly id: string | undefined } | { readonly outcome: Outcome }> {
  const { reader } = lane.connection;
  try {
    return { id: await recordToArchive(quietly(reader, lane), addressOf(reader, entry)) };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return { outcome: outcomeOfError(reader, entry.customerId, error) };
  }
}

async function executeArchive(
  lane: LaneRun,
  entry: Entry,
  { ledger }: Pick<AttemptOptions, 'ledger'>,
): Promise<Settled> {
  // The process may die before it knows that the customer is gone, who may come back as if nothing had happened.
  await ledger.doubtRecord(entry);
  const { writer } = lane.connection;
  const input = { customerId: entry.customerId, address: addressOf(writer, entry) };
  return { kind: 'outcome', outcome: await archiveCustomer(quietly(writer, lane), input) };
}

/** Archiving twice does no harm, so it needs no intent. */
function quietly(target: Target, lane: LaneRun): Target {
  return watched(target, lane, async () => {});
}

function addressOf(target: Target, { customerId, providerId }: Entry): string {
  const byOurId = target.provider.definition.identity.address === 'our_id';
  return (byOurId ? matchValue(target, { id: customerId }, {}) : providerId) ?? '';
}
