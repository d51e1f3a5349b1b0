import type { Condition, Mapping, Rule } from '../../../schemas/mapping.js';
import { canonicalPaths, isCanonicalPath } from '../customer/canonical-paths.js';
import { isCustomerSyncError } from '../errors.js';
import { nearest } from '../nearest.js';
import { charactersPattern } from './limits.js';
import { formatPath, parsePath } from './path.js';
import { sourcePaths } from './source.js';

/** What is wrong with a mapping that its schema cannot see: paths that lead nowhere, rules that contradict each other. */
export function mappingProblems({ fields }: Mapping): string[] {
  const ruleProblems = Object.entries(fields).flatMap(([target, rule]) =>
    [
      ...shapeProblems(rule),
      ...canonicalPathsOf(rule).flatMap(canonicalPathProblems),
      ...providerPathsOf(target, rule).flatMap(spellingProblems),
    ].map((problem) => `fields.${target}: ${problem}`),
  );
  return ruleProblems.length > 0 ? ruleProblems : overlaps(Object.keys(fields));
}

function shapeProblems({ from, constant, template, characters }: Rule): string[] {
  const places = [from, constant, template].filter((place) => place !== undefined);
  return [
    ...(places.length === 1 ? [] : ['needs exactly one of from, template and constant']),
    ...(characters === undefined || isCharacterList(characters)
      ? []
      : [`characters "${characters}" has a range that runs backwards`]),
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

function canonicalPathsOf(rule: Rule): string[] {
  return [
    ...sourcePaths(rule),
    ...sourcePaths({ from: rule.fallback }),
    ...(rule.when === undefined ? [] : conditionPaths(rule.when)),
    ...Object.values(rule.keyed?.flag ?? {}),
    ...(typeof rule.reverse === 'string' ? [rule.reverse] : []),
  ];
}

function conditionPaths(condition: Condition): string[] {
  if ('present' in condition) return [condition.present];
  if ('equals' in condition) return [condition.equals[0]];
  if ('in' in condition) return [condition.in[0]];
  if ('not' in condition) return conditionPaths(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(conditionPaths);
}

function providerPathsOf(target: string, { read, read_item: item }: Rule): string[] {
  return [target, ...(typeof read === 'string' ? [read] : []), ...(item === undefined ? [] : [item])];
}

function canonicalPathProblems(path: string): string[] {
  const problems = spellingProblems(path);
  if (problems.length > 0 || isCanonicalPath(parsePath(path))) return problems;
  return [`unknown path "${path}"${nearest(path, canonicalPaths)}`];
}

function spellingProblems(path: string): string[] {
  try {
    parsePath(path);
    return [];
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return [error.message];
  }
}

/** Two rules for one field, or one rule for a field and another for a part of it: the later one would win in silence. */
function overlaps(targets: readonly string[]): string[] {
  const byPath = new Map<string, string>();
  const doubles: string[] = [];
  for (const target of targets) {
    const path = formatPath(parsePath(target));
    const other = byPath.get(path);
    if (other !== undefined) doubles.push(`fields.${target}: is the same field as ${other}`);
    byPath.set(path, target);
  }
  const parts = targets.flatMap((target) => {
    const keys = parsePath(target);
    const whole = keys.map((_, end) => byPath.get(formatPath(keys.slice(0, end)))).find((part) => part !== undefined);
    return whole === undefined ? [] : [`fields.${target}: is a part of ${whole}, which has a rule of its own`];
  });
  return [...doubles, ...parts];
}
