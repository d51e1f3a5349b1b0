import type { SourceRule } from '../../../schemas/mapping.js';
import { compileCondition } from '../../core/mapping/condition.js';
import { compileSetter } from '../../core/mapping/path.js';
import { askedPaths, compileSource, sourcePaths, Unconvertible } from '../../core/mapping/source.js';
import type { FieldProblem } from '../../core/zod-issues.js';

/** Puts one canonical field into the customer under construction, or says why it cannot. */
export type ApplySourceRule = (row: unknown, customer: Record<string, unknown>) => FieldProblem | undefined;

/** @param row holds no blank text and no null: to a rule, an empty cell is not there. */
export function compileSourceRule(target: string, keys: readonly string[], rule: SourceRule): ApplySourceRule {
  const get = compileSource(rule);
  const put = compileSetter(keys);
  const applies = rule.when === undefined ? undefined : compileCondition(rule.when);
  const members = rule.one_of === undefined ? undefined : new Set<unknown>(rule.one_of);
  const empty = rule.on_empty === 'clear' ? null : undefined;
  return (row, customer) => {
    if (applies !== undefined && !applies(row)) return undefined;
    const found = get(row);
    const value = found === undefined ? empty : found;
    if (value === undefined) return undefined;
    if (value instanceof Unconvertible)
      return { field: target, message: `cannot be converted by "${value.transform}"` };
    if (value !== null && members !== undefined && !members.has(value)) {
      return {
        field: target,
        message: `is not one of ${[...members].slice(0, 12).join(', ')}${members.size > 12 ? ', ...' : ''}`,
      };
    }
    put(customer, value);
    return undefined;
  };
}

/** Every place of the source that a rule looks at. */
export function rulePaths(rule: SourceRule): readonly string[] {
  return [...sourcePaths(rule), ...askedPaths(rule)];
}
