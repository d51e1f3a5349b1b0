import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTimeLimits } from './time-limits.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a wait of one second, as long as a step of the time limit, passes when nothing hangs', () => {
  const work = vi.fn();
  createTimeLimits().scriptTimeout(work, 1_000);
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledOnce();
});

it('a minute of steps passes at once when a request hangs', () => {
  const limits = createTimeLimits();
  const work = vi.fn();
  limits.scriptTimeout(work, 1_000);
  limits.expire();
  expect(work).toHaveBeenCalledOnce();
  for (let step = 0; step < 60; step += 1) limits.scriptTimeout(work, 1_000);
  vi.advanceTimersByTime(0);
  expect(work).toHaveBeenCalledTimes(61);
});
