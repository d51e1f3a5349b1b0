/** When an action has to come to its end, in epoch milliseconds. */
export interface TimeLimit {
  /** No further customer is begun after this. */
  readonly beginUntil: number;
  /** No further request leaves after this. */
  readonly sendUntil: number;
}

const minute = 60_000;

/**
 * Nango ends an action after 15 minutes, whatever it is doing. A customer begun in time has a minute and a half for its
 * requests. What may follow the last of them is its timeout, one wait before a retry that is then not sent, and one
 * pause of the rate limiter: a minute each at the most.
 */
export function actionTimeLimit(startedAt: number): TimeLimit {
  return { beginUntil: startedAt + 10 * minute, sendUntil: startedAt + 11.5 * minute };
}

/** Longer than an action may run, so that a lock ends with its action and not before. */
export const lockMs = 16 * minute;
