import type { Expected, Step } from './expected.js';
import { MAX_ATTEMPTS, statusOf } from './expected.js';

/** What becomes of one request. */
export type Fate =
  | 'answered'
  /** Not carried out, and said so. */
  | 'limited'
  /** No answer. */
  | 'lost'
  | 'landed'
  /** A success that says nothing of the customer. */
  | 'misread'
  | 'misread, landed';

export interface Write {
  readonly operation: 'create' | 'update' | 'archive';
  readonly isSafe: boolean;
  /** Whether an archive looks up first whom it archives. */
  readonly looksUp?: boolean;
  /** Whether who is found by a search is read once more by its id. */
  readonly confirms?: boolean;
  /** Whether an absence that is read settles nothing, since a look-up may lag. */
  readonly lags?: boolean;
}

type Written = 'answered' | 'unclear' | 'limited';
type Seen = 'done' | 'not done' | 'unavailable' | 'rate_limited' | 'protocol';

/**
 * The state machine of an uncertain write, apart from the engine: which requests it sends and what it may say, whatever
 * becomes of each of them. What is not in `fates` any more is answered.
 */
export function settle(
  { operation, isSafe, looksUp = false, confirms = false, lags = false }: Write,
  fates: readonly Fate[],
): Expected {
  const steps: Step[] = [];
  let isDone = false;
  const next = (step: Step): Fate => fates[steps.push(step) - 1] ?? 'answered';

  function write(): Written {
    let isMaybeDone = false;
    for (let attempt = 1; ; attempt += 1) {
      const wasDone = isDone;
      const fate = next('write');
      if (fate !== 'limited' && fate !== 'lost' && fate !== 'misread') isDone = true;
      if (fate === 'answered') {
        // Whoever is gone cannot be archived, which after a lost answer is looked at more closely.
        return operation === 'archive' && wasDone && isMaybeDone ? 'unclear' : 'answered';
      }
      if (fate === 'misread' || fate === 'misread, landed') return 'unclear';
      isMaybeDone ||= fate !== 'limited';
      const isRepeated = attempt < MAX_ATTEMPTS && (fate === 'limited' || isSafe);
      if (!isRepeated) return isMaybeDone ? 'unclear' : 'limited';
    }
  }

  function read(): Seen {
    const seen = look();
    const isThere = seen === 'done' || (seen === 'not done' && operation !== 'create');
    return confirms && isThere ? look() : seen;
  }

  function look(): Seen {
    for (let attempt = 1; ; attempt += 1) {
      const fate = next('read');
      if (fate === 'answered') return isDone ? 'done' : 'not done';
      if (fate === 'misread' || fate === 'misread, landed') return 'protocol';
      if (attempt === MAX_ATTEMPTS) return fate === 'limited' ? 'rate_limited' : 'unavailable';
    }
  }

  const success = { create: 'created', update: 'updated', archive: 'archived' } as const;
  const done = (): Expected => ({ steps, status: success[operation], done: isDone });
  const failed = (code: NonNullable<Expected['code']>): Expected => ({
    steps,
    status: statusOf(code),
    code,
    done: isDone,
  });

  if (operation !== 'archive' || looksUp) {
    const seen = read();
    if (seen !== 'not done' && seen !== 'done') return failed(seen);
  }
  for (let round = 1; ; round += 1) {
    const written = write();
    if (written === 'answered') return done();
    const isInDoubt = lags && operation === 'create' && round > 1;
    if (written === 'limited') return failed(isInDoubt ? 'uncertain' : 'rate_limited');
    const seen = read();
    if (seen === 'done') return done();
    if (seen !== 'not done') return failed('uncertain');
    if (round === 2) return failed(isInDoubt ? 'uncertain' : 'unavailable');
  }
}
