import { CustomerSyncError } from '../core/errors.js';
import { type Host, isTransportError, type TransportError } from '../core/http/host.js';
import { readFailure } from './nango-failure.js';
import type { NangoPace } from './nango-pace.js';
import type { NangoPlace } from './nango-refusal.js';

export type Clock = Pick<Host, 'now' | 'sleep'>;

interface Asking {
  readonly place: NangoPlace;
  readonly pace: NangoPace | undefined;
  readonly clock: Clock;
}

/** Waits for Nango's own limit are many and short; together they must end. */
const maxRefusedMs = 10 * 60_000;

/**
 * Makes one request with Nango's client, in its turn and as often as Nango's own limit refuses it.
 * @throws TransportError without an answer, NotFound, CustomerSyncError for what Nango refuses.
 */
export async function askNango<T>(request: () => Promise<T>, { place, pace, clock }: Asking): Promise<T> {
  const startedAt = clock.now();
  for (;;) {
    await pace?.acquire(`${place.integration}/${place.connectionId}`);
    try {
      return await request();
    } catch (error) {
      const failure = readFailure(error, place);
      const waitMs = isTransportError(failure) ? failure.waitMs : undefined;
      if (waitMs === undefined) throw failure;
      if (clock.now() - startedAt + waitMs > maxRefusedMs) throw limitUsedUp(place);
      pace?.pauseUntil(clock.now() + waitMs);
      await clock.sleep(waitMs);
    }
  }
}

/** Nothing reached Nango, or nothing came back from it. */
export function nangoIsAway({ provider }: Pick<NangoPlace, 'provider'>, { reason }: TransportError): CustomerSyncError {
  return new CustomerSyncError('unavailable', {
    message: `Nango cannot be reached (${reason})`,
    remedy: 'Check NANGO_HOST and the network, then run again. Nothing was written.',
    provider,
  });
}

function limitUsedUp({ provider }: NangoPlace): CustomerSyncError {
  return new CustomerSyncError('rate_limited', {
    message: "Nango's own limit of requests is used up, and others keep using it",
    remedy: 'Run again when less is going on in the Nango environment, or raise its limit.',
    provider,
  });
}
