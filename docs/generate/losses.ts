import type { Mapping, Rule } from '../../schemas/mapping.js';
import { sourcePaths } from '../../src/core/mapping/source.js';
import { codes } from './markdown.js';

/**
 * What a customer has lost after it was written and read back.
 *
 * `gone`: the value is not there. `changed`: it is there in another form. `left_out`: it may be missing. `stands_in`: it is
 * as it was where the customer has it, and where not, another value is in its place.
 */
export interface Loss {
  readonly field: string;
  readonly kind: 'gone' | 'changed' | 'left_out' | 'stands_in';
  readonly loss: string;
  /** Members of the field that come back all the same. */
  readonly but?: readonly string[];
}

/** Transforms that give back the very value that went in. */
const exact: readonly string[] = ['prefix', 'suffix', 'escape_id', 'to_entries', 'from_entries'];

/** Every loss of a mapping on the way there and back. A value that is `null` is not sent on create, and so comes back absent. */
export function lossesOf(mapping: Mapping): Loss[] {
  const rules = Object.values(mapping.fields);
  const comesBack = new Set(rules.flatMap(mainPath));
  const noPlace = [...new Set([...Object.keys(mapping.unsupported ?? {}), 'external_ids'])]
    .filter((field) => !comesBack.has(field))
    .map((field): Loss => {
      const members = [...comesBack].filter((path) => path.startsWith(`${field}.`));
      const loss = members.length === 0 ? 'there is no place for it' : `only ${codes(members)} has a place`;
      return { field, kind: 'gone', loss, but: members };
    });
  const known = new Set([...comesBack, ...noPlace.map(({ field }) => field)]);
  return [...noPlace, ...rules.flatMap(ruleLosses), ...rules.flatMap((rule) => standInLosses(rule, known))];
}

/** Fields that are sent only where another one has no value. */
function standInLosses(rule: Rule, known: ReadonlySet<string>): Loss[] {
  const [main] = mainPath(rule);
  if (main === undefined) return [];
  return otherPaths(rule, main)
    .filter((path) => !known.has(path))
    .map(
      (path): Loss => ({
        field: path,
        kind: 'gone',
        loss: `sent only where ${codes([main])} is absent, and seen as that`,
      }),
    );
}

function otherPaths(rule: Rule, main: string): string[] {
  const paths = [...sourcePaths(rule), ...sourcePaths({ from: rule.fallback })];
  return [...new Set(paths)].filter((path) => path !== main);
}

function ruleLosses(rule: Rule): Loss[] {
  const flags = Object.values(rule.keyed?.flag ?? {}).map((field): Loss => {
    return { field, kind: 'gone', loss: 'not read back; the diff knows it key by key' };
  });
  const [main] = mainPath(rule);
  if (main === undefined) return flags;
  const { read, on, overflow, compare } = rule;
  const loss = (applies: boolean, kind: Loss['kind'], text: string): Loss[] =>
    applies ? [{ field: main, kind, loss: text }] : [];
  if (read === false) return [...loss(true, 'gone', 'the provider does not show it'), ...flags];
  const steps = lossySteps(rule);
  const others = otherPaths(rule, main);
  const hidden = rule.hidden === undefined ? '' : `, and without ${codes(rule.hidden)}`;
  const dropped = rule.one_of === undefined ? 'over a limit' : 'where the provider does not know the value';
  return [
    ...loss(on !== undefined, 'left_out', `sent on ${on} only`),
    ...loss(steps.length > 0, 'changed', `comes back as ${codes(steps)} made it`),
    ...loss(overflow === 'drop', 'left_out', `left out ${dropped}`),
    ...loss(compare === 'contains', 'changed', `comes back with what the provider adds to it${hidden}`),
    ...loss(overflow === 'truncate', 'changed', 'cut off at the limit'),
    ...loss(others.length > 0 || hasStandIn(rule), 'stands_in', standInText(others)),
    ...flags,
  ];
}

function standInText(others: readonly string[]): string {
  return others.length === 0
    ? 'where it is absent, a fixed value is there'
    : `where it is absent, ${codes(others)} may be in its place`;
}

/** The path that the stored value is read back to. */
function mainPath(rule: Rule): string[] {
  if (rule.reverse === false) return [];
  if (typeof rule.reverse === 'string') return [rule.reverse];
  return sourcePaths(rule).slice(0, 1);
}

function hasStandIn({ from, fallback, default: standIn }: Rule): boolean {
  const hasConstant = Array.isArray(from) && from.some((source) => typeof source === 'object' && 'constant' in source);
  return hasConstant || fallback !== undefined || standIn !== undefined;
}

function lossySteps({ transform = [], keyed }: Rule): string[] {
  const names = [...transform, ...(keyed?.transform ?? [])].map((step) =>
    typeof step === 'string' ? step : (Object.keys(step)[0] ?? ''),
  );
  return names.filter((name) => !exact.includes(name));
}
