import type { Target } from './target.js';

/** Providers take keys of up to 255 characters, and what `keyAfter` adds must fit as well. */
const maxLength = 200;

/**
 * The idempotency key of the request that creates a customer; nothing where the provider takes none. It follows from our
 * id, so that whoever creates the same customer, in another run or another process, is answered with the same record
 * although a search does not show it yet.
 */
export function createKey({ provider, host }: Pick<Target, 'provider' | 'host'>, customerId: string): string {
  if (provider.definition.api.idempotency_header === undefined) return '';
  const key = `customer-sync-${encodeURIComponent(customerId)}`;
  return key.length <= maxLength ? key : randomKey(host);
}

/** The key of the create that follows a record which is gone: under the old key the provider would answer with that one. */
export function keyAfter(key: string, goneProviderId: string): string {
  // Neither kind of key has a colon of its own.
  return key === '' ? '' : `${key.split(':')[0]}:after:${encodeURIComponent(goneProviderId)}`;
}

function randomKey(host: Target['host']): string {
  return Array.from({ length: 4 }, () =>
    Math.floor(host.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}
