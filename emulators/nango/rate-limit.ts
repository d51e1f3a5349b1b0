/** One use of the limit. */
export interface Taken {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RateLimit {
  take(bucket: 'api' | 'script'): Taken;
  /** Fills both buckets. */
  reset(): void;
}

const limit = 200;
const windowMs = 60_000;

/** 200 calls in a minute that begins with the first of them; calls that say they come from a script have their own. */
export function createRateLimit(now: () => number): RateLimit {
  const windows = new Map<string, { endsAt: number; used: number }>();
  return {
    take(bucket) {
      const open = windows.get(bucket);
      const current = open !== undefined && open.endsAt > now() ? open : { endsAt: now() + windowMs, used: 0 };
      current.used += 1;
      windows.set(bucket, current);
      const allowed = current.used <= limit;
      return {
        allowed,
        headers: {
          'x-ratelimit-limit': String(limit),
          'x-ratelimit-remaining': String(Math.max(limit - current.used, 0)),
          'x-ratelimit-reset': String(Math.floor(current.endsAt / 1_000)),
          ...(!allowed && { 'retry-after': String(Math.floor((current.endsAt - now()) / 1_000)) }),
        },
      };
    },
    reset() {
      windows.clear();
    },
  };
}

export const noRateLimit: RateLimit = {
  take: () => ({ allowed: true, headers: {} }),
  reset() {},
};
