import type { Rule } from '../../../schemas/mapping.js';
import { compileCondition } from './condition.js';
import { compileKeyed, type Keyed } from './keyed.js';
import { compileLimits } from './limits.js';
import { compileGetter, compileSetter, type Getter, parsePath } from './path.js';
import { addIssue, addWarning, type Evaluate, type MappingReport } from './report.js';
import { compileInverse, compileSource, firstWithValue, sourcePaths, Unconvertible } from './source.js';

export interface CompiledRule {
  /** The provider's field. */
  readonly target: string;
  /** The canonical field, or the target where there is none. */
  readonly field: string;
  readonly rule: Rule;
  readonly evaluate: Evaluate;
  put(payload: Record<string, unknown>, value: unknown): void;
  /** The stored value in the provider's own form. Absent when the provider does not show it. */
  readonly read: Getter | undefined;
  /** The provider's form back to the canonical one; the value as it is where that cannot be done. */
  toCanonical(value: unknown): unknown;
  /** Where `toCanonical` belongs in an observed customer. */
  readonly reverse: readonly string[] | undefined;
  readonly keyed: Keyed | undefined;
}

export function compileRule(target: string, rule: Rule): CompiledRule {
  const field = canonicalField(target, rule);
  const inverse = compileInverse(rule.transform ?? []);
  const reverse = rule.reverse === false ? undefined : (rule.reverse ?? reversiblePath(rule));
  const read = rule.read === false ? undefined : compileRead(rule.read ?? target, rule.read_item);
  const keyed = rule.keyed === undefined ? undefined : compileKeyed(field, rule.keyed, rule.overflow);
  return {
    target,
    field,
    rule,
    evaluate: keyed === undefined ? compileEvaluate(field, rule) : keyed.evaluate(compileSource(rule)),
    put: compileSetter(parsePath(target)),
    read,
    toCanonical: (value) => (value === undefined || value === null ? value : (inverse?.(value) ?? value)),
    reverse: reverse === undefined ? undefined : parsePath(reverse),
    keyed,
  };
}

function compileRead(path: string, item: string | undefined): Getter {
  const get = compileGetter(parsePath(path));
  if (item === undefined) return get;
  const getItem = compileGetter(parsePath(item));
  return (record) => {
    const list = get(record);
    return Array.isArray(list) ? list.map(getItem) : list;
  };
}

function compileEvaluate(field: string, rule: Rule): Evaluate {
  const get = compileSource(rule);
  const applies = rule.when === undefined ? undefined : compileCondition(rule.when);
  const limit = compileLimit(field, rule);
  const standIn = compileStandIn(field, rule, limit);
  // Most rules are a bare path, and a large run spends most of its mapping time here.
  if (applies === undefined && limit === undefined && standIn === undefined && typeof rule.from === 'string') {
    return (customer, mode) => (mode === 'create' ? (get(customer) ?? undefined) : get(customer));
  }
  return (customer, mode, report) => {
    if (applies !== undefined && !applies(customer)) return undefined;
    const value = get(customer);
    if (value !== undefined && value !== null) return limit === undefined ? value : limit(value, report);
    if (mode === 'update') return value;
    return standIn?.(customer, report);
  };
}

type Limit = (value: unknown, report: MappingReport) => unknown;

function compileLimit(field: string, rule: Rule): Limit | undefined {
  const check = compileLimits(rule);
  const { overflow = 'error' } = rule;
  const mayFail = rule.transform !== undefined || typeof rule.from !== 'string';
  if (check === undefined && !mayFail) return undefined;
  return (value, report) => {
    if (value instanceof Unconvertible) {
      addIssue(report, field, `cannot be converted by "${value.transform}"`);
      return undefined;
    }
    const result = check?.(value);
    if (result === undefined || result.kind === 'ok') return value;
    if (overflow === 'truncate' && result.truncated !== undefined) {
      addWarning(report, { code: 'truncated', field, message: `${result.message}; the rest was cut off` });
      return result.truncated;
    }
    if (overflow === 'drop') {
      addWarning(report, { code: 'dropped', field, message: `${result.message}; left out` });
      return undefined;
    }
    addIssue(report, field, rule.hint === undefined ? result.message : `${result.message}; ${rule.hint}`);
    return undefined;
  };
}

/** What a create sends where the customer says nothing. */
function compileStandIn(field: string, rule: Rule, limit: Limit | undefined): Limit | undefined {
  if (rule.fallback === undefined) {
    if (!rule.required) return undefined;
    return (_customer, report) => addIssue(report, field, 'is required by this provider and has no value');
  }
  const get = firstWithValue(rule.fallback.map((source) => compileSource({ from: [source] })));
  return (customer, report) => {
    const value = get(customer);
    if (value === undefined || value === null || value instanceof Unconvertible) {
      if (rule.required) addIssue(report, field, 'is required by this provider and has no value, nor has any stand-in');
      return undefined;
    }
    addWarning(report, {
      code: 'fallback',
      field,
      message: 'has no value; a stand-in was sent because the provider requires one',
    });
    return limit === undefined ? value : limit(value, report);
  };
}

function canonicalField(target: string, rule: Rule): string {
  if (typeof rule.reverse === 'string') return rule.reverse;
  return sourcePaths(rule)[0] ?? target;
}

/** A value goes back to where it came from when it came from one plain path, or was not changed on the way. */
function reversiblePath({ from, transform }: Rule): string | undefined {
  const first = Array.isArray(from) ? from[0] : from;
  if (typeof first !== 'string') return undefined;
  return compileInverse(transform ?? []) === undefined ? undefined : first;
}
