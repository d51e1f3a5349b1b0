/** Why Stripe refuses a request, as it says in a header. */
export type LimitReason = 'global-rate' | 'endpoint-rate';

export interface RateLimits {
  /** Counts one request; tells which limit it is over, if any. */
  take(endpoint: string): LimitReason | undefined;
  reset(): void;
}

/** Requests a second in a sandbox: in all, and at most endpoints. Stripe docs, "Rate limits". */
const PER_SECOND = { all: 25, endpoint: 25, search: 20 };

/** Inferred: that it is counted by the second. */
export function createRateLimits(now: () => number): RateLimits {
  let second = 0;
  const counts = new Map<string, number>();
  const count = (name: string): number => {
    const taken = (counts.get(name) ?? 0) + 1;
    counts.set(name, taken);
    return taken;
  };
  return {
    take(endpoint) {
      const current = Math.floor(now() / 1000);
      if (current !== second) counts.clear();
      second = current;
      if (count('all') > PER_SECOND.all) return 'global-rate';
      const limit = endpoint.endsWith('/search') ? PER_SECOND.search : PER_SECOND.endpoint;
      return count(endpoint) > limit ? 'endpoint-rate' : undefined;
    },
    reset: () => counts.clear(),
  };
}
