import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../schemas/error-codes.js';
import { type Outcome, type OutcomeStatus, outcomeStatuses } from '../../schemas/outcome.js';
import { createStopRule } from '../../src/core/run/stop.js';

const outcome = (status: OutcomeStatus, code?: ErrorCode): Outcome => ({
  to: 'x',
  status,
  changes: [],
  warnings: [],
  ...(code !== undefined && { error: { code, message: `it is ${code}`, remedy: 'do something' } }),
});
const away = outcome('failed', 'unavailable');

function reasonAfter(outcomes: readonly Outcome[]): string | undefined {
  const rule = createStopRule();
  for (const one of outcomes) rule.note(one);
  return rule.reason;
}

describe('a run stops', () => {
  it.each<ErrorCode>(['auth', 'config', 'mapping'])('at the first %s', (code) => {
    expect(reasonAfter([outcome('failed', code)])).toBe(`stopped: it is ${code}`);
  });

  it.each<[string, Outcome]>([
    ['unavailable', away],
    ['uncertain', outcome('uncertain', 'uncertain')],
    ['rate limited', outcome('failed', 'rate_limited')],
    ['forbidden', outcome('failed', 'forbidden')],
  ])('after five customers in a row that are %s', (_, one) => {
    expect(reasonAfter(Array(4).fill(one))).toBeUndefined();
    expect(reasonAfter(Array(5).fill(one))).toContain('5 failures in a row');
  });

  it('for the first reason, whatever follows', () => {
    expect(reasonAfter([outcome('failed', 'auth'), outcome('created'), ...Array(9).fill(away)])).toBe(
      'stopped: it is auth',
    );
  });
});

describe('a run goes on', () => {
  it.each(Object.keys(outcomeStatuses) as OutcomeStatus[])('after any number of %s', (status) => {
    expect(reasonAfter(Array(20).fill(outcome(status)))).toBeUndefined();
  });

  it.each<[OutcomeStatus, ErrorCode]>([
    ['rejected', 'rejected'],
    ['conflict', 'conflict'],
    ['invalid', 'invalid_customer'],
    ['failed', 'not_found'],
    ['failed', 'protocol'],
  ])('after any number of %s with %s', (status, code) => {
    expect(reasonAfter(Array(20).fill(outcome(status, code)))).toBeUndefined();
  });

  it.each<[string, Outcome]>([
    ['a success', outcome('unchanged')],
    ['a refusal, which is an answer', outcome('rejected', 'rejected')],
  ])('where %s comes between', (_, answer) => {
    expect(reasonAfter([...Array(4).fill(away), answer, ...Array(4).fill(away)])).toBeUndefined();
  });
});

it('a plan is an answer as well', () => {
  const rule = createStopRule();
  for (let failed = 0; failed < 12; failed += 1) {
    rule.note(away);
    if (failed % 4 === 3) rule.note(undefined);
  }
  expect(rule.reason).toBeUndefined();
});

it.each<OutcomeStatus>(['invalid', 'skipped', 'not_attempted'])(
  'an outcome that asked nobody says nothing of the provider: %s',
  (status) => {
    const quiet = Array(3).fill(outcome(status));
    expect(reasonAfter([away, ...quiet, away, ...quiet, away, away, ...quiet, away])).toContain('5 failures in a row');
  },
);
