import type { Condition } from '../../../schemas/mapping.js';
import { compileGetter, parsePath } from './path.js';

export type Predicate = (customer: unknown) => boolean;

export function compileCondition(condition: Condition): Predicate {
  if ('present' in condition) {
    const get = compileGetter(parsePath(condition.present));
    return (customer) => {
      const value = get(customer);
      return value !== undefined && value !== null;
    };
  }
  if ('equals' in condition) {
    const [path, expected] = condition.equals;
    const get = compileGetter(parsePath(path));
    return (customer) => get(customer) === expected;
  }
  if ('in' in condition) {
    const [path, members] = condition.in;
    const get = compileGetter(parsePath(path));
    const set = new Set<unknown>(members);
    return (customer) => set.has(get(customer));
  }
  if ('not' in condition) {
    const inner = compileCondition(condition.not);
    return (customer) => !inner(customer);
  }
  if ('all' in condition) {
    const parts = condition.all.map(compileCondition);
    return (customer) => parts.every((part) => part(customer));
  }
  const parts = condition.any.map(compileCondition);
  return (customer) => parts.some((part) => part(customer));
}

/** Every place that a condition asks. */
export function conditionPaths(condition: Condition): readonly string[] {
  if ('present' in condition) return [condition.present];
  if ('equals' in condition) return [condition.equals[0]];
  if ('in' in condition) return [condition.in[0]];
  if ('not' in condition) return conditionPaths(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(conditionPaths);
}
