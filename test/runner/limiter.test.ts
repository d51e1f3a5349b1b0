import { describe, expect, it } from 'vitest';
import { atOnce, limit, play, times } from './limiter-scenario.js';

describe('one limit', () => {
  it('spreads requests evenly', async () => {
    expect(times(await play({ limits: [limit(10)], arrivals: atOnce(4) }))).toEqual([0, 100, 200, 300]);
  });

  it('takes our share of the rate', async () => {
    expect(times(await play({ limits: [limit(10)], share: 0.5, arrivals: atOnce(3) }))).toEqual([0, 200, 400]);
  });

  it('lets a burst go at once, and spreads the rest', async () => {
    expect(times(await play({ limits: [limit(10, 3)], arrivals: atOnce(5) }))).toEqual([0, 0, 0, 100, 200]);
  });

  it('takes our share of the burst, but never less than one', async () => {
    expect(times(await play({ limits: [limit(10, 4)], share: 0.5, arrivals: atOnce(4) }))).toEqual([0, 0, 200, 400]);
    expect(times(await play({ limits: [limit(10, 2)], share: 0.25, arrivals: atOnce(2) }))).toEqual([0, 400]);
  });

  it('saves up no more than the burst while nothing is asked for', async () => {
    const arrivals = [...atOnce(1), ...atOnce(4).map((arrival) => ({ ...arrival, at: 10_000 }))];
    expect(times(await play({ limits: [limit(10, 2)], arrivals }))).toEqual([0, 10_000, 10_000, 10_100, 10_200]);
  });

  it('does not hold back what it does not cover', async () => {
    const arrivals = [...atOnce(3), ...atOnce(2, 'get')];
    const released = await play({ limits: [limit(1, 1, ['update'])], arrivals });
    expect(released.filter(({ operation }) => operation === 'get').map(({ at }) => at)).toEqual([0, 0]);
  });
});

describe('several limits', () => {
  it('hold one by one for different operations', async () => {
    const limits = [limit(10, 1, ['update']), limit(100, 1, ['get'])];
    const released = await play({ limits, arrivals: [...atOnce(3), ...atOnce(3, 'get')] });
    expect(times(released.filter(({ operation }) => operation === 'update'))).toEqual([0, 100, 200]);
    expect(times(released.filter(({ operation }) => operation === 'get'))).toEqual([0, 10, 20]);
  });

  it('hold nobody up who needs another one', async () => {
    const limits = [limit(1_000, 2), limit(1, 1, ['update'])];
    const released = await play({ limits, arrivals: [...atOnce(2), ...atOnce(2, 'get')] });
    expect(released.map(({ at, operation }) => `${at} ${operation}`)).toEqual([
      '0 update',
      '0 get',
      '1 get',
      '1000 update',
    ]);
  });

  it('hold all together for one operation', async () => {
    expect(times(await play({ limits: [limit(10, 5), limit(2, 2)], arrivals: atOnce(4) }))).toEqual([0, 0, 500, 1_000]);
  });
});

describe('a pause', () => {
  it('holds back what comes while it lasts', async () => {
    const arrivals = [{ at: 100, operation: 'get' }];
    const pauses = [{ at: 0, forMs: 1_000 }];
    expect(times(await play({ limits: [limit(1_000)], arrivals, pauses }))).toEqual([1_000]);
  });

  it('holds back what was waiting already, and lets it go one by one afterwards', async () => {
    const pauses = [{ at: 150, forMs: 4_850 }];
    expect(times(await play({ limits: [limit(10)], arrivals: atOnce(6), pauses }))).toEqual([
      0, 100, 5_000, 5_100, 5_200, 5_300,
    ]);
  });

  it('that is shorter than the wait changes nothing', async () => {
    const pauses = [{ at: 10, forMs: 50 }];
    expect(times(await play({ limits: [limit(10)], arrivals: atOnce(3), pauses }))).toEqual([0, 100, 200]);
  });

  it('is not shortened by a later, shorter one', async () => {
    const pauses = [
      { at: 0.5, forMs: 1_000 },
      { at: 0.6, forMs: 10 },
    ];
    const arrivals = [{ at: 1, operation: 'get' }];
    expect(times(await play({ limits: [limit(10)], arrivals, pauses }))).toEqual([1_000.5]);
  });

  it('holds back what no limit covers, too', async () => {
    const pauses = [{ at: 0, forMs: 1_000 }];
    const arrivals = [{ at: 1, operation: 'get' }];
    expect(times(await play({ limits: [limit(10, 1, ['update'])], arrivals, pauses }))).toEqual([1_000]);
  });
});
