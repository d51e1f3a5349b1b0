import type { RateLimit } from '../../schemas/definition.js';
import { createLimiter } from '../../src/core/run/limiter.js';
import { virtualClock } from './virtual-clock.js';

export interface Arrival {
  readonly at: number;
  readonly operation: string;
}

export interface Pause {
  readonly at: number;
  readonly forMs: number;
}

export interface Released {
  readonly at: number;
  readonly operation: string;
  /** Position among the arrivals. */
  readonly index: number;
}

interface Scenario {
  readonly limits: readonly RateLimit[];
  readonly share?: number;
  readonly arrivals: readonly Arrival[];
  readonly pauses?: readonly Pause[];
  /** How much longer every timer takes than it should. */
  readonly lateMs?: number;
}

/** Lets the arrivals through a limiter, and tells when each went out. */
export async function play({ limits, share = 1, arrivals, pauses = [], lateMs = 0 }: Scenario): Promise<Released[]> {
  const clock = virtualClock();
  const host = { now: clock.now, sleep: (ms: number) => clock.sleep(ms + lateMs) };
  const limiter = createLimiter({ limits, share, host });
  const released: Released[] = [];
  const ordered = [...arrivals].sort((a, b) => a.at - b.at);
  const work = ordered.map(async ({ at, operation }, index) => {
    await clock.sleep(at);
    await limiter.acquire(operation);
    released.push({ at: clock.now(), operation, index });
  });
  const pausing = pauses.map(async ({ at, forMs }) => {
    await clock.sleep(at);
    limiter.pauseUntil(clock.now() + forMs);
  });
  await clock.run();
  await Promise.all([...work, ...pausing]);
  return released;
}

export const limit = (requests_per_second: number, burst?: number, operations?: string[]): RateLimit => ({
  documented: 'by a test',
  requests_per_second,
  ...(burst !== undefined && { burst }),
  ...(operations !== undefined && { operations }),
});
export const atOnce = (count: number, operation = 'update'): Arrival[] =>
  Array.from({ length: count }, () => ({ at: 0, operation }));
export const times = (released: readonly Released[]) => released.map(({ at }) => at);
