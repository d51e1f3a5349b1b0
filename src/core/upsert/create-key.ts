import { createHash } from 'crypto';
import type { Target } from './target.js';

/** Providers take keys of up to 255 characters, and what `keyAfter` adds must fit as well. */
const longestId = 186;

/**
 * The idempotency key of the request that creates a customer; nothing where the provider takes none. It follows from our
 * id, so that whoever creates the same customer, in another run or another process, is answered with the same record
 * although a search does not show it yet.
 */
export function createKey({ provider }: Pick<Target, 'provider'>, customerId: string): string {
  if (provider.definition.api.idempotency_header === undefined) return '';
  const id = encodeURIComponent(customerId);
  return id.length <= longestId ? `customer-sync-${id}` : `customer-sync-sha256-${sha256(customerId)}`;
}

/** The key of the create that follows a record which is gone: under the old key the provider would answer with that one. */
export function keyAfter(key: string, goneProviderId: string): string {
  // A key of `createKey` has no colon of its own.
  return key === '' ? '' : `${key.split(':')[0]}:after:${encodeURIComponent(goneProviderId)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
