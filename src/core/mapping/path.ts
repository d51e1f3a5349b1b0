import { CustomerSyncError } from '../errors.js';

/** Keys that reach an object's prototype instead of its data. */
export const refusedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Splits `address.city` or `metadata['crm.id']` into its keys. A quote within quotes is doubled. */
export function parsePath(path: string): readonly string[] {
  const keys: string[] = [];
  const pattern = /(?:^|(?!^)\.)([^.[\]]+)|\['((?:[^']|'')*)'\]/y;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) {
      throw new CustomerSyncError('mapping', {
        message: `path "${path}" cannot be read`,
        remedy: `Write keys joined by dots, and quote a key that holds a dot or a bracket: metadata['crm.id'].`,
      });
    }
    keys.push(match[1] ?? match[2]?.replaceAll("''", "'") ?? '');
  }
  if (keys.length === 0 || keys.some((key) => refusedKeys.has(key))) {
    throw new CustomerSyncError('mapping', {
      message: `path "${path}" is not allowed`,
      remedy: 'Name at least one key, and none of: __proto__, constructor, prototype.',
    });
  }
  return keys;
}

/** The keys of a text that may be no path at all. */
export function tryParsePath(path: string): readonly string[] | undefined {
  try {
    return parsePath(path);
  } catch {
    return undefined;
  }
}

/** Whether a place is the same as another one, or lies inside it. */
export function isWithin(keys: readonly string[], outer: readonly string[]): boolean {
  return outer.every((key, index) => keys[index] === key);
}

/** Writes keys as `parsePath` reads them. */
export function formatPath(keys: readonly string[]): string {
  return keys
    .map((key, index) => {
      if (key === '' || /[.[\]]/.test(key)) return `['${key.replaceAll("'", "''")}']`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

export type Getter = (root: unknown) => unknown;

/**
 * A function that reads one path. Reads own properties only. On the way down `null` is `null` (a cleared object clears
 * its fields), and anything that is not an object is absent.
 */
export function compileGetter(keys: readonly string[]): Getter {
  const [first, second] = keys;
  if (first === undefined) return (root) => root;
  if (keys.some(isInherited)) return (root) => keys.reduce<unknown>(readOwn, root);
  if (second === undefined) return (root) => (isObject(root) ? root[first] : root === null ? null : undefined);
  if (keys.length === 2) {
    return (root) => {
      const parent = isObject(root) ? root[first] : root;
      return isObject(parent) ? parent[second] : parent === null ? null : undefined;
    };
  }
  return (root) => {
    let value = root;
    for (const key of keys) {
      if (!isObject(value)) return value === null ? null : undefined;
      value = value[key];
    }
    return value;
  };
}

/** Names that every object has without owning them, such as `constructor`. */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}

function readOwn(value: unknown, key: string): unknown {
  if (!isObject(value)) return value === null ? null : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}

/** Puts `value` at a path of a payload under construction, making the objects on the way. */
export function compileSetter(keys: readonly string[]): (payload: Record<string, unknown>, value: unknown) => void {
  const parents = keys.slice(0, -1);
  const last = keys.at(-1) ?? '';
  if (parents.length === 0) {
    return (payload, value) => {
      payload[last] = value;
    };
  }
  return (payload, value) => {
    let target = payload;
    for (const key of parents) {
      const child = target[key];
      const parent = isObject(child) ? child : {};
      target[key] = parent;
      target = parent;
    }
    target[last] = value;
  };
}
