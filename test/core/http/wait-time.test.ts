import { describe, expect, it } from 'vitest';
import type { ProviderDefinition } from '../../../schemas/definition.js';
import { waitTime } from '../../../src/core/http/wait-time.js';

const NOW = Date.UTC(2026, 10, 20, 10, 0, 0);
type WaitHeaders = ProviderDefinition['wait_headers'];
const RETRY_AFTER: WaitHeaders = [{ name: 'retry-after', means: 'retry_after' }];
const RESET: WaitHeaders = [{ name: 'x-ratelimit-reset', means: 'seconds' }];
const BOTH: WaitHeaders = [...RETRY_AFTER, ...RESET];

describe('retry-after', () => {
  it.each([
    ['whole seconds', '7', 7_000],
    ['no time at all', '0', 0],
    ['seconds with a fraction, rounded up to a millisecond', '0.0015', 2],
    ['seconds with spaces around them', ' 3 ', 3_000],
    ['an HTTP date', 'Fri, 20 Nov 2026 10:00:30 GMT', 30_000],
    ['an HTTP date of the old RFC 850 form', 'Friday, 20-Nov-26 10:00:30 GMT', 30_000],
    ['an asctime date', 'Fri Nov 20 10:00:30 2026', 30_000],
    ['a date that has passed', 'Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ])('reads %s', (_, value, expected) => {
    expect(waitTime({ 'retry-after': value }, RETRY_AFTER, NOW)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['words', 'soon'],
    // Engines read a year out of these.
    ['words with a number', 'try again in 2030'],
    ['a negative number', '-5'],
    ['a number with a unit', '30s'],
    ['two values joined', '1, 2'],
    ['a bare year and month', '2030-01'],
    ['not a number', 'NaN'],
    ['infinity', 'Infinity'],
    ['hexadecimal', '0x10'],
  ])('ignores %s', (_, value) => {
    expect(waitTime({ 'retry-after': value }, RETRY_AFTER, NOW)).toBeUndefined();
  });
});

describe('retry-after as a time, as some gateways write it', () => {
  it.each([
    ['seconds', String(NOW / 1000 + 30)],
    ['milliseconds', String(NOW + 30_000)],
  ])('reads epoch %s', (_, value) => {
    expect(waitTime({ 'retry-after': value }, RETRY_AFTER, NOW)).toBe(30_000);
  });
});

describe('a header that counts seconds', () => {
  it('reads seconds', () => {
    expect(waitTime({ 'x-ratelimit-reset': '2' }, RESET, NOW)).toBe(2_000);
  });

  it('does not read a date', () => {
    expect(waitTime({ 'x-ratelimit-reset': 'Fri, 20 Nov 2026 10:00:30 GMT' }, RESET, NOW)).toBeUndefined();
  });

  it.each([
    ['seconds', String(NOW / 1000 + 30)],
    ['milliseconds', String(NOW + 30_000)],
  ])('does not read a time in epoch %s, which is that of Nango’s own limit', (_, value) => {
    expect(waitTime({ 'x-ratelimit-reset': value }, RESET, NOW)).toBeUndefined();
    expect(waitTime({ 'retry-after': '2', 'x-ratelimit-reset': value }, BOTH, NOW)).toBe(2_000);
  });
});

describe('a clock that is off by an hour', () => {
  it.each([
    ['fast', 3_600_000],
    ['slow', -3_600_000],
  ])('does not change the wait where the answer shows its own time: %s', (_, skew) => {
    const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
    const headers = { date, 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' };
    expect(waitTime(headers, RETRY_AFTER, NOW + skew)).toBe(30_000);
    const time = { date, 'retry-after': String(NOW / 1000 + 30) };
    expect(waitTime(time, RETRY_AFTER, NOW + skew)).toBe(30_000);
  });

  it('is trusted where the answer shows no time that can be read', () => {
    const headers = { date: 'today', 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' };
    expect(waitTime(headers, RETRY_AFTER, NOW)).toBe(30_000);
  });
});

describe('several headers', () => {
  it('takes the longest wait', () => {
    expect(waitTime({ 'retry-after': '1', 'x-ratelimit-reset': '3' }, BOTH, NOW)).toBe(3_000);
    expect(waitTime({ 'retry-after': '5', 'x-ratelimit-reset': '3' }, BOTH, NOW)).toBe(5_000);
  });

  it('takes the readable one', () => {
    expect(waitTime({ 'retry-after': 'soon', 'x-ratelimit-reset': '3' }, BOTH, NOW)).toBe(3_000);
  });

  it('reads no header that the definition does not name', () => {
    expect(waitTime({ 'x-ratelimit-reset': '3' }, RETRY_AFTER, NOW)).toBeUndefined();
    expect(waitTime({}, BOTH, NOW)).toBeUndefined();
  });
});
