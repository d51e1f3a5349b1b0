import { describe, expect, it } from 'vitest';
import { createNangoPace } from '../../src/hosts/nango-pace.js';
import { virtualClock } from '../runner/virtual-clock.js';

/** Asks for so many requests at once and tells when each went. */
async function timesOf(count: number, limit: number): Promise<number[]> {
  const clock = virtualClock();
  const pace = createNangoPace({ limit, host: clock });
  const times: number[] = [];
  const all = Array.from({ length: count }, () => pace.acquire('a').then(() => times.push(clock.now())));
  await clock.run();
  await Promise.all(all);
  return times;
}

describe('the limit of a Nango environment', () => {
  it.each([200, 1_000, 2_000, 30])('of %d a minute is used to half in whatever minute', async (limit) => {
    const times = await timesOf(limit * 2, limit);
    const inMinute = times.map((start) => times.filter((time) => time >= start && time < start + 60_000).length);
    expect(Math.max(...inMinute)).toBeLessThanOrEqual(limit / 2);
    expect(Math.max(...inMinute)).toBeGreaterThan(limit * 0.4);
  });

  it('is said in requests a second', () => {
    const { limit, requestsPerSecond } = createNangoPace({ limit: 200, host: virtualClock() });
    expect([limit, requestsPerSecond]).toEqual([200, 1.5]);
  });
});

describe('several connections', () => {
  async function orderOf(asking: readonly string[]): Promise<string[]> {
    const clock = virtualClock();
    const pace = createNangoPace({ limit: 200, host: clock });
    const order: string[] = [];
    const all = asking.map((connection) => pace.acquire(connection).then(() => order.push(connection)));
    await clock.run();
    await Promise.all(all);
    return order;
  }

  it('take turns, however much one of them asks for', async () => {
    const order = await orderOf([...Array<string>(50).fill('large'), 'small', 'other', 'small']);
    expect(order.slice(0, 6).sort()).toEqual(['large', 'large', 'large', 'other', 'small', 'small'].sort());
    expect(order.slice(6)).toEqual(Array(47).fill('large'));
  });

  it('get an equal part each', async () => {
    const order = await orderOf(['a', 'b', 'c'].flatMap((name) => Array<string>(20).fill(name)));
    const first = order.slice(0, 30);
    expect(['a', 'b', 'c'].map((name) => first.filter((one) => one === name).length)).toEqual([10, 10, 10]);
  });
});

it('nothing goes out before a pause is over', async () => {
  const clock = virtualClock();
  const pace = createNangoPace({ limit: 200, host: clock });
  pace.pauseUntil(30_000);
  const times: number[] = [];
  const all = ['a', 'b'].map((name) => pace.acquire(name).then(() => times.push(clock.now())));
  await clock.run();
  await Promise.all(all);
  expect(Math.min(...times)).toBe(30_000);
});
