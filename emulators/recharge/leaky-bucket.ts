export interface LeakyBucket {
  readonly size: number;
  /** Counts one request if it fits. `used` is how full the bucket is afterwards, in requests. */
  take(): { readonly allowed: boolean; readonly used: number };
  refill(): void;
}

export interface LeakyBucketOptions {
  readonly size: number;
  readonly leakPerSecond: number;
  readonly now: () => number;
}

export function createLeakyBucket({ size, leakPerSecond, now }: LeakyBucketOptions): LeakyBucket {
  const msPerRequest = 1000 / leakPerSecond;
  let emptyAt = 0;

  return {
    size,
    take() {
      const time = now();
      const filledMs = Math.max(0, emptyAt - time);
      const allowed = filledMs + msPerRequest <= size * msPerRequest;
      const afterwardsMs = allowed ? filledMs + msPerRequest : filledMs;
      emptyAt = time + afterwardsMs;
      return { allowed, used: Math.ceil(afterwardsMs / msPerRequest) };
    },
    refill() {
      emptyAt = 0;
    },
  };
}

const STANDARD = { size: 40, leakPerSecond: 2 };

/** A token's prefix holds its multipliers: `sk_2x1_...` leaks twice as fast from a bucket of the standard size. */
export function limitsOfToken(token: string): { readonly size: number; readonly leakPerSecond: number } {
  const multipliers = /^sk_(\d+)x(\d+)_/.exec(token);
  const [, leak = '1', size = '1'] = multipliers ?? [];
  return { size: STANDARD.size * Number(size), leakPerSecond: STANDARD.leakPerSecond * Number(leak) };
}
