import type { ProviderDefinition } from '../../../schemas/definition.js';
import type { Host, HttpResponse } from '../http/host.js';
import { waitTime } from '../http/wait-time.js';
import type { Limiter } from './limiter.js';
import { createOutageGuard } from './outage.js';
import { quotaWait } from './quota.js';

export interface PacedHost extends Host {
  /** Ends the waiting for a provider that is away; for a run that is to end. */
  stopWaiting(): void;
}

/**
 * A host that keeps to the account's rate, holds every request back when the provider asks one to wait or shows that its
 * limit is nearly used up, and waits while the provider is away.
 */
export function pacedHost(host: Host, limiter: Limiter, definition: ProviderDefinition): PacedHost {
  const { through, stopWaiting } = createOutageGuard(host, definition.id);
  return {
    ...host,
    stopWaiting,
    send: (request) =>
      through(request, async () => {
        await limiter.acquire(request.operation);
        const response = await host.send(request);
        const wait = Math.max(askedWait(response, definition, host.now()), seenWait(response, definition, host));
        if (wait > 0) limiter.pauseUntil(host.now() + Math.min(wait, maxPauseMs));
        return response;
      }),
  };
}

/** A header with a nonsensical wait must not stop a run for hours; the one request gives up by its own budget. */
const maxPauseMs = 60_000;

function askedWait({ status, headers }: HttpResponse, definition: ProviderDefinition, now: number): number {
  if (status !== 429 && status !== 503) return 0;
  const usual = status === 429 ? definition.wait_after_429_ms : undefined;
  return waitTime(headers, definition.wait_headers, now) ?? usual ?? 0;
}

/** Behind Nango's proxy a success shows Nango's own limit under the names of some providers. */
function seenWait({ headers }: HttpResponse, definition: ProviderDefinition, { providerHeaders }: Host): number {
  return providerHeaders === 'full' ? quotaWait(headers, definition) : 0;
}
