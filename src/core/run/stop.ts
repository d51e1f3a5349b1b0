import type { ErrorCode } from '../../../schemas/error-codes.js';
import type { Outcome, OutcomeStatus } from '../../../schemas/outcome.js';

/** Failures that every further customer would meet as well. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['auth', 'config', 'mapping']);
/** Failures that say something of the provider when they come in a row, and may concern one customer alone else. */
const suspect: ReadonlySet<ErrorCode> = new Set(['unavailable', 'uncertain', 'rate_limited', 'forbidden']);
/** Outcomes that asked the provider nothing say nothing about it. */
const quiet: ReadonlySet<OutcomeStatus> = new Set(['invalid', 'skipped', 'not_attempted']);
/** So many customers in a row, each after all its retries. */
const maxInRow = 5;

/** Decides when going on at one connection makes no sense. */
export interface StopRule {
  /** Why nothing more is to be attempted, or `undefined`. */
  readonly reason: string | undefined;
  /** @param outcome absent where a plan was made, which needs an answer of the provider as well. */
  note(outcome: Outcome | undefined): void;
}

export function createStopRule(): StopRule {
  let inRow = 0;
  let reason: string | undefined;
  return {
    get reason() {
      return reason;
    },
    note(outcome) {
      if (outcome !== undefined && quiet.has(outcome.status)) return;
      const error = outcome?.error;
      inRow = error !== undefined && suspect.has(error.code) ? inRow + 1 : 0;
      if (error !== undefined && hopeless.has(error.code)) reason ??= `stopped: ${error.message}`;
      else if (inRow >= maxInRow) reason ??= `stopped after ${maxInRow} failures in a row: ${error?.message}`;
    },
  };
}
