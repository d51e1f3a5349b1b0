import type { Condition, Rule, Source } from '../../schemas/mapping.js';
import { deepEqual } from '../core/mapping/compare.js';
import { type Pointer, sourcesWithin } from '../core/mapping/places.js';
import { asValueSource, type ValueSource } from '../core/mapping/source.js';
import type { Remark } from './finding.js';

/** Parts of a rule that no customer ever reaches. */
export function reachRemarks(rule: Rule): Remark[] {
  return [
    ...sourcesWithin(rule).flatMap(({ at, source }) => [
      ...(source.when === undefined ? [] : contradictions(source.when, [...at, 'when'])),
      ...(Array.isArray(source.from) ? alternativeRemarks(source.from, [...at, 'from']) : []),
    ]),
    ...alternativeRemarks(rule.fallback ?? [], ['fallback']),
    ...standInRemarks(rule),
  ];
}

function alternativeRemarks(alternatives: readonly Source[], at: Pointer): Remark[] {
  const end = alternatives.findIndex((source) => alwaysHasValue(asValueSource(source)));
  const remedy = 'Remove it, or put it further up.';
  return alternatives.flatMap((source, index) => {
    const place = [...at, index];
    if (end >= 0 && index > end) return [unreachable(place, `comes after one that always has a value`, remedy)];
    const twin = alternatives.findIndex((other) => deepEqual(other, source));
    return twin < index ? [unreachable(place, 'is the same as one before it', 'Remove it.')] : [];
  });
}

/** Every customer has an id, and a constant is always there. */
function alwaysHasValue({ from, constant, when, transform, each }: ValueSource): boolean {
  if (when !== undefined || transform !== undefined || each !== undefined) return false;
  if (Array.isArray(from)) return from.some((source: Source) => alwaysHasValue(asValueSource(source)));
  return from === 'id' || (constant !== undefined && constant !== null);
}

/** Values for a create that it never needs or never gets to. */
function standInRemarks(rule: Rule): Remark[] {
  const given = (['required', 'default', 'fallback'] as const).filter((key) => rule[key] !== undefined);
  const standIns = given.filter((key) => key !== 'required');
  if (rule.on === 'update') {
    return given.map((key) =>
      unreachable([key], `${key} is for a create, and the rule is for updates only`, `Remove ${key}, or "on".`),
    );
  }
  if (alwaysHasValue(rule)) {
    return standIns.map((key) =>
      unreachable([key], 'is never needed: the source always has a value', `Remove ${key}.`),
    );
  }
  if (standIns.length < 2) return [];
  return [unreachable(['fallback'], 'is never asked: default comes first', 'Keep one of default and fallback.')];
}

/** What is asked of one place by the parts of an `all`. */
interface Asked {
  present: boolean;
  absent: boolean;
  values: readonly unknown[] | undefined;
}

/** An `all` whose parts cannot hold together. */
function contradictions(condition: Condition, at: Pointer): Remark[] {
  if ('not' in condition) return contradictions(condition.not, [...at, 'not']);
  if ('any' in condition) return condition.any.flatMap((part, index) => contradictions(part, [...at, 'any', index]));
  if (!('all' in condition)) return [];
  const byPath = new Map<string, Asked>();
  for (const part of condition.all) ask(part, byPath);
  const clashes = [...byPath].filter(([, asked]) => isImpossible(asked)).map(([path]) => path);
  return [
    ...clashes.map((path) =>
      unreachable([...at, 'all'], `asks for two things of ${path} that exclude each other`, 'Keep one of them.'),
    ),
    ...condition.all.flatMap((part, index) => contradictions(part, [...at, 'all', index])),
  ];
}

function ask(part: Condition, byPath: Map<string, Asked>): void {
  const asked = (path: string) => {
    const known = byPath.get(path) ?? { present: false, absent: false, values: undefined };
    byPath.set(path, known);
    return known;
  };
  const narrow = (path: string, allowed: readonly unknown[]) => {
    const known = asked(path);
    known.values = known.values === undefined ? allowed : known.values.filter((value) => allowed.includes(value));
  };
  if ('present' in part) asked(part.present).present = true;
  else if ('equals' in part) narrow(part.equals[0], [part.equals[1]]);
  else if ('in' in part) narrow(part.in[0], part.in[1]);
  else if ('all' in part) for (const inner of part.all) ask(inner, byPath);
  else if ('not' in part && 'present' in part.not) asked(part.not.present).absent = true;
}

function isImpossible({ present, absent, values }: Asked): boolean {
  if (present && absent) return true;
  if (values === undefined) return false;
  const left = values.filter((value) => (value === null ? !present : !absent));
  return left.length === 0;
}

function unreachable(at: Pointer, message: string, remedy: string): Remark {
  return { at, code: 'unreachable', message, remedy };
}
