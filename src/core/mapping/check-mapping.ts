import type { Mapping, Rule } from '../../../schemas/mapping.js';
import { canonicalPaths, isCanonicalPath } from '../customer/canonical-paths.js';
import { isCustomerSyncError } from '../errors.js';
import { nearest } from '../nearest.js';
import { charactersPattern } from './limits.js';
import { formatPath, parsePath } from './path.js';
import { type Place, type Pointer, placesOf, sourcesWithin } from './places.js';
import { asValueSource, templateTexts, type ValueSource } from './source.js';

/** Something wrong at one place of a mapping. */
export interface MappingProblem {
  /** The keys that lead there. */
  readonly at: Pointer;
  readonly code: ProblemCode;
  readonly message: string;
  readonly remedy: string;
}

export type ProblemCode = 'unknown_path' | 'path_syntax' | 'source' | 'characters' | 'duplicate_target' | 'overlay';

/** What is wrong with a mapping that its schema cannot see: paths that lead nowhere, rules that contradict each other. */
export function mappingProblems({ fields }: Pick<Mapping, 'fields'>): MappingProblem[] {
  const ruleProblems = Object.entries(fields).flatMap(([target, rule]) =>
    [
      ...sourceProblems(rule),
      ...standInProblems(rule),
      ...charactersProblems(rule),
      ...placesOf(rule).flatMap(placeProblems),
      ...providerPathProblems(target, rule),
    ].map((problem) => ({ ...problem, at: ['fields', target, ...problem.at] })),
  );
  return ruleProblems.length > 0
    ? ruleProblems
    : overlaps(Object.keys(fields), ['fields'], 'fields.', partsApart(fields));
}

/** As `fields.name: what is wrong`. */
export function describeProblem({ at, message }: MappingProblem): string {
  return `${at.slice(0, 2).join('.')}: ${message}`;
}

/** Whether a rule says in exactly one way where its value comes from. */
export function sourceProblems(rule: ValueSource): MappingProblem[] {
  const places = [rule.from, rule.constant, rule.template, rule.object].filter((place) => place !== undefined);
  const whole: MappingProblem[] =
    places.length === 1
      ? []
      : [
          {
            at: [],
            code: 'source',
            message: 'needs exactly one of from, template, constant and object',
            remedy: 'Keep the one that the value comes from.',
          },
        ];
  const lost: MappingProblem[] =
    rule.each === undefined || rule.from !== undefined
      ? []
      : [{ at: ['each'], code: 'source', message: 'each needs a list: from', remedy: 'Name the list in "from".' }];
  return [...whole, ...lost, ...sourcesWithin(rule).flatMap(partProblems)];
}

function standInProblems({ fallback = [] }: Rule): MappingProblem[] {
  return fallback.flatMap((source, index) =>
    sourcesWithin(asValueSource(source), ['fallback', index]).flatMap(partProblems),
  );
}

interface Part {
  readonly at: Pointer;
  readonly source: ValueSource;
}

function partProblems(part: Part): MappingProblem[] {
  return [...memberProblems(part), ...templateProblems(part)];
}

/** The members that an object or an item is made of are paths like the fields of a provider. */
function memberProblems({ at, source }: Part): MappingProblem[] {
  return (['object', 'each'] as const).flatMap((key) => {
    const names = Object.keys(source[key] ?? {});
    const unreadable = names.flatMap((name) => spellingProblems(name, [...at, key, name]));
    return unreadable.length > 0 ? unreadable : overlaps(names, [...at, key], '');
  });
}

/** A brace that is left over would be sent as it stands, in the name of every customer. */
function templateProblems({ at, source: { template } }: Part): MappingProblem[] {
  if (template === undefined || !templateTexts(template).some((text) => /[{}]/.test(text))) return [];
  return [
    {
      at: [...at, 'template'],
      code: 'path_syntax',
      message: `template "${template}" has a brace that is not the beginning or the end of a path`,
      remedy: 'Write each path between two braces: {first_name} {last_name}. Braces have no other use.',
    },
  ];
}

function charactersProblems({ characters }: Rule): MappingProblem[] {
  if (characters === undefined || isCharacterList(characters)) return [];
  return [
    {
      at: ['characters'],
      code: 'characters',
      message: `characters "${characters}" has a range that runs backwards`,
      remedy: 'Write ranges from low to high, such as A-Z, and a hyphen of its own at the end.',
    },
  ];
}

function isCharacterList(characters: string): boolean {
  try {
    charactersPattern(characters);
    return true;
  } catch {
    return false;
  }
}

function placeProblems({ path, at, scope }: Place): MappingProblem[] {
  const problems = spellingProblems(path, at);
  if (problems.length > 0 || scope === 'item' || isCanonicalPath(parsePath(path))) return problems;
  const remedy = 'Use a field of the canonical customer, or one of metadata, external_ids and provider_fields.';
  return [{ at, code: 'unknown_path', message: `unknown path "${path}"${nearest(path, canonicalPaths)}`, remedy }];
}

function providerPathProblems(target: string, { read, read_item: item }: Rule): MappingProblem[] {
  return [
    ...spellingProblems(target, []),
    ...(typeof read === 'string' ? spellingProblems(read, ['read']) : []),
    ...(item === undefined ? [] : spellingProblems(item, ['read_item'])),
  ];
}

export function spellingProblems(path: string, at: Pointer): MappingProblem[] {
  try {
    parsePath(path);
    return [];
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return [{ at, code: 'path_syntax', message: error.message, remedy: error.details.remedy }];
  }
}

/** The keys that a field of keys leaves to rules of their own. */
function partsApart(fields: Mapping['fields']): ReadonlySet<string> {
  const parts = Object.entries(fields).flatMap(([target, { keyed }]) =>
    keyed?.shape === 'map' && keyed.write === 'merge'
      ? (keyed.except ?? []).map((key) => formatPath([...parsePath(target), key]))
      : [],
  );
  return new Set(parts);
}

/** Two rules for one field, or one rule for a field and another for a part of it: the later one would win in silence. */
function overlaps(
  targets: readonly string[],
  section: Pointer,
  prefix: string,
  apart: ReadonlySet<string> = new Set(),
): MappingProblem[] {
  const byPath = new Map<string, string>();
  const problems: MappingProblem[] = [];
  const report = (target: string, message: string, remedy: string) =>
    problems.push({ at: [...section, target], code: 'duplicate_target', message, remedy });
  for (const target of targets) {
    const path = formatPath(parsePath(target));
    const other = byPath.get(path);
    if (other !== undefined)
      report(target, `is the same field as ${other}`, `Remove ${prefix}${target} or ${prefix}${other}.`);
    byPath.set(path, target);
  }
  for (const target of targets) {
    const keys = parsePath(target);
    const whole = keys.map((_, end) => byPath.get(formatPath(keys.slice(0, end)))).find((part) => part !== undefined);
    if (whole !== undefined && !apart.has(formatPath(keys))) {
      report(target, `is a part of ${whole}, which has a rule of its own`, `Keep one of ${target} and ${whole}.`);
    }
  }
  return problems;
}
