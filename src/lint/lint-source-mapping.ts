import type { SourceMapping, SourceRule } from '../../schemas/mapping.js';
import { parseCustomer } from '../core/customer/parse-customer.js';
import { compileSetter, parsePath } from '../core/mapping/path.js';
import { sourcesWithin } from '../core/mapping/places.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import { sourceMappingProblems } from '../sources/mapping/compile-source-mapping.js';
import { rulePaths } from '../sources/mapping/source-rule.js';
import { reachRemarks } from './check-reach.js';
import type { Remark } from './finding.js';
import { flowOf } from './value-flow.js';

/** Everything that is wrong with a source mapping. What its columns hold nobody knows, so their types are not checked. */
export function lintSourceMapping(mapping: SourceMapping): Remark[] {
  const broken = sourceMappingProblems(mapping);
  if (broken.length > 0) return broken;
  const used = new Set(Object.values(mapping.fields).flatMap(rulePaths));
  return [
    ...Object.entries(mapping.fields).flatMap(([target, rule]) =>
      ruleRemarks(target, rule).map((remark) => ({ ...remark, at: ['fields', target, ...remark.at] })),
    ),
    ...Object.keys(mapping.ignored ?? {})
      .filter((column) => used.has(column))
      .map((column) => ({
        at: ['ignored', column],
        code: 'duplicate_target',
        message: 'is said to be ignored, and a rule reads it',
        remedy: 'Remove the rule, or this reason.',
      })),
  ];
}

function ruleRemarks(target: string, rule: SourceRule): Remark[] {
  const { on_empty: _, ...source } = rule;
  return [
    ...flowOf(source, [], { own: undefined, item: { schema: undefined } }).remarks,
    ...reachRemarks(source),
    ...sourcesWithin(rule).flatMap(({ at, source: { constant } }) =>
      constant === undefined || constant === null ? [] : constantRemarks(target, constant, [...at, 'constant']),
    ),
  ];
}

/** Whether the customer would take what the mapping writes itself. */
function constantRemarks(target: string, constant: unknown, at: Remark['at']): Remark[] {
  const customer: Record<string, unknown> = { id: 'example' };
  compileSetter(parsePath(target))(customer, constant);
  const { value, notes } = normaliseCustomer(customer, { strict: false });
  const unreadable = notes.filter(({ code }) => code === 'unreadable_value').map(({ message }) => message);
  const parsed = parseCustomer(value);
  const reasons = [...unreadable, ...(parsed.ok ? [] : parsed.problems.map(({ message }) => message))];
  return reasons.map((reason) => ({
    at,
    code: 'type_mismatch',
    message: `cannot be the ${target} of a customer: ${reason}`,
    remedy: `Write a value that ${target} can have.`,
  }));
}
