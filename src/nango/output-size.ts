import type { Outcome, Plan, Warning } from '../../schemas/outcome.js';
import { codePointLength, cut, utf8Length } from '../core/mapping/limits.js';

/** Nango refuses outputs of more than 2,097,152 bytes of JSON; a little is left for what stands around the results. */
export const maxOutputBytes = 2_000_000;

export function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value) ?? '');
}

type Reported = Pick<Outcome, 'changes' | 'warnings' | 'error'>;

const note = (what: string): Warning => ({
  code: 'notice',
  message: `${what} left out: the answer would be over Nango's 2 MB. Send fewer customers at once to see all`,
});

/**
 * Outcomes that fit into one answer. What was written must be told, so where they are too large each gives up its
 * values, then its changes and warnings, then the long part of its error, and says so.
 */
export function fitOutcomes(outcomes: readonly Outcome[]): Outcome[] {
  const steps = [withoutValues, withoutDetails, withShortError];
  let fitted = [...outcomes];
  for (const step of steps) {
    if (jsonBytes(fitted) <= maxOutputBytes) break;
    fitted = fitted.map((outcome) => ({ ...outcome, ...step(outcome) }));
  }
  return fitted;
}

/** Without what a customer's own data is in. */
export function withoutValues({ changes, warnings }: Pick<Reported, 'changes' | 'warnings'>) {
  return {
    changes: changes.map(({ field, target, change }) => ({ field, target, change })),
    warnings: [...warnings.map(({ from: _from, to: _to, ...warning }) => warning), note('values were')],
  };
}

function withoutDetails(): Pick<Reported, 'changes' | 'warnings'> {
  return { changes: [], warnings: [note('changes and warnings were')] };
}

const shortMessage = 500;

function withShortError({ error }: Reported): Pick<Outcome, 'error'> {
  if (error === undefined) return {};
  const { fields: _, ...failure } = error;
  const message = cut(failure.message, shortMessage, codePointLength);
  return { error: { ...failure, message: message === failure.message ? message : `${message}…` } };
}

export function planWithoutValues(plan: Plan): Plan {
  const { payload: _, ...rest } = plan;
  return { ...rest, ...withoutValues(plan) };
}
