export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Longest wait before the first retry, in milliseconds; doubles with each. */
  readonly baseMs: number;
  /** Longest wait of our own choosing, in milliseconds. */
  readonly capMs: number;
  /** How long one request may wait between its attempts in all, in milliseconds. Waiting for the rate limit does not count. */
  readonly budgetMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 5, baseMs: 500, capMs: 30_000, budgetMs: 120_000 };

interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Waited between the attempts so far, in milliseconds. */
  readonly waitedMs: number;
  /** What the other side asked for. */
  readonly waitMs: number | undefined;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * How long to wait before the next attempt, or `undefined` when there is to be none.
 *
 * Without a wish of the other side: full jitter, so that many clients that failed together do not come back together.
 * A wish is obeyed and a little spread; one that does not fit the budget ends the attempts at once. A wish for no wait
 * at all leaves the choice to us.
 */
export function nextDelay(
  { maxAttempts, baseMs, capMs, budgetMs }: RetryPolicy,
  { attempt, waitedMs, waitMs, random }: Attempt,
): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  const delay =
    waitMs === undefined || waitMs === 0
      ? random * Math.min(capMs, baseMs * 2 ** (attempt - 1))
      : waitMs + random * Math.min(250, waitMs);
  return waitedMs + delay > budgetMs ? undefined : Math.round(delay);
}
