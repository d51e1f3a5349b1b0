import type { ProviderDefinition } from '../../../schemas/definition.js';

/**
 * How long an answer asks to wait before the next request, in milliseconds. The longest of the headers that the
 * definition names; `undefined` when none is there or readable.
 */
export function waitTime(
  headers: Readonly<Record<string, string>>,
  waitHeaders: ProviderDefinition['wait_headers'],
  now: number,
): number | undefined {
  // Times are counted on the provider's own clock where it shows: ours may be off by more than the wait.
  const theirNow = httpDate(headers['date']) ?? now;
  const waits = waitHeaders
    .map(({ name, means }) => read(headers[name], means, theirNow))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** No provider asks to wait for 30 years: a number from here on is a time, as some gateways write it. */
const firstEpochSecond = 1e9;
const firstEpochMillisecond = 1e12;

function read(value: string | undefined, means: 'retry_after' | 'seconds', now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) {
    const number = Number(value);
    if (number < firstEpochSecond) return Math.ceil(number * 1000);
    // Nango puts the time at which its own limit begins anew under the name of some providers' headers.
    if (means === 'seconds') return undefined;
    return Math.max(0, Math.ceil(number < firstEpochMillisecond ? number * 1000 : number) - now);
  }
  const date = means === 'seconds' ? undefined : httpDate(value);
  return date === undefined ? undefined : Math.max(0, date - now);
}

/** Only the three forms of an HTTP date: engines read a year out of nearly any text. */
function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(value))
    return undefined;
  const date = Date.parse(/GMT\s*$/.test(value) ? value : `${value} GMT`);
  return Number.isNaN(date) ? undefined : date;
}
