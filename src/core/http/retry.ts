export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Longest wait before the first retry, in milliseconds; doubles with each. */
  readonly baseMs: number;
  /** Longest wait of our own choosing, in milliseconds. */
  readonly capMs: number;
  /** How long one request may take with all its attempts, in milliseconds. */
  readonly budgetMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 5, baseMs: 500, capMs: 30_000, budgetMs: 120_000 };

interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Since the first attempt began, in milliseconds. */
  readonly elapsedMs: number;
  /** What the other side asked for. */
  readonly waitMs: number | undefined;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * How long to wait before the next attempt, or `undefined` when there is to be none.
 *
 * Without a wish of the other side: full jitter, so that many clients that failed together do not come back together.
 * A wish is obeyed and a little spread; one that does not fit the budget ends the attempts at once.
 */
export function nextDelay(
  { maxAttempts, baseMs, capMs, budgetMs }: RetryPolicy,
  { attempt, elapsedMs, waitMs, random }: Attempt,
): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  const delay =
    waitMs === undefined
      ? random * Math.min(capMs, baseMs * 2 ** (attempt - 1))
      : waitMs + random * Math.min(250, waitMs);
  return elapsedMs + delay > budgetMs ? undefined : Math.round(delay);
}
