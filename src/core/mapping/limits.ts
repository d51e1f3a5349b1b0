import type { Rule } from '../../../schemas/mapping.js';

/** What a limit made of a value. */
export type Limited =
  | { readonly kind: 'ok' }
  | { readonly kind: 'over'; readonly message: string; readonly truncated?: unknown };

const ok: Limited = { kind: 'ok' };

/** Checks a value against a rule's limits, or `undefined` where the rule has none. */
export function compileLimits(rule: Rule): ((value: unknown) => Limited) | undefined {
  // The length comes last: what is cut off a value that passed the others passes them as well.
  const checks = [charactersCheck(rule), membershipCheck(rule), lengthCheck(rule), countCheck(rule)].filter(
    (check) => check !== undefined,
  );
  if (checks.length === 0) return undefined;
  return (value) => {
    for (const check of checks) {
      const result = check(value);
      if (result.kind === 'over') return result;
    }
    return ok;
  };
}

function lengthCheck({ max_length: max, count = 'characters' }: Rule): ((value: unknown) => Limited) | undefined {
  if (max === undefined) return undefined;
  const measure = count === 'bytes' ? utf8Length : codePointLength;
  return (value) => {
    // A code point is at most two units and a unit at most three bytes, so most values need no counting.
    if (typeof value !== 'string' || value.length * (count === 'bytes' ? 3 : 1) <= max) return ok;
    const length = measure(value);
    if (length <= max) return ok;
    return { kind: 'over', message: `has ${length} ${count}, ${max} are allowed`, truncated: cut(value, max, measure) };
  };
}

function countCheck({ max_items: max }: Rule): ((value: unknown) => Limited) | undefined {
  if (max === undefined) return undefined;
  return (value) =>
    !Array.isArray(value) || value.length <= max
      ? ok
      : { kind: 'over', message: `has ${value.length} items, ${max} are allowed`, truncated: value.slice(0, max) };
}

/** @throws SyntaxError for a range that runs backwards, such as `z-a`. */
export function charactersPattern(characters: string): RegExp {
  return new RegExp(`^[${characters.replace(/[\]\\^]/g, '\\$&')}]*$`, 'u');
}

function charactersCheck({ characters }: Rule): ((value: unknown) => Limited) | undefined {
  if (characters === undefined) return undefined;
  const pattern = charactersPattern(characters);
  return (value) =>
    typeof value !== 'string' || pattern.test(value)
      ? ok
      : { kind: 'over', message: `has characters outside ${characters}` };
}

function membershipCheck({ one_of: members }: Rule): ((value: unknown) => Limited) | undefined {
  if (members === undefined) return undefined;
  const set = new Set<unknown>(members);
  const list = members.length > 12 ? `the ${members.length} allowed values` : members.join(', ');
  return (value) => (set.has(value) ? ok : { kind: 'over', message: `is not one of ${list}` });
}

export function isLonger(text: string, maxCodePoints: number): boolean {
  // A code point is one unit or two, so most texts need no counting.
  return text.length > maxCodePoints && codePointLength(text) > maxCodePoints;
}

export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The longest beginning that fits, never half a character. */
export function cut(text: string, max: number, measure: (text: string) => number): string {
  let result = '';
  let length = 0;
  for (const character of text) {
    length += measure(character);
    if (length > max) break;
    result += character;
  }
  return result;
}
