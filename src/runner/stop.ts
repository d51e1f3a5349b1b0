import type { ErrorCode } from '../../schemas/error-codes.js';
import type { Outcome } from '../../schemas/outcome.js';

/** Failures that every further customer would meet as well. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['auth', 'forbidden', 'config']);
const away: ReadonlySet<ErrorCode> = new Set(['unavailable', 'uncertain']);
/** So many customers in a row without an answer, each after all its retries, and the provider counts as away. */
const maxAwayInRow = 5;

/** Decides when going on at one connection makes no sense. */
export interface StopRule {
  /** Why nothing more is to be attempted, or `undefined`. */
  readonly reason: string | undefined;
  note(outcome: Outcome): void;
}

export function createStopRule(): StopRule {
  let awayInRow = 0;
  let reason: string | undefined;
  return {
    get reason() {
      return reason;
    },
    note({ error, status }) {
      // An outcome that asked the provider nothing says nothing about it.
      if (status === 'invalid' || status === 'skipped' || status === 'not_attempted') return;
      awayInRow = error !== undefined && away.has(error.code) ? awayInRow + 1 : 0;
      if (error !== undefined && hopeless.has(error.code)) reason ??= `stopped: ${error.message}`;
      else if (awayInRow >= maxAwayInRow)
        reason ??= `stopped: ${maxAwayInRow} customers in a row got no answer from the provider`;
    },
  };
}
