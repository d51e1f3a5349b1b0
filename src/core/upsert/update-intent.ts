import type { Customer } from '../../../schemas/customer.js';
import type { CompiledMapping } from '../mapping/compile-mapping.js';
import { isObject } from '../mapping/path.js';
import type { FieldIssue, MappingReport } from '../mapping/report.js';
import type { CompiledRule } from '../mapping/rule.js';
import type { Scope } from './plan-upsert.js';

/** One thing that an update of a customer wants, whatever the provider holds. */
export interface IntendedField {
  readonly target: string;
  /** For a target with keys. */
  readonly key?: string;
  /** Our name for it. */
  readonly field: string;
  /** How the value acts on the stored one, and the value in the provider's form. Equal intents are equal here. */
  readonly wanted: readonly unknown[];
}

export type UpdateIntent =
  | { readonly kind: 'fields'; readonly fields: readonly IntendedField[] }
  /** The customer breaks a limit of the mapping. */
  | { readonly kind: 'invalid'; readonly issues: readonly FieldIssue[] };

/**
 * All that updates of this customer would send if nothing were known of the provider; what only a create sends is left
 * out. Two rows with equal intents need no request between them.
 * @param ownedKeys metadata keys that we wrote before: what a whole `null` deletes.
 */
export function updateIntent(
  mapping: CompiledMapping,
  customer: Customer,
  ownedKeys: readonly string[] = [],
): UpdateIntent {
  const report: MappingReport = {};
  const fields: IntendedField[] = [];
  for (const rule of mapping.rules) {
    if (rule.rule.on === 'create') continue;
    const value = rule.evaluate(customer, 'update', report);
    if (value === undefined) continue;
    const { target, field } = rule;
    if (rule.keyed !== undefined) fields.push(...keyIntents(rule, value, customer, ownedKeys));
    else fields.push({ target, field, wanted: value === null ? ['clear'] : ['set', value] });
  }
  return report.issues === undefined ? { kind: 'fields', fields } : { kind: 'invalid', issues: report.issues };
}

function keyIntents(
  { target, field, keyed, rule }: CompiledRule,
  value: unknown,
  customer: Customer,
  ownedKeys: readonly string[],
): IntendedField[] {
  const patch = isObject(value) ? Object.entries(value) : ownedKeys.map((key): [string, unknown] => [key, null]);
  return patch.map(([key, wanted]) => ({
    target,
    key,
    field: `${field}.${key}`,
    wanted:
      wanted === null ? ['clear'] : [rule.keyed?.write ?? 'merge', wanted, ...extrasOf(keyed?.extras(key, customer))],
  }));
}

function extrasOf(extras: Readonly<Record<string, unknown>> | undefined): readonly unknown[] {
  return extras === undefined || Object.keys(extras).length === 0 ? [] : [extras];
}

/** These fields and no others. */
export function scopeOf(fields: readonly IntendedField[]): Scope {
  const scope = new Map<string, Set<string> | undefined>();
  for (const { target, key } of fields) {
    if (key === undefined) scope.set(target, undefined);
    else scope.set(target, new Set([...(scope.get(target) ?? []), key]));
  }
  return scope;
}
