import { type SourceMapping, sourceMappingSchema } from '../../../schemas/mapping.js';
import { canonicalPaths, isCanonicalPath } from '../../core/customer/canonical-paths.js';
import { CustomerSyncError } from '../../core/errors.js';
import {
  describeProblem,
  type MappingProblem,
  sourceProblems,
  spellingProblems,
} from '../../core/mapping/check-mapping.js';
import { refusalOf } from '../../core/mapping/input-size.js';
import { parsePath } from '../../core/mapping/path.js';
import { sourcePlaces } from '../../core/mapping/places.js';
import { nearest } from '../../core/nearest.js';
import { describeIssues, type FieldProblem } from '../../core/zod-issues.js';
import { nestedPair } from '../nested-paths.js';
import { type ApplySourceRule, compileSourceRule, rulePaths } from './source-rule.js';

export interface CompiledSourceMapping {
  /** For messages: the file it came from. */
  readonly name: string;
  /** The rules that it was compiled from. */
  readonly fields: SourceMapping['fields'];
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
  if (refusal !== undefined) throw sourceMappingError(name, [refusal.message]);
  const parsed = sourceMappingSchema.safeParse(input);
  if (!parsed.success) {
    const known = Object.keys(sourceMappingSchema.shape);
    throw sourceMappingError(name, describeIssues(parsed.error.issues, input, known));
  }
  const { fields, ignored = {} } = parsed.data;
  const problems = sourceMappingProblems(parsed.data);
  if (problems.length > 0) throw sourceMappingError(name, problems.map(describeProblem));
  const noId = missingId(name, fields['id']);
  const rules = Object.entries(fields).map(([target, rule]) => compileSourceRule(target, parsePath(target), rule));
  return {
    name,
    fields,
    paths: [...new Set(Object.values(fields).flatMap(rulePaths))],
    ignored: Object.keys(ignored),
    apply(row) {
      const { value, problems } = applyRules(rules, row);
      const isNamed = value['id'] !== undefined || problems.some(({ field }) => field === 'id');
      return isNamed ? { value, problems } : { value, problems: [...problems, noId] };
    },
  };
}

/** A path that no row has is a slip of the mapping more often than of the row. */
function missingId(name: string, rule: SourceMapping['fields'][string] | undefined): FieldProblem {
  const paths = rule === undefined ? [] : rulePaths(rule).map((path) => `"${path}"`);
  return { field: 'id', message: `is missing; ${name} takes it from ${paths.join(', ')}` };
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

/** What is wrong with a source mapping that its schema cannot see. */
export function sourceMappingProblems({ fields }: SourceMapping): MappingProblem[] {
  const problems = Object.entries(fields).flatMap(([target, rule]) =>
    [
      ...targetProblems(target),
      ...sourceProblems(rule),
      ...sourcePlaces(rule, [], 'item').flatMap(({ path, at }) => spellingProblems(path, at)),
    ].map((problem) => ({ ...problem, at: ['fields', target, ...problem.at] })),
  );
  if (!Object.hasOwn(fields, 'id')) {
    const message = 'is missing; every customer needs an id of yours';
    problems.push({ at: ['fields', 'id'], code: 'source', message, remedy: 'Name the column that holds your id.' });
  }
  return problems.length > 0 ? problems : nestingProblems(Object.keys(fields));
}

function nestingProblems(targets: readonly string[]): MappingProblem[] {
  const pair = nestedPair(targets.map((target) => ({ target, keys: parsePath(target) })));
  if (pair === undefined) return [];
  const [outer, inner] = pair;
  const message = `lies inside fields.${outer.target}; keep one of the two`;
  return [{ at: ['fields', inner.target], code: 'duplicate_target', message, remedy: 'Remove one of the two.' }];
}

function targetProblems(target: string): MappingProblem[] {
  const broken = spellingProblems(target, []);
  if (broken.length > 0 || isCanonicalPath(parsePath(target))) return broken;
  const message = `is not a field of the customer${nearest(target, canonicalPaths)}`;
  return [{ at: [], code: 'unknown_path', message, remedy: 'Name a field of the canonical customer.' }];
}

function sourceMappingError(name: string, problems: readonly string[]): CustomerSyncError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: ${problems.slice(1, 5).join('; ')})` : '';
  return new CustomerSyncError('config', {
    message: `${name}: ${problems[0]}${more}`,
    remedy: 'Correct the source mapping; its fields are described in the source mapping JSON Schema.',
  });
}
