import type { Rule } from '../../../schemas/mapping.js';
import { compileCondition } from './condition.js';
import { compileKeyed, type Keyed } from './keyed.js';
import { compileLimits, type Limited } from './limits.js';
import { compileGetter, compileSetter, type Getter, isInherited, isObject, parsePath } from './path.js';
import { addIssue, addWarning, type Evaluate, type MappingReport } from './report.js';
import { compileUndo, compileWaysBack, type WayBack } from './reverse.js';
import { compileAlternative, compileSource, firstWithValue, sourcePaths, Unconvertible } from './source.js';

export interface CompiledRule {
  /** The provider's field. */
  readonly target: string;
  /** The canonical field, or the target where there is none. */
  readonly field: string;
  readonly rule: Rule;
  readonly evaluate: Evaluate;
  /** The path that the value is read from, where the rule does nothing but copy it. */
  readonly copiedFrom: readonly string[] | undefined;
  readonly put: (payload: Record<string, unknown>, value: unknown) => void;
  /** The payload's own key that `put` sets, where the target is not nested. */
  readonly topLevelKey: string | undefined;
  /** The stored value in the provider's own form. Absent when the provider does not show it. */
  readonly read: Getter | undefined;
  /** The provider's form back to the canonical one; the value as it is where that cannot be done. */
  toCanonical(value: unknown): unknown;
  /** Where the stored value belongs in an observed customer; empty where that cannot be told. */
  readonly waysBack: readonly WayBack[];
  readonly keyed: Keyed | undefined;
}

export function compileRule(target: string, rule: Rule): CompiledRule {
  const field = canonicalField(target, rule);
  const targetPath = parsePath(target);
  const undo = compileUndo(rule);
  const keyed = rule.keyed === undefined ? undefined : compileKeyed(field, rule.keyed, rule.overflow);
  const evaluate = keyed === undefined ? compileEvaluate(field, rule) : keyed.evaluate(compileSource(rule));
  return {
    target,
    field,
    rule,
    evaluate: withCondition(rule, evaluate),
    copiedFrom: copiedPath(rule),
    put:
      keyed !== undefined && rule.keyed?.except !== undefined
        ? compilePutBeside(targetPath)
        : compileSetter(targetPath),
    topLevelKey: targetPath.length === 1 ? targetPath[0] : undefined,
    read: rule.read === false ? undefined : compileRead(rule.read ?? target, rule),
    toCanonical: (value) => (value === undefined || value === null ? value : (undo?.(value) ?? value)),
    waysBack: compileWaysBack(rule),
    keyed,
  };
}

/** Puts keys beside those that have rules of their own, which may have come first. */
function compilePutBeside(path: readonly string[]): CompiledRule['put'] {
  const [get, put] = [compileGetter(path), compileSetter(path)];
  return (payload, value) => {
    const there = get(payload);
    put(payload, isObject(there) && isObject(value) ? { ...there, ...value } : value);
  };
}

function copiedPath(rule: Rule): readonly string[] | undefined {
  const { from, each, transform, when, required, fallback, default: standIn, keyed } = rule;
  const { max_length, characters, one_of, max_items } = rule;
  const extras = [each, transform, when, required, fallback, standIn, keyed, max_length, characters, one_of, max_items];
  if (typeof from !== 'string' || extras.some((extra) => extra !== undefined)) return undefined;
  const path = parsePath(from);
  return path.some(isInherited) ? undefined : path;
}

function compileRead(path: string, rule: Rule): Getter {
  const get = compileGetter(parsePath(path));
  const readItem = compileReadItem(rule);
  if (readItem === undefined) return get;
  return (record) => {
    const list = get(record);
    return Array.isArray(list) ? list.map((item: unknown) => readItem(item)) : list;
  };
}

/** How one element of a stored list is read, where it does not look as it is sent. */
function compileReadItem({ read_item: path, items }: Rule): Getter | undefined {
  if (path !== undefined) return compileGetter(parsePath(path));
  const storedKey = items?.stored_key;
  if (items === undefined || storedKey === undefined) return undefined;
  return (item) => (isObject(item) ? { ...item, [items.key]: item[storedKey] } : item);
}

function withCondition({ when }: Rule, evaluate: Evaluate): Evaluate {
  if (when === undefined) return evaluate;
  const applies = compileCondition(when);
  return (customer, mode, report) => (applies(customer) ? evaluate(customer, mode, report) : undefined);
}

function compileEvaluate(field: string, rule: Rule): Evaluate {
  const get = compileSource(rule);
  const limit = compileLimit(field, rule);
  const standIn = compileStandIn(field, rule, limit);
  // Most rules are a bare path, and a large run spends most of its mapping time here.
  if (limit === undefined && standIn === undefined && typeof rule.from === 'string' && rule.each === undefined) {
    return (customer, mode) => (mode === 'create' ? (get(customer) ?? undefined) : get(customer));
  }
  return (customer, mode, report) => {
    const value = get(customer);
    if (value === undefined || value === null) return mode === 'update' ? value : standIn?.(customer, report);
    const limited = limit === undefined ? value : limit(value, report);
    // A value that was dropped is no value, and a create may need one.
    const needsStandIn = limited === undefined && rule.overflow === 'drop' && mode === 'create';
    return needsStandIn ? standIn?.(customer, report) : limited;
  };
}

type Limit = (value: unknown, report: MappingReport) => unknown;

function compileLimit(field: string, rule: Rule): Limit | undefined {
  const check = compileLimits(rule);
  const { overflow = 'error' } = rule;
  const mayFail = rule.transform !== undefined || rule.each !== undefined || typeof rule.from !== 'string';
  if (check === undefined && !mayFail) return undefined;
  return (value, report) => {
    const result: Limited | undefined =
      value instanceof Unconvertible
        ? { kind: 'over', message: `cannot be converted by "${value.transform}"` }
        : check?.(value);
    if (result === undefined || result.kind === 'ok') return value;
    // Where not even one character fits, nothing is left to send.
    if (overflow === 'truncate' && result.truncated !== undefined && result.truncated !== '') {
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
  const { default: constant } = rule;
  if (constant !== undefined) return () => constant;
  if (rule.fallback === undefined) {
    if (!rule.required) return undefined;
    return (_customer, report) => addIssue(report, field, 'is required by this provider and has no value');
  }
  const get = firstWithValue(rule.fallback.map(compileAlternative));
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
