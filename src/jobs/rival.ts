import type { Customer } from '../../schemas/customer.js';
import type { Outcome } from '../../schemas/outcome.js';
import { CustomerSyncError } from '../core/errors.js';
import { identityKey } from '../core/upsert/locate.js';
import { outcomeOfError } from '../core/upsert/outcome.js';
import type { Entry, Ledger } from '../ledger/ledger.js';
import type { LaneRun } from './lane-run.js';

interface RivalOptions {
  readonly ledger: Ledger;
  /** Then nobody is written down as having a record, so what was planned before counts as well. */
  readonly dryRun: boolean;
}

/**
 * The conflict of a customer for whom another one's record was found: one record can be one customer only.
 * @param providerId of the record; absent where none was found
 */
export async function refuseRival(
  lane: LaneRun,
  entry: Entry | undefined,
  customer: Customer,
  providerId: string | undefined,
  { ledger, dryRun }: RivalOptions,
): Promise<Outcome | undefined> {
  if (providerId !== undefined && providerId === entry?.providerId) return undefined;
  const known = providerId === undefined ? undefined : await ledger.ownerOf(lane.lane.account, providerId);
  const owner = known ?? (dryRun ? foreseenOwner(lane, customer, providerId) : undefined);
  if (owner === undefined || owner === customer.id) return undefined;
  const error = new CustomerSyncError('conflict', {
    message: `the record that is found for this customer belongs to customer "${owner}"`,
    remedy: 'Give one of the two another value to be found by, or leave it out of the source.',
  });
  return outcomeOfError(lane.connection.writer, customer.id, error);
}

/** Who would have the record by then, whether it is there already or would be created. */
function foreseenOwner(lane: LaneRun, customer: Customer, providerId: string | undefined): string | undefined {
  if (providerId !== undefined) return lane.foreseen.claim(`record:${providerId}`, customer.id);
  const identity = mayFindAnother(lane) ? identityKey(lane.connection.writer, customer) : undefined;
  return identity === undefined ? undefined : lane.foreseen.claim(`match:${identity}`, customer.id);
}

/** Whether the record that is found for a customer may be that of another: by our id nobody else's is found. */
export function mayFindAnother({ connection: { provider, writer } }: LaneRun): boolean {
  return writer.mapping.rule(provider.definition.identity.match.target)?.rule.from !== 'id';
}
