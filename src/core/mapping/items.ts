import type { Rule } from '../../../schemas/mapping.js';
import { isObject } from './path.js';

/**
 * A list as it is sent where the provider replaces lists whole: an item that is stored already gets the stored item's
 * own fields (its id), without which the provider would delete it and make another.
 */
export function encodeItems({ key, carry }: NonNullable<Rule['items']>, value: unknown, storedValue: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const storedItems = Array.isArray(storedValue) ? storedValue.filter(isObject) : [];
  // The first of those with the same key counts.
  const byKey = new Map(storedItems.toReversed().map((item) => [ownMember(item, key), item]));
  return value.map((item: unknown) => {
    const identity = ownMember(item, key);
    if (!isObject(item) || identity === undefined) return item;
    const stored = byKey.get(identity);
    if (stored === undefined) return item;
    const carried = Object.entries(carry).filter(([, from]) => Object.hasOwn(stored, from));
    return { ...Object.fromEntries(carried.map(([to, from]) => [to, stored[from]])), ...item };
  });
}

function ownMember(item: unknown, key: string): unknown {
  return isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
}
