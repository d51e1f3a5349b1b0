export interface RateLimit {
  /** Counts one request; false when the window has none left. */
  take(): boolean;
  /** The headers that every answer of the hosted service carries. */
  headers(): Record<string, string>;
  reset(): void;
}

const LIMIT = 50;
const WINDOW_MS = 1000;

/**
 * The hosted service's gateway: 50 requests a second for an organisation, all its keys together.
 * Inferred: the window opens with its first request; the documentation names neither the kind of window nor its start.
 */
export function createRateLimit(now: () => number): RateLimit {
  let opened = Number.NEGATIVE_INFINITY;
  let used = 0;

  const renew = () => {
    if (now() < opened + WINDOW_MS) return;
    opened = now();
    used = 0;
  };

  return {
    take() {
      renew();
      if (used >= LIMIT) return false;
      used += 1;
      return true;
    },
    headers() {
      renew();
      return {
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(LIMIT - used),
        'x-ratelimit-reset': String(Math.ceil((opened + WINDOW_MS - now()) / 1000)),
      };
    },
    reset() {
      opened = Number.NEGATIVE_INFINITY;
      used = 0;
    },
  };
}
