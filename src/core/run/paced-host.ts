import type { ProviderDefinition } from '../../../schemas/definition.js';
import type { Host } from '../http/host.js';
import { waitTime } from '../http/wait-time.js';
import type { Limiter } from './limiter.js';

/** A host that keeps to the account's rate, and holds every request back when the provider asks one to wait. */
export function pacedHost(host: Host, limiter: Limiter, definition: ProviderDefinition): Host {
  return {
    ...host,
    async send(request) {
      await limiter.acquire(request.operation);
      const response = await host.send(request);
      if (response.status === 429 || response.status === 503) {
        const wait = waitTime(response.headers, definition.wait_headers, host.now());
        if (wait !== undefined) limiter.pauseUntil(host.now() + Math.min(wait, maxPauseMs));
      }
      return response;
    },
  };
}

/** A header with a nonsensical wait must not stop a run for hours; the one request gives up by its own budget. */
const maxPauseMs = 60_000;
