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
  const waits = waitHeaders
    .map(({ name, means }) => read(headers[name], means, now))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function read(value: string | undefined, means: 'retry_after' | 'seconds', now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  if (means === 'seconds') return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
