import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRetryPolicy, nextDelay, type RetryPolicy } from '../../../src/core/http/retry.js';

const policy: RetryPolicy = { maxAttempts: 4, baseMs: 100, capMs: 1_000, budgetMs: 10_000 };
const first = { attempt: 1, waitedMs: 0, waitMs: undefined, random: 0.5 };

describe('without a wish of the other side', () => {
  it.each([
    [1, 0.5, 50],
    [2, 0.5, 100],
    [3, 0.5, 200],
    [1, 0, 0],
    [3, 0.999, 400],
  ])('waits a random part of a doubling time: attempt %i, random %d', (attempt, random, expected) => {
    expect(nextDelay(policy, { ...first, attempt, random })).toBe(expected);
  });

  it('never waits longer than the cap', () => {
    const patient = { ...policy, maxAttempts: 50 };
    expect(nextDelay(patient, { ...first, attempt: 40, random: 0.999 })).toBe(999);
  });
});

describe('a wish', () => {
  it('is obeyed, with up to a quarter of a second added', () => {
    expect(nextDelay(policy, { ...first, waitMs: 2_000, random: 0 })).toBe(2_000);
    expect(nextDelay(policy, { ...first, waitMs: 2_000, random: 0.5 })).toBe(2_125);
  });

  it('may be longer than the cap, which bounds our own waits only', () => {
    expect(nextDelay(policy, { ...first, waitMs: 5_000, random: 0 })).toBe(5_000);
  });

  it('ends the attempts at once when it does not fit the budget', () => {
    expect(nextDelay(policy, { ...first, waitMs: 10_001, random: 0 })).toBeUndefined();
    expect(nextDelay(policy, { ...first, waitedMs: 9_000, waitMs: 1_001, random: 0 })).toBeUndefined();
    expect(nextDelay(policy, { ...first, waitedMs: 9_000, waitMs: 1_000, random: 0 })).toBe(1_000);
  });
});

it('a wish for no wait at all, as of a date that has passed, leaves the wait to us', () => {
  expect(nextDelay(policy, { ...first, attempt: 3, waitMs: 0 })).toBe(200);
});

it('ends after the last attempt', () => {
  expect(nextDelay(policy, { ...first, attempt: 3 })).toBeDefined();
  expect(nextDelay(policy, { ...first, attempt: 4 })).toBeUndefined();
  expect(nextDelay(policy, { ...first, attempt: 5, waitMs: 1 })).toBeUndefined();
});

it('gives up within two minutes by default', () => {
  expect(defaultRetryPolicy).toEqual({ maxAttempts: 5, baseMs: 500, capMs: 30_000, budgetMs: 120_000 });
});

const anyPolicy = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  baseMs: fc.integer({ min: 0, max: 5_000 }),
  capMs: fc.integer({ min: 0, max: 60_000 }),
  budgetMs: fc.integer({ min: 0, max: 600_000 }),
});
const anyAttempt = fc.record({
  attempt: fc.integer({ min: 1, max: 12 }),
  waitedMs: fc.integer({ min: 0, max: 700_000 }),
  waitMs: fc.option(fc.integer({ min: 0, max: 700_000 }), { nil: undefined }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('for every policy and attempt', () => {
  it('a delay is a whole number of milliseconds and never negative', () => {
    fc.assert(
      fc.property(anyPolicy, anyAttempt, (given, attempt) => {
        const delay = nextDelay(given, attempt);
        expect(delay === undefined || (Number.isInteger(delay) && delay >= 0)).toBe(true);
      }),
    );
  });

  it('there is none past the attempts or past the budget', () => {
    fc.assert(
      fc.property(anyPolicy, anyAttempt, (given, attempt) => {
        const delay = nextDelay(given, attempt);
        if (delay === undefined) return;
        expect(attempt.attempt).toBeLessThan(given.maxAttempts);
        expect(attempt.waitedMs + delay).toBeLessThanOrEqual(given.budgetMs + 1);
      }),
    );
  });

  it('a wish is never undercut, nor overstayed by more than a quarter of a second', () => {
    fc.assert(
      fc.property(anyPolicy, anyAttempt, (given, attempt) => {
        const delay = nextDelay(given, attempt);
        if (delay === undefined || attempt.waitMs === undefined) return;
        expect(delay).toBeGreaterThanOrEqual(attempt.waitMs);
        expect(delay).toBeLessThanOrEqual(attempt.waitMs + 250);
      }),
    );
  });

  it('a wait of our own stays under the cap', () => {
    fc.assert(
      fc.property(anyPolicy, anyAttempt, (given, attempt) => {
        const delay = nextDelay(given, { ...attempt, waitMs: undefined });
        if (delay !== undefined) expect(delay).toBeLessThanOrEqual(given.capMs);
      }),
    );
  });
});
