import { isCustomerSyncError } from '../core/errors.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import type { Account, Ledger } from '../ledger/ledger.js';
import type { Connection } from '../runner/connection.js';

/**
 * Finds out what became of writes that were under way when an earlier run ended, by the identity that was sent then: the
 * source may name the customer otherwise by now, and would have it created a second time.
 */
export async function settleIntents({ reader, provider, remote }: Connection, account: Account, ledger: Ledger) {
  const unsettled = new Set<string>();
  const idempotencyKeys = new Map<string, string>();
  const { identity } = provider.definition;
  const readId = compileGetter(parsePath(identity.provider_id));
  for (const { customerId, sent } of remote === undefined ? await ledger.openIntents(account) : []) {
    const match = sent?.match;
    if (match === undefined) {
      await ledger.settleIntent(account, customerId, undefined);
      continue;
    }
    try {
      const found = await provider.connector.find(reader.client, { by: 'match', value: match });
      if (found.kind === 'found') {
        const providerId = String(readId(found.record));
        const owner = await ledger.ownerOf(account, providerId);
        await ledger.settleIntent(account, customerId, owner === undefined ? providerId : undefined);
      } else if (found.kind === 'absent' && (identity.unique || identity.reads === 'strong')) {
        await ledger.settleIntent(account, customerId, undefined);
      } else {
        idempotencyKeys.set(customerId, sent?.idempotencyKey ?? '');
      }
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      unsettled.add(customerId);
    }
  }
  return { unsettled, idempotencyKeys };
}
