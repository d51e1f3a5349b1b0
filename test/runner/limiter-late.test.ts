import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateLimit } from '../../schemas/definition.js';
import { type Arrival, atOnce, limit, type Pause, play, type Released, times } from './limiter-scenario.js';

describe('a timer that is late', () => {
  it('does not slow down those that follow', async () => {
    expect(times(await play({ limits: [limit(10)], arrivals: atOnce(4), lateMs: 10 }))).toEqual([0, 110, 210, 310]);
  });

  it('makes no burst larger', async () => {
    expect(times(await play({ limits: [limit(10, 2)], arrivals: atOnce(6), lateMs: 450 }))).toEqual([
      0, 0, 550, 550, 1_100, 1_100,
    ]);
  });

  it('lets no more than one request catch up', async () => {
    expect(times(await play({ limits: [limit(10)], arrivals: atOnce(4), lateMs: 450 }))).toEqual([0, 550, 550, 1_100]);
  });
});

const interval = fc.constantFrom(1, 5, 10, 100, 250);
const anyLimit = fc.record({ interval, burst: fc.integer({ min: 1, max: 5 }) });
const anyArrivals = fc.array(
  fc.record({ at: fc.integer({ min: 0, max: 2_000 }), operation: fc.constantFrom('get', 'update') }),
  { minLength: 1, maxLength: 25 },
);
/** Begins and ends between whole milliseconds, so that the order of events is never a matter of chance. */
const anyPauses = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 2_000 }).map((at) => at + 0.5),
    forMs: fc.integer({ min: 1, max: 1_500 }).map((forMs) => forMs + 0.25),
  }),
  { maxLength: 3 },
);

function expectWithinLimit(released: readonly Released[], { requests_per_second, burst = 1, operations }: RateLimit) {
  const covered = times(released.filter(({ operation }) => operations?.includes(operation) ?? true));
  for (const [first, from] of covered.entries()) {
    for (const [offset, to] of covered.slice(first).entries()) {
      expect(offset + 1).toBeLessThanOrEqual(burst + ((to - from) * requests_per_second) / 1000 + 1e-6);
    }
  }
}

function expectOutsidePauses(released: readonly Released[], pauses: readonly Pause[]) {
  for (const { at, forMs } of pauses) {
    for (const time of times(released)) expect(time > at && time < at + forMs).toBe(false);
  }
}

/** The earliest time for each request, in the order of arrival: what a limiter that never idles must come to. */
function earliest(arrivals: readonly Arrival[], pauses: readonly Pause[], intervalMs: number, burst: number): number[] {
  let theoretical = Number.NEGATIVE_INFINITY;
  let previous = 0;
  const begun = [...pauses].sort((a, b) => a.at - b.at);
  return [...arrivals]
    .sort((a, b) => a.at - b.at)
    .map((arrival) => {
      let time = Math.max(arrival.at, previous, theoretical - (burst - 1) * intervalMs);
      for (const { at, forMs } of begun) if (at < time) time = Math.max(time, at + forMs);
      theoretical = Math.max(theoretical, time) + intervalMs;
      previous = time;
      return time;
    });
}

interface Simulated {
  readonly limits: readonly RateLimit[];
  readonly arrivals: readonly Arrival[];
  readonly pauses: readonly Pause[];
}

/** When each request goes at the earliest, by going through every moment at which anything can change. */
function greedy({ limits, arrivals, pauses }: Simulated): (number | undefined)[] {
  const slots = limits.map(({ requests_per_second, burst = 1, operations }) => ({
    every: 1000 / requests_per_second,
    slack: ((burst - 1) * 1000) / requests_per_second,
    covers: (operation: string) => operations?.includes(operation) ?? true,
    next: Number.NEGATIVE_INFINITY,
  }));
  const ordered = [...arrivals].sort((a, b) => a.at - b.at);
  const result: (number | undefined)[] = ordered.map(() => undefined);
  for (let now = 0; now < Number.POSITIVE_INFINITY; ) {
    const paused = Math.max(-1, ...pauses.filter(({ at }) => at <= now).map(({ at, forMs }) => at + forMs));
    const open = (operation: string) =>
      Math.max(paused, ...slots.filter(({ covers }) => covers(operation)).map(({ next, slack }) => next - slack));
    for (const [index, { at, operation }] of ordered.entries()) {
      if (result[index] !== undefined || at > now || open(operation) > now) continue;
      result[index] = now;
      for (const slot of slots) if (slot.covers(operation)) slot.next = Math.max(slot.next, now) + slot.every;
    }
    const changes = [
      ...ordered.map(({ at }) => at),
      ...pauses.map(({ at }) => at),
      ...ordered.filter((_, index) => result[index] === undefined).map(({ operation }) => open(operation)),
    ];
    now = Math.min(...changes.filter((time) => time > now));
  }
  return result;
}

describe('for every load', () => {
  it('there is never more in a window than allowed, nor anything during a pause', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyArrivals, anyPauses, async ({ interval: every, burst }, arrivals, pauses) => {
        const one = limit(1000 / every, burst);
        const released = await play({ limits: [one], arrivals, pauses });
        expect(released).toHaveLength(arrivals.length);
        expectWithinLimit(released, one);
        expectOutsidePauses(released, pauses);
      }),
    );
  });

  it('nothing waits while it could go: every request goes at the earliest time, first come, first served', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyArrivals, anyPauses, async ({ interval: every, burst }, arrivals, pauses) => {
        const released = await play({ limits: [limit(1000 / every, burst)], arrivals, pauses });
        expect(released.map(({ index }) => index)).toEqual(arrivals.map((_, index) => index));
        expect(times(released)).toEqual(earliest(arrivals, pauses, every, burst));
      }),
    );
  });

  it('several limits all hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyLimit, anyLimit, anyArrivals, anyPauses, async (a, b, c, arrivals, pauses) => {
        const limits = [
          limit(1000 / a.interval, a.burst),
          limit(1000 / b.interval, b.burst, ['update']),
          limit(1000 / c.interval, c.burst, ['get']),
        ];
        const released = await play({ limits, arrivals, pauses });
        expect(released).toHaveLength(arrivals.length);
        for (const one of limits) expectWithinLimit(released, one);
        expectOutsidePauses(released, pauses);
      }),
    );
  });

  it('nothing waits for several limits while it could go, nor for a request that waits for another limit', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyLimit, anyLimit, anyArrivals, anyPauses, async (a, b, c, arrivals, pauses) => {
        const limits = [
          limit(1000 / a.interval, a.burst),
          limit(1000 / b.interval, b.burst, ['update']),
          limit(1000 / c.interval, c.burst, ['get']),
        ];
        const released = await play({ limits, arrivals, pauses });
        const at = new Map(released.map(({ index, at: time }) => [index, time]));
        expect(arrivals.map((_, index) => at.get(index))).toEqual(greedy({ limits, arrivals, pauses }));
      }),
    );
  });

  it('a share holds as a lower limit would', async () => {
    await fc.assert(
      fc.asyncProperty(anyArrivals, fc.constantFrom(0.1, 0.25, 0.5), async (arrivals, share) => {
        const released = await play({ limits: [limit(100, 10)], share, arrivals });
        expectWithinLimit(released, limit(100 * share, Math.max(1, Math.floor(10 * share))));
      }),
    );
  });
});
