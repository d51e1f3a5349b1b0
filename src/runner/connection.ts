import type { Provider } from '../core/connector.js';
import { createClient } from '../core/http/client.js';
import type { Host } from '../core/http/host.js';
import { readOnlyHost } from '../core/http/read-only-host.js';
import type { RetryPolicy } from '../core/http/retry.js';
import { type FieldOwnership, ownFields } from '../core/mapping/field-ownership.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import { createLimiter, defaultRateShare, type Limiter } from '../core/run/limiter.js';
import { pacedHost } from '../core/run/paced-host.js';
import type { Target } from '../core/upsert/target.js';
import { mutedHost } from '../hosts/muted-host.js';
import { createKeyedLock, type KeyedLock } from './keyed-lock.js';
import type { Remote } from './remote.js';

interface Settings {
  /** Default: the provider's id. */
  readonly name?: string | undefined;
  /** Changes to the provider's mapping, laid over it one after another. */
  readonly overlays?: readonly OverlayLayer[] | undefined;
  /** Who owns which field. Default: all are ours. */
  readonly fields?: FieldOwnership | undefined;
  /**
   * Part of the provider's rate limit to use, above 0 and at most 1. Default: 0.5, since the company's own application
   * uses the same account. `unpaced` sends as fast as answers come, for a provider that is a stand-in.
   */
  readonly rateShare?: number | 'unpaced' | undefined;
  /** Connections of a runner that name the same account share its rate limit. Default: one of its own. */
  readonly account?: string | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** No more customers than this are worth having in flight at once: something else is slower. */
  readonly maxInFlight?: number | undefined;
}

/** What the customers of a connection go through: requests of ours, or something far away that does the whole work. */
export type ConnectOptions =
  | (Settings & { readonly host: Host; readonly remote?: undefined })
  | (Pick<Settings, 'name'> & { readonly remote: Remote });

export type ConnectionOptions = ConnectOptions & {
  readonly provider: Provider;
  /** Of the account, where other connections lead there as well. */
  readonly limiter?: Limiter | undefined;
};

/** One account we may write to, with what its customers share: the rate limit and the locks. */
export interface Connection {
  readonly name: string;
  readonly provider: Provider;
  /** Whose requests change nothing, enforced below the connector. */
  readonly reader: Target;
  readonly writer: Target;
  readonly lock: KeyedLock;
  readonly maxInFlight?: number | undefined;
  /** Ends the waiting for a provider that is away; for a run that is to end. */
  readonly stopWaiting?: (() => void) | undefined;
  /** Does the work in place of `reader` and `writer`, which then only know who is who. */
  readonly remote?: Remote | undefined;
}

export function createConnection(options: ConnectionOptions): Connection {
  if (options.remote === undefined) return createDirectConnection(options);
  const { provider, name, remote } = options;
  return {
    ...createDirectConnection({ provider, name, host: mutedHost('a remote connection'), rateShare: 'unpaced' }),
    remote,
  };
}

type DirectOptions = Extract<ConnectionOptions, { readonly host: Host }>;

function createDirectConnection({
  provider,
  host,
  name,
  overlays,
  fields,
  rateShare = defaultRateShare,
  limiter,
  retry,
  maxInFlight,
}: DirectOptions): Connection {
  const { definition } = provider;
  const whole = providerMapping(provider, overlays);
  const mapping = fields === undefined ? whole : ownFields(whole, fields, definition.identity.match.target);
  const pace = (share: number) =>
    limiter?.withShare(share) ?? createLimiter({ limits: definition.limits, share, host });
  const waiting = rateShare === 'unpaced' ? undefined : pacedHost(host, pace(rateShare), definition);
  const paced = waiting ?? host;
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
    maxInFlight,
    stopWaiting: waiting?.stopWaiting,
  };
}
