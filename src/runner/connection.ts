import type { Overlay } from '../../schemas/mapping.js';
import type { Provider } from '../core/connector.js';
import { createClient } from '../core/http/client.js';
import type { Host } from '../core/http/host.js';
import { readOnlyHost } from '../core/http/read-only-host.js';
import type { RetryPolicy } from '../core/http/retry.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import type { Target } from '../core/upsert/target.js';
import { createKeyedLock, type KeyedLock } from './keyed-lock.js';
import { createLimiter } from './limiter.js';
import { pacedHost } from './paced-host.js';

export interface ConnectionOptions {
  readonly provider: Provider;
  readonly host: Host;
  /** Default: the provider's id. */
  readonly name?: string | undefined;
  readonly overlay?: Overlay | undefined;
  /**
   * Part of the provider's rate limit to use, above 0 and at most 1. Default: 0.5, since the company's own application
   * uses the same account. `unpaced` sends as fast as answers come, for a provider that is a stand-in.
   */
  readonly rateShare?: number | 'unpaced' | undefined;
  readonly retry?: RetryPolicy | undefined;
}

/** One account we may write to, with what its customers share: the rate limit and the locks. */
export interface Connection {
  readonly name: string;
  readonly provider: Provider;
  /** Whose requests change nothing, enforced below the connector. */
  readonly reader: Target;
  readonly writer: Target;
  readonly lock: KeyedLock;
}

export function createConnection({
  provider,
  host,
  name,
  overlay,
  rateShare = 0.5,
  retry,
}: ConnectionOptions): Connection {
  const { definition } = provider;
  const mapping = providerMapping(provider, overlay);
  const paced =
    rateShare === 'unpaced'
      ? host
      : pacedHost(host, createLimiter({ limits: definition.limits, share: rateShare, host }), definition);
  const target = (through: Host): Target => ({
    name: name ?? definition.id,
    provider,
    mapping,
    host: through,
    client: createClient({ host: through, definition, ...(retry !== undefined && { retry }) }),
  });
  return {
    name: name ?? definition.id,
    provider,
    reader: target(readOnlyHost(paced, definition)),
    writer: target(paced),
    lock: createKeyedLock(),
  };
}
