import type { RateLimit } from '../../../schemas/definition.js';
import type { Host } from '../http/host.js';

/** Half of an account's rate is left to the company's own application. */
export const defaultRateShare = 0.5;

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

interface Schedule {
  readonly covers: (operation: string) => boolean;
  readonly intervalMs: number;
  /** How far ahead of the slots a burst may run. */
  readonly slackMs: number;
  nextSlot: number;
  /** Settles when everybody who came before has gone. */
  queue: Promise<void>;
}

/**
 * Every limit is a schedule of evenly spaced slots (GCRA); after a pause up to `burst` requests may go at once. A
 * request takes the next slot of every limit that covers it and waits for the latest one.
 */
export function createLimiter({ limits, share, host }: LimiterParts): Limiter {
  const schedules = limits.map((limit) => scheduleOf(limit, share));
  let pausedUntil = Number.NEGATIVE_INFINITY;

  /** Slots are taken only when it is time, so that a pause that begins meanwhile moves all who wait, one by one. */
  async function takeSlot(covering: readonly Schedule[]): Promise<void> {
    let start = host.now();
    for (;;) {
      start = Math.max(start, pausedUntil, ...covering.map(({ nextSlot, slackMs }) => nextSlot - slackMs));
      const waitMs = start - host.now();
      if (waitMs <= 0) break;
      await host.sleep(waitMs);
    }
    for (const schedule of covering) schedule.nextSlot = Math.max(schedule.nextSlot, start) + schedule.intervalMs;
  }

  return {
    acquire(operation) {
      const covering = schedules.filter(({ covers }) => covers(operation));
      const turn = Promise.all(covering.map(({ queue }) => queue)).then(() => takeSlot(covering));
      const done = turn.catch(() => {});
      for (const schedule of covering) schedule.queue = done;
      return turn;
    },
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
  };
}

function scheduleOf({ operations, requests_per_second: rate, burst = 1 }: RateLimit, share: number): Schedule {
  const intervalMs = 1000 / (rate * share);
  return {
    covers: (operation) => operations?.includes(operation) ?? true,
    intervalMs,
    slackMs: (Math.max(1, Math.floor(burst * share)) - 1) * intervalMs,
    nextSlot: Number.NEGATIVE_INFINITY,
    queue: Promise.resolve(),
  };
}
