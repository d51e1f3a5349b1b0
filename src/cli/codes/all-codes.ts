import { errorExplanations } from './errors.js';
import { exitCodeExplanations } from './exit-codes.js';
import type { Explanation } from './explanation.js';
import { findingExplanations } from './findings.js';
import { guardExplanations } from './guards.js';
import { noteExplanations } from './notes.js';
import { outcomeExplanations } from './outcomes.js';

interface CodeGroup {
  /** What one of them is. */
  readonly kind: string;
  readonly title: string;
  readonly where: string;
  readonly codes: Readonly<Record<string, Explanation>>;
}

export interface ExplainedCode extends Explanation {
  readonly code: string;
  readonly kind: string;
}

/** Every code that the program prints, by what it is about. */
export const codeGroups: readonly CodeGroup[] = [
  {
    kind: 'error',
    title: 'Errors',
    where: 'in brackets behind a message, and "code" in JSON',
    codes: errorExplanations,
  },
  {
    kind: 'outcome',
    title: 'Outcomes',
    where: 'what became of one customer at one connection',
    codes: outcomeExplanations,
  },
  {
    kind: 'note',
    title: 'Notes',
    where: 'on a customer that is written all the same; "code" of a warning in JSON',
    codes: noteExplanations,
  },
  { kind: 'guard', title: 'Guards', where: 'what stopped a job, and what --allow names', codes: guardExplanations },
  { kind: 'finding', title: 'Findings', where: 'of lint', codes: findingExplanations },
  { kind: 'exit code', title: 'Exit codes', where: 'of every command', codes: exitCodeExplanations },
];

/** A word can be a code in more than one way: `archived` is an outcome and a guard. */
export function explanationsOf(word: string): ExplainedCode[] {
  return allCodes().filter(({ code }) => code === word);
}

export function allCodes(): ExplainedCode[] {
  return codeGroups.flatMap(({ kind, codes }) =>
    Object.entries(codes).map(([code, explanation]) => ({ code, kind, ...explanation })),
  );
}
