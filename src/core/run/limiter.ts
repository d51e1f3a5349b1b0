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
  /** The same limits for another connection of the account, which uses this part of them. */
  withShare(share: number): Limiter;
}

interface LimiterParts {
  readonly limits: readonly RateLimit[];
  /** Part of each limit that is ours, in (0, 1]: the company's own application uses the same account. */
  readonly share: number;
  readonly host: Pick<Host, 'now' | 'sleep'>;
}

/** One limit of the account, as all of its connections have used it. */
interface Schedule {
  readonly limit: RateLimit;
  nextSlot: number;
}

/** What a connection takes of it: the smaller its share, the wider its slots. */
interface Slots {
  readonly schedule: Schedule;
  readonly covers: (operation: string) => boolean;
  readonly intervalMs: number;
  /** How far ahead of the slots a burst may run. */
  readonly slackMs: number;
  /** How late a timer may be without its time being lost. A burst makes up for it anyway, and must not grow by it. */
  readonly lateMs: number;
}

interface Waiting {
  readonly covering: readonly Slots[];
  readonly since: number;
  go(): void;
  fail(reason: unknown): void;
}

/**
 * Every limit is a schedule of evenly spaced slots (GCRA); after a pause up to `burst` requests may go at once. A
 * request needs a slot of every limit that covers it. Who waits for one limit does not hold up those who need another.
 */
export function createLimiter({ limits, share, host }: LimiterParts): Limiter {
  const schedules = limits.map((limit): Schedule => ({ limit, nextSlot: Number.NEGATIVE_INFINITY }));
  const waiting: Waiting[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let wakeAt = Number.POSITIVE_INFINITY;

  const openAt = ({ covering }: Waiting) =>
    covering.reduce((latest, { schedule, slackMs }) => Math.max(latest, schedule.nextSlot - slackMs), pausedUntil);

  /** Slots are taken only when it is time, so that a pause that begins meanwhile holds back all who wait. */
  function release(): void {
    const now = host.now();
    for (let index = 0; index < waiting.length; ) {
      const first = waiting[index];
      const open = first === undefined ? now : openAt(first);
      if (first === undefined || open > now) {
        index += 1;
        continue;
      }
      const due = Math.max(open, first.since);
      for (const { schedule, intervalMs, lateMs } of first.covering) {
        schedule.nextSlot = Math.max(schedule.nextSlot, due, now - lateMs) + intervalMs;
      }
      waiting.splice(index, 1);
      first.go();
    }
    const next = waiting.reduce((soonest, one) => Math.min(soonest, openAt(one)), Number.POSITIVE_INFINITY);
    if (next < wakeAt) sleepUntil(next, next - now);
  }

  function sleepUntil(time: number, ms: number): void {
    wakeAt = time;
    host.sleep(ms).then(
      () => {
        // Another sleep that ends sooner has taken its place.
        if (wakeAt !== time) return;
        wakeAt = Number.POSITIVE_INFINITY;
        release();
      },
      (reason: unknown) => {
        for (const { fail } of waiting.splice(0)) fail(reason);
      },
    );
  }

  function withShare(part: number): Limiter {
    const slots = schedules.map((schedule) => slotsOf(schedule, part));
    return {
      acquire(operation) {
        const covering = slots.filter(({ covers }) => covers(operation));
        return new Promise((go, fail) => {
          waiting.push({ covering, since: host.now(), go, fail });
          release();
        });
      },
      pauseUntil(time) {
        pausedUntil = Math.max(pausedUntil, time);
      },
      withShare,
    };
  }
  return withShare(share);
}

function slotsOf(schedule: Schedule, share: number): Slots {
  const { operations, requests_per_second: rate, burst = 1 } = schedule.limit;
  const intervalMs = 1000 / (rate * share);
  const slackMs = (Math.max(1, Math.floor(burst * share)) - 1) * intervalMs;
  return {
    schedule,
    covers: (operation) => operations?.includes(operation) ?? true,
    intervalMs,
    slackMs,
    lateMs: Math.max(0, intervalMs - slackMs),
  };
}
