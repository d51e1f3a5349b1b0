import type { Check } from './check.js';

/** A minute off and more: plans expire and retries come due by this clock. */
const mostMs = 60_000;

/**
 * Compares this machine's clock with those of whoever answered.
 * @param offsets theirs less ours, in milliseconds. One that is right is enough: somebody else's may be wrong.
 */
export function clockCheck(offsets: readonly number[]): Check {
  const subject = { about: 'clock' } as const;
  const [offset] = [...offsets].sort((a, b) => Math.abs(a) - Math.abs(b));
  if (offset === undefined)
    return {
      ...subject,
      status: 'warn',
      message: 'not compared: no answer named the time',
      remedy: 'Compare it yourself: date -u.',
    };
  if (Math.abs(offset) < mostMs) return { ...subject, status: 'ok', message: 'within a minute of the providers' };
  const minutes = Math.round(Math.abs(offset) / mostMs);
  const way = offset > 0 ? 'behind' : 'ahead of';
  return {
    ...subject,
    status: 'warn',
    message: `${minutes} minute${minutes === 1 ? '' : 's'} ${way} the providers`,
    remedy: 'Set the clock of this machine, for example with NTP: plans expire and retries come due by it.',
  };
}
