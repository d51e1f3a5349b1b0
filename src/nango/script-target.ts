import type { Provider } from '../core/connector.js';
import { createClient } from '../core/http/client.js';
import type { Host } from '../core/http/host.js';
import { readOnlyHost } from '../core/http/read-only-host.js';
import { defaultRetryPolicy, type RetryPolicy } from '../core/http/retry.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import { createLimiter } from '../core/run/limiter.js';
import { pacedHost } from '../core/run/paced-host.js';
import type { Target } from '../core/upsert/target.js';
import { fromNango } from './action-error.js';
import { layersOfMetadata } from './metadata-overlay.js';
import type { ScriptRuntime } from './runtime.js';
import { createRuntimeHost } from './runtime-host.js';
import type { TimeLimit } from './time-limit.js';

interface ScriptTargetOptions {
  readonly provider: Provider;
  /** Absent: the script may run for as long as it needs, as syncs may. */
  readonly time?: TimeLimit | undefined;
  /** Part of the provider's working rate to keep to. Absent: a few requests that need no pace. */
  readonly rateShare?: number | undefined;
  /** No request can write. */
  readonly readOnly?: boolean;
}

/** The script's own connection, with the mapping overlay that its metadata may hold. */
export async function openScriptTarget(
  nango: ScriptRuntime,
  { provider, time, rateShare, readOnly = false }: ScriptTargetOptions,
): Promise<Target> {
  const { definition } = provider;
  const metadata = await fromNango("give the connection's metadata", () => nango.getMetadata());
  const mapping = providerMapping(provider, layersOfMetadata(metadata));
  const direct = createRuntimeHost(nango, { sendUntil: time?.sendUntil });
  const paced = rateShare === undefined ? direct : pace(direct, provider, rateShare);
  const host = readOnly ? readOnlyHost(paced, definition) : paced;
  return {
    name: definition.id,
    provider,
    mapping,
    client: createClient({ host, definition, retry: retryUntil(time, host) }),
    host,
  };
}

function pace(host: Host, { definition }: Provider, share: number): Host {
  return pacedHost(host, createLimiter({ limits: definition.limits, share, host }), definition);
}

/** Ends the attempts with the time for them, and keeps each wait short enough to be over by then. */
function retryUntil(time: TimeLimit | undefined, host: Host): RetryPolicy {
  if (time === undefined) return defaultRetryPolicy;
  return {
    ...defaultRetryPolicy,
    budgetMs: 60_000,
    get maxAttempts() {
      return host.now() < time.sendUntil ? defaultRetryPolicy.maxAttempts : 1;
    },
  };
}
