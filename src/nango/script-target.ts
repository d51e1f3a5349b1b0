import { z } from 'zod';
import type { Overlay } from '../../schemas/mapping.js';
import type { Provider } from '../core/connector.js';
import { CustomerSyncError } from '../core/errors.js';
import { createClient } from '../core/http/client.js';
import type { Host } from '../core/http/host.js';
import { readOnlyHost } from '../core/http/read-only-host.js';
import { defaultRetryPolicy, type RetryPolicy } from '../core/http/retry.js';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import { isObject } from '../core/mapping/path.js';
import { providerMapping } from '../core/mapping/provider-mapping.js';
import { createLimiter } from '../core/run/limiter.js';
import { pacedHost } from '../core/run/paced-host.js';
import type { Target } from '../core/upsert/target.js';
import { describeIssues } from '../core/zod-issues.js';
import { fromNango } from './action-error.js';
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
  const overlay = await readOverlay(nango);
  const mapping = providerMapping(provider, overlay);
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

const settingsSchema = z.strictObject({ mapping: z.unknown().optional() });
const place = "customer_sync.mapping in the connection's metadata";

/** @throws CustomerSyncError `mapping`, naming what is wrong with it. */
async function readOverlay(nango: ScriptRuntime): Promise<Overlay | undefined> {
  const metadata = await fromNango("give the connection's metadata", () => nango.getMetadata());
  const given = isObject(metadata) ? metadata['customer_sync'] : undefined;
  if (given === undefined || given === null) return undefined;
  const settings = settingsSchema.safeParse(given);
  if (!settings.success) {
    const [problem] = describeIssues(settings.error.issues, given, ['mapping']);
    throw new CustomerSyncError('mapping', {
      message: `customer_sync in the connection's metadata: ${problem}`,
      remedy: 'Write it as {"customer_sync": {"mapping": {...}}}, or remove it.',
    });
  }
  const { mapping } = settings.data;
  return mapping === undefined || mapping === null ? undefined : parseOverlay(mapping, place);
}
