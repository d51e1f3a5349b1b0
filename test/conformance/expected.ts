import type { ErrorCode } from '../../schemas/error-codes.js';
import type { OutcomeStatus } from '../../schemas/outcome.js';

export const OPERATIONS = ['create', 'update', 'find', 'archive'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Which of the requests of an operation meets the fault. Those before it meet a 429. */
export type Attempt = 'first' | 'last' | 'every';

/** As many as the engine's own retry policy has. */
export const MAX_ATTEMPTS = 5;

/** What a fault comes to, whatever it looks like. */
export type Meaning =
  /** An answer like any other. */
  | { readonly is: 'fine' }
  /** Nothing was done, for certain; the same request may pass. */
  | { readonly is: 'passing'; readonly code: 'rate_limited' | 'unavailable' }
  /** The key is not accepted. Tried once more, since gateways stray. */
  | { readonly is: 'key refused' }
  /** Nobody knows whether it was done. */
  | { readonly is: 'unanswered'; readonly done: boolean }
  /** A success whose content is not the customer's. */
  | { readonly is: 'misread'; readonly done: boolean }
  | { readonly is: 'refused'; readonly code: ErrorCode };

export type Step = 'read' | 'write';

export interface Expected {
  /** Requests that reach the provider. */
  readonly steps: readonly Step[];
  readonly status: OutcomeStatus;
  readonly code?: ErrorCode | undefined;
  /** Whether the operation shows at the provider in the end. */
  readonly done: boolean;
}

const successes = { create: 'created', update: 'updated', find: 'unchanged', archive: 'archived' } as const;
const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

/** What decides how a write without an answer is settled. */
interface Settling {
  /** Whether it can be sent twice with the effect of once. */
  readonly isSafe: boolean;
  /** Whether an archive looks up first whom it archives. */
  readonly looksUp: boolean;
  /** Whether somebody who was just created may be missed by a look-up, and nothing prevents a second one. */
  readonly lags: boolean;
}

/**
 * What an operation must come to. This is the specification of the flow, written apart from it: what may be sent twice is
 * tried again at once, anything else is read back first.
 */
export function expectedOf(
  meaning: Meaning,
  operation: Operation,
  { isSafe, looksUp, lags }: Settling,
  attempt: Attempt,
): Expected {
  const sent = attempt === 'last' ? MAX_ATTEMPTS : 1;
  if (operation === 'find') return expectedOfFind(meaning, sent, attempt);
  const before: Step[] = operation === 'archive' && !looksUp ? [] : ['read'];
  const done = (...rest: Step[]): Expected => ({
    steps: [...before, ...rest],
    status: successes[operation],
    done: true,
  });
  const failed = (code: ErrorCode, ...rest: Step[]): Expected => ({
    steps: [...before, ...rest],
    status: statusOf(code),
    code,
    done: false,
  });
  const writes = times(sent, 'write');
  // What a look-up that lags does not show may be there all the same.
  const notThere = operation === 'create' && lags ? 'uncertain' : 'unavailable';
  switch (meaning.is) {
    case 'fine':
      return done(...writes);
    case 'refused':
      return failed(meaning.code, ...writes);
    case 'key refused':
      if (attempt === 'first') return done('write', 'write');
      return failed('auth', ...(attempt === 'last' ? writes : times(2, 'write')));
    case 'passing':
      if (attempt === 'first') return done('write', 'write');
      return failed(meaning.code, ...times(MAX_ATTEMPTS, 'write'));
    case 'misread':
      if (meaning.done) return done(...writes, 'read');
      if (attempt === 'every') return failed(notThere, ...writes, 'read', ...writes, 'read');
      return done(...writes, 'read', 'write');
    case 'unanswered': {
      // A second DELETE finds nobody, which after a lost answer is read back as well.
      if (attempt === 'first' && operation === 'archive' && meaning.done) return done('write', 'write', 'read');
      if (attempt === 'first' && isSafe) return done('write', 'write');
      const tries = attempt === 'every' && isSafe ? times(MAX_ATTEMPTS, 'write') : writes;
      if (meaning.done) return done(...tries, 'read');
      if (attempt === 'every') return failed(notThere, ...tries, 'read', ...tries, 'read');
      return done(...tries, 'read', 'write');
    }
  }
}

function expectedOfFind(meaning: Meaning, sent: number, attempt: Attempt): Expected {
  const found = (reads: number): Expected => ({ steps: times(reads, 'read'), status: 'unchanged', done: true });
  const failed = (code: ErrorCode, reads: number): Expected => ({
    steps: times(reads, 'read'),
    status: statusOf(code),
    code,
    done: false,
  });
  switch (meaning.is) {
    case 'fine':
      return found(sent);
    case 'refused':
      return failed(meaning.code, sent);
    case 'misread':
      return failed('protocol', sent);
    case 'key refused':
      return attempt === 'first' ? found(2) : failed('auth', attempt === 'last' ? sent : 2);
    case 'passing':
    case 'unanswered':
      if (attempt === 'first') return found(2);
      return failed(meaning.is === 'passing' ? meaning.code : 'unavailable', MAX_ATTEMPTS);
  }
}

export function statusOf(code: ErrorCode): OutcomeStatus {
  if (code === 'rejected' || code === 'conflict' || code === 'uncertain') return code;
  return code === 'invalid_customer' ? 'invalid' : 'failed';
}
