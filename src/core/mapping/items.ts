import type { Rule } from '../../../schemas/mapping.js';
import { isObject } from './path.js';

/**
 * A list as it is sent where the provider replaces lists whole: an item that is stored already gets the stored item's
 * own fields (its id), without which the provider would delete it and make another.
 */
export function encodeItems({ key, carry }: NonNullable<Rule['items']>, value: unknown, storedValue: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const storedItems = Array.isArray(storedValue) ? storedValue.filter(isObject) : [];
  return value.map((item: unknown) => {
    if (!isObject(item) || item[key] === undefined) return item;
    const stored = storedItems.find((candidate) => candidate[key] === item[key]);
    if (stored === undefined) return item;
    const carried = Object.entries(carry).filter(([, from]) => Object.hasOwn(stored, from));
    return { ...Object.fromEntries(carried.map(([to, from]) => [to, stored[from]])), ...item };
  });
}
