import type { ProviderDefinition } from '../../../schemas/definition.js';

/** Part of a bucket that we fill at the most, whoever else fills it: the rest is left to the company's own application. */
const fullest = 0.8;

/** How long to send nothing, in milliseconds, because an answer shows that the account's limit is nearly used up. */
export function quotaWait(
  headers: Readonly<Record<string, string>>,
  { quota_headers: quotas = [] }: Pick<ProviderDefinition, 'quota_headers'>,
): number {
  return Math.max(
    0,
    ...quotas.map((quota) => {
      const value = headers[quota.name] ?? '';
      if (quota.means === 'used_of_size') return bucketWait(value, quota.leaks_per_second);
      return value.trim() === '0' ? secondsOf(headers[quota.reset] ?? '') : 0;
    }),
  );
}

function bucketWait(value: string, leaksPerSecond: number): number {
  const [, used, size] = /^\s*(\d+)\/(\d+)\s*$/.exec(value) ?? [];
  const over = Number(used) - Number(size) * fullest;
  return over > 0 ? Math.ceil((over / leaksPerSecond) * 1000) : 0;
}

/** Four digits at the most: a time in epoch seconds is not the provider's but Nango's. */
function secondsOf(value: string): number {
  return /^\s*\d{1,4}(\.\d+)?\s*$/.test(value) ? Math.ceil(Number(value) * 1000) : 0;
}
