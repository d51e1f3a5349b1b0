import type { Outcome } from '../../../schemas/outcome.js';
import { CustomerSyncError, isCustomerSyncError } from '../errors.js';
import { verdictOf } from '../http/provider-error.js';
import { outcomeFor, outcomeOfError } from './outcome.js';
import type { Target } from './target.js';

export interface ArchiveInput {
  /** Our id. */
  readonly customerId: string;
  /** What the record is addressed by, as the definition's `identity.address` says. */
  readonly address: string;
}

/** Archives a customer. Whoever is gone already counts as archived; a lost answer is settled by reading back. */
export async function archiveCustomer(target: Target, input: ArchiveInput): Promise<Outcome> {
  const { connector, definition } = target.provider;
  const archived = outcomeFor(target, input.customerId, 'archived');
  if (connector.archive === undefined) {
    const reason = `${definition.name} has no way to archive a customer`;
    return { ...outcomeFor(target, input.customerId, 'skipped'), reason };
  }
  for (let repeated = false; ; repeated = true) {
    try {
      await connector.archive(target.client, input.address);
      return archived;
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      const verdict = verdictOf(error);
      if (verdict === 'not_found') return archived;
      const isUnclear = error.code === 'uncertain' || (error.code === 'protocol' && verdict === undefined);
      if (!isUnclear) return outcomeOfError(target, input.customerId, error);
      const isThere = await isStillThere(target, input.address);
      if (isThere === false) return archived;
      if (isThere === undefined) return outcomeOfError(target, input.customerId, uncertain(error));
      if (repeated) return outcomeOfError(target, input.customerId, notArchived(definition.name, error));
    }
  }
}

/** `undefined` where that cannot be told. */
async function isStillThere({ provider, client }: Target, address: string): Promise<boolean | undefined> {
  const { identity } = provider.definition;
  if (identity.reads !== 'strong') return undefined;
  try {
    const by = identity.address === 'our_id' ? 'match' : 'provider_id';
    return (await provider.connector.find(client, { by, value: address })).kind !== 'absent';
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
