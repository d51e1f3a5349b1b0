import { isObject } from './path.js';

export type Comparison = 'exact' | 'ignore_case' | 'ignore_order' | 'contains';

/** Providers show an unset field as absent, `null` or `""`, and we never store `""`; so the three are one. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Whether a stored value is the wanted one, as this provider understands the field. */
export function sameValue(wanted: unknown, stored: unknown, comparison: Comparison): boolean {
  if (isUnset(wanted) || isUnset(stored)) return isUnset(wanted) && isUnset(stored);
  switch (comparison) {
    case 'exact':
      return deepEqual(wanted, stored);
    case 'ignore_case':
      return deepEqual(lower(wanted), lower(stored));
    case 'ignore_order':
      return Array.isArray(wanted) && Array.isArray(stored) ? sameMembers(wanted, stored) : deepEqual(wanted, stored);
    case 'contains':
      return contains(wanted, stored);
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

function sameMembers(a: readonly unknown[], b: readonly unknown[]): boolean {
  const rest = [...b];
  return (
    a.length === b.length &&
    a.every((member) => {
      const index = rest.findIndex((candidate) => deepEqual(member, candidate));
      if (index >= 0) rest.splice(index, 1);
      return index >= 0;
    })
  );
}

/** Everything that `wanted` says, `stored` says too; `stored` may say more. Lists have the same length. */
function contains(wanted: unknown, stored: unknown): boolean {
  if (isUnset(wanted) && isUnset(stored)) return true;
  if (!isObject(wanted) || !isObject(stored)) return deepEqual(wanted, stored);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(stored) || stored.length !== wanted.length) return false;
    return wanted.every((item) => stored.some((candidate) => contains(item, candidate)));
  }
  return Object.keys(wanted).every((key) => contains(wanted[key], stored[key]));
}
