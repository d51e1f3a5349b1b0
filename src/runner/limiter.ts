import type { RateLimit } from '../../schemas/definition.js';
import type { Host } from '../core/http/host.js';

/** Spreads the requests to one account over time. */
export interface Limiter {
  /** Resolves when a request of this operation may go out. First come, first served. */
  acquire(operation: string): Promise<void>;
  /** Nothing more goes out before this time, epoch milliseconds. */
  pauseUntil(time: number): void;
}

interface LimiterParts {
  readonly limits: readonly RateLimit[];
  /** Part of each limit that is ours, in (0, 1]: the company's own application uses the same account. */
  readonly share: number;
  readonly host: Pick<Host, 'now' | 'sleep'>;
}

/**
 * Every limit is a schedule of evenly spaced slots (GCRA); after a pause up to `burst` requests may go at once. A
 * request takes the next slot of every limit that covers it and waits for the latest one.
 */
export function createLimiter({ limits, share, host }: LimiterParts): Limiter {
  const schedules = limits.map((limit) => ({
    covers: (operation: string) => limit.operations === undefined || limit.operations.includes(operation),
    intervalMs: 1000 / (limit.requests_per_second * share),
    slackMs: (Math.max(1, Math.floor((limit.burst ?? 1) * share)) - 1) * (1000 / (limit.requests_per_second * share)),
    nextSlot: Number.NEGATIVE_INFINITY,
  }));
  let pausedUntil = Number.NEGATIVE_INFINITY;

  return {
    async acquire(operation) {
      const now = host.now();
      let start = Math.max(now, pausedUntil);
      const covering = schedules.filter(({ covers }) => covers(operation));
      for (const { nextSlot, slackMs } of covering) start = Math.max(start, nextSlot - slackMs);
      for (const schedule of covering) schedule.nextSlot = Math.max(schedule.nextSlot, start) + schedule.intervalMs;
      if (start > now) await host.sleep(start - now);
      // A pause that began while this request waited holds for it too.
      while (pausedUntil > host.now()) await host.sleep(pausedUntil - host.now());
    },
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
  };
}
