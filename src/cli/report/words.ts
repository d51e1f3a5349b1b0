import type { JobPlan, OutcomeStatus } from '../../../schemas/outcome.js';
import type { ShownResult } from './report.js';

export type Verb = OutcomeStatus | JobPlan['action'];

/** How one result is shown: what it is called, its sign and its colour. */
export interface Word {
  readonly verb: Verb;
  readonly sign: string;
  readonly style: 'green' | 'yellow' | 'red' | 'gray';
  readonly isFailure: boolean;
  readonly isChange: boolean;
  /** All is as it should be: not worth a line of its own. */
  readonly isQuiet: boolean;
}

const change = { isFailure: false, isChange: true, isQuiet: false };
const failure = { style: 'red' as const, isFailure: true, isChange: false, isQuiet: false };
const quiet = { style: 'gray' as const, isFailure: false, isChange: false, isQuiet: true };

const words: Readonly<Record<Verb, Omit<Word, 'verb'>>> = {
  create: { sign: '+', style: 'green', ...change },
  created: { sign: '+', style: 'green', ...change },
  update: { sign: '~', style: 'yellow', ...change },
  updated: { sign: '~', style: 'yellow', ...change },
  archive: { sign: '-', style: 'red', ...change },
  archived: { sign: '-', style: 'yellow', ...change },
  unchanged: { sign: '=', ...quiet },
  linked: { sign: '=', ...quiet },
  skipped: { sign: '.', ...quiet, isQuiet: false },
  invalid: { sign: 'x', ...failure },
  rejected: { sign: 'x', ...failure },
  conflict: { sign: '!', ...failure },
  failed: { sign: 'x', ...failure },
  uncertain: { sign: '?', ...failure },
  not_attempted: { sign: '.', ...failure },
};

/** The order in which counts are shown. */
export const verbs = Object.keys(words) as readonly Verb[];

/** All of these have the same reason. */
const shownNotAttempted = 3;

/** How many customers of an outcome are shown where so many of each are asked for. */
export function shownOf(verb: Verb, asked: number): number {
  return verb === 'not_attempted' && Number.isFinite(asked) ? Math.min(shownNotAttempted, asked) : asked;
}

export function wordOf(verb: Verb): Word {
  return { verb, ...words[verb] };
}

export function verbOf(result: ShownResult): Verb {
  return result.kind === 'plan' ? result.plan.action : result.outcome.status;
}
