import type { Outcome } from '../../../schemas/outcome.js';
import type { Connector, Found } from '../connector.js';
import { CustomerSyncError, isCustomerSyncError } from '../errors.js';
import { verdictOf } from '../http/provider-error.js';
import { ambiguous, checked } from './locate.js';
import { outcomeFor, outcomeOfError } from './outcome.js';
import type { Target } from './target.js';

export interface ArchiveInput {
  /** Our id. */
  readonly customerId: string;
  /** What the record is addressed by, as the definition's `identity.address` says. */
  readonly address: string;
}

/** Archives a customer. Whoever is gone already counts as archived; a lost answer is settled by reading back. */
export async function archiveCustomer(target: Target, { customerId, address }: ArchiveInput): Promise<Outcome> {
  const { connector, definition } = target.provider;
  if (connector.archive === undefined) {
    const reason = `${definition.name} has no way to archive a customer`;
    return { ...outcomeFor(target, customerId, 'skipped'), reason };
  }
  try {
    const archiveAs = definition.archive?.by === 'provider_id' ? await recordToArchive(target, address) : address;
    if (archiveAs !== undefined) await archiveAndSettle(target, connector.archive, { archiveAs, address });
    return outcomeFor(target, customerId, 'archived');
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return outcomeOfError(target, customerId, error);
  }
}

/** @param addresses what the record is archived as, and what it is found by. */
async function archiveAndSettle(
  target: Target,
  archive: NonNullable<Connector['archive']>,
  { archiveAs, address }: { readonly archiveAs: string; readonly address: string },
): Promise<void> {
  for (let repeated = false; ; repeated = true) {
    try {
      return await archive(target.client, archiveAs);
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      const verdict = verdictOf(error);
      if (verdict === 'not_found') return;
      const isUnclear = error.code === 'uncertain' || (error.code === 'protocol' && verdict === undefined);
      if (!isUnclear) throw error;
      const isThere = await isStillThere(target, address);
      if (isThere === false) return;
      if (isThere === undefined) throw uncertain(error);
      if (repeated) throw notArchived(target.provider.definition.name, error);
    }
  }
}

/**
 * The provider's id of the record that would be archived; `undefined` where there is none.
 * @throws CustomerSyncError when the provider does not say which record it is.
 */
export async function recordToArchive(target: Target, address: string): Promise<string | undefined> {
  const found = await findByAddress(target, address);
  if (found.kind === 'absent') return undefined;
  if (found.kind === 'ambiguous') throw ambiguous(target, found);
  const isOurs = target.provider.definition.identity.address === 'our_id';
  return checked(target, found.record, isOurs ? { match: address } : { providerId: address }).providerId;
}

function findByAddress({ provider, client }: Target, address: string): Promise<Found> {
  const by = provider.definition.identity.address === 'our_id' ? 'match' : 'provider_id';
  return provider.connector.find(client, { by, value: address });
}

/**
 * `undefined` where that cannot be told. A look-up that lags may go on to show who is archived, which costs a second
 * attempt, but hides nobody who has been there for long.
 */
async function isStillThere(target: Target, address: string): Promise<boolean | undefined> {
  try {
    return (await findByAddress(target, address)).kind !== 'absent';
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return undefined;
  }
}

function uncertain({ details }: CustomerSyncError): CustomerSyncError {
  return new CustomerSyncError('uncertain', { ...details, remedy: 'Run again later: archiving twice does no harm.' });
}

function notArchived(name: string, { details }: CustomerSyncError): CustomerSyncError {
  return new CustomerSyncError('unavailable', {
    ...details,
    message: `${name} did not archive the customer; reading back shows it as it was`,
    remedy: 'Run again later: archiving twice does no harm.',
  });
}
