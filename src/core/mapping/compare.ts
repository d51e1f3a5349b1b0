import { isObject } from './path.js';

export type Comparison = 'exact' | 'ignore_case' | 'ignore_order' | 'contains';

/** Providers show an unset field as absent, `null` or `""`, and we never store `""`; so the three are one. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * Whether a stored value is the wanted one, as this provider understands the field.
 * @param hidden with `contains`: keys that the provider takes but never shows.
 */
export function sameValue(
  wanted: unknown,
  stored: unknown,
  comparison: Comparison,
  hidden: readonly string[] = [],
): boolean {
  if (isUnset(wanted) || isUnset(stored)) return isUnset(wanted) && isUnset(stored);
  switch (comparison) {
    case 'exact':
      return deepEqual(wanted, stored);
    case 'ignore_case':
      return deepEqual(lower(wanted), lower(stored));
    case 'ignore_order':
      return Array.isArray(wanted) && Array.isArray(stored)
        ? pairUp(wanted, stored, deepEqual)
        : deepEqual(wanted, stored);
    case 'contains':
      return contains(wanted, stored, hidden);
  }
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]))
  );
}

/** Everything that `wanted` says, `stored` says too; `stored` may say more. Lists have the same length. */
function contains(wanted: unknown, stored: unknown, hidden: readonly string[]): boolean {
  if (isUnset(wanted) && isUnset(stored)) return true;
  if (!isObject(wanted) || !isObject(stored)) return deepEqual(wanted, stored);
  if (Array.isArray(wanted)) {
    return Array.isArray(stored) && pairUp(wanted, stored, (item, candidate) => contains(item, candidate, hidden));
  }
  return Object.keys(wanted).every(
    (key) =>
      hidden.includes(key) || contains(wanted[key], Object.hasOwn(stored, key) ? stored[key] : undefined, hidden),
  );
}

/** Whether every member of one list has a partner of its own in the other. */
function pairUp(
  wanted: readonly unknown[],
  stored: readonly unknown[],
  fits: (member: unknown, candidate: unknown) => boolean,
): boolean {
  if (wanted.length !== stored.length) return false;
  // Most lists come back in the order they were sent in; only what stands elsewhere is looked for.
  const moved = wanted.flatMap((member, index) => (fits(member, stored[index]) ? [] : [index]));
  const rest = moved.map((index) => stored[index]);
  return moved.every((index) => {
    const partner = rest.findIndex((candidate) => fits(wanted[index], candidate));
    if (partner >= 0) rest.splice(partner, 1);
    return partner >= 0;
  });
}
