import { type SourceMapping, type SourceRule, sourceMappingSchema } from '../../../schemas/mapping.js';
import { canonicalPaths, isCanonicalPath } from '../../core/customer/canonical-paths.js';
import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import { sourceProblems } from '../../core/mapping/check-mapping.js';
import { refusalOf } from '../../core/mapping/input-size.js';
import { parsePath } from '../../core/mapping/path.js';
import { nearest } from '../../core/nearest.js';
import { describeIssues, type FieldProblem } from '../../core/zod-issues.js';
import { nestedPair } from '../nested-paths.js';
import { type ApplySourceRule, compileSourceRule, rulePaths } from './source-rule.js';

export interface CompiledSourceMapping {
  /** For messages: the file it came from. */
  readonly name: string;
  /** Every path of the source that a rule reads, once each. */
  readonly paths: readonly string[];
  /** Columns that are left out on purpose. */
  readonly ignored: readonly string[];
  /** @param row without blank text and null; see `withoutEmpty`. */
  apply(row: unknown): { readonly value: Record<string, unknown>; readonly problems: readonly FieldProblem[] };
}

/**
 * Checks a source mapping and compiles it once, to closures.
 * @throws CustomerSyncError `config` with the problems found.
 */
export function compileSourceMapping(input: unknown, name: string): CompiledSourceMapping {
  const refusal = refusalOf(input);
  if (refusal !== undefined) throw sourceMappingError(name, [refusal]);
  const parsed = sourceMappingSchema.safeParse(input);
  if (!parsed.success) throw sourceMappingError(name, describeIssues(parsed.error.issues, input));
  const { fields, ignored = {} } = parsed.data;
  const problems = findProblems(parsed.data);
  if (problems.length > 0) throw sourceMappingError(name, problems);
  const rules = Object.entries(fields).map(([target, rule]) => compileSourceRule(target, parsePath(target), rule));
  return {
    name,
    paths: [...new Set(Object.values(fields).flatMap(rulePaths))],
    ignored: Object.keys(ignored),
    apply: (row) => applyRules(rules, row),
  };
}

const noProblems: readonly FieldProblem[] = [];

function applyRules(rules: readonly ApplySourceRule[], row: unknown) {
  const value: Record<string, unknown> = {};
  let problems: FieldProblem[] | undefined;
  for (const apply of rules) {
    const problem = apply(row, value);
    if (problem === undefined) continue;
    problems ??= [];
    problems.push(problem);
  }
  return { value, problems: problems ?? noProblems };
}

function findProblems({ fields }: SourceMapping): string[] {
  const problems = Object.entries(fields).flatMap(([target, rule]) => [
    ...targetProblems(target),
    ...shapeProblems(target, rule),
    ...rulePaths(rule).flatMap((path) => pathProblem(`fields.${target}`, path)),
  ]);
  if (!Object.hasOwn(fields, 'id')) problems.push('fields.id: is missing; every customer needs an id of yours');
  if (problems.length > 0) return problems;
  const pair = nestedPair(Object.keys(fields).map((target) => ({ target, keys: parsePath(target) })));
  return pair === undefined
    ? []
    : [`fields.${pair[1].target}: lies inside fields.${pair[0].target}; keep one of the two`];
}

function targetProblems(target: string): string[] {
  const broken = pathProblem(`fields.${target}`, target);
  if (broken.length > 0 || isCanonicalPath(parsePath(target))) return broken;
  return [`fields.${target}: is not a field of the customer${nearest(target, canonicalPaths)}`];
}

function shapeProblems(target: string, rule: SourceRule): string[] {
  return sourceProblems(rule).map(({ message }) => `fields.${target}: ${message}`);
}

function pathProblem(where: string, path: string): string[] {
  try {
    parsePath(path);
    return [];
  } catch (error) {
    return isCustomerSyncError(error) ? [`${where}: ${error.message}`] : [`${where}: cannot be read`];
  }
}

function sourceMappingError(name: string, problems: readonly string[]): CustomerSyncError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: ${problems.slice(1, 5).join('; ')})` : '';
  return new CustomerSyncError('config', {
    message: `${name}: ${problems[0]}${more}`,
    remedy: 'Correct the source mapping; its fields are described in the source mapping JSON Schema.',
  });
}
