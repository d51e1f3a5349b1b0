import type { KeyedOptions, Rule } from '../../../schemas/mapping.js';
import { isUnset, sameValue } from './compare.js';
import { codePointLength, cut, isLonger } from './limits.js';
import { compileGetter, type Getter, isObject, parsePath } from './path.js';
import { addIssue, addWarning, type Evaluate, type MappingReport } from './report.js';
import { compileTransforms, Unconvertible } from './source.js';

export interface KeyChange {
  readonly key: string;
  /** Absent when the key is new. */
  readonly from?: unknown;
  /** Absent when the key is deleted. */
  readonly to?: unknown;
}

/** A field whose keys are merged one by one, such as metadata. */
export interface Keyed {
  /** Whether the stored keys must be known before any can be written. */
  readonly needsRecord: boolean;
  evaluate(get: Getter): Evaluate;
  /** The stored keys in the shape of a patch. */
  stored(value: unknown): Readonly<Record<string, unknown>>;
  /** @param patch key -> wanted value in the provider's form, or `null` to delete the key; from `evaluate`. */
  changes(patch: unknown, storedValue: unknown, customer: unknown): readonly KeyChange[];
  /** What else is wanted of a key beside its value; empty where that is left alone. */
  extras(key: string, customer: unknown): Readonly<Record<string, unknown>>;
  /** What is sent: only the patch where the provider merges, else everything that is to be there afterwards. */
  encode(patch: unknown, storedValue: unknown, customer: unknown, report: MappingReport): unknown;
}

type Overflow = NonNullable<Rule['overflow']>;

/** @param overflow what happens to a key or value over a limit; `drop` leaves the one key out. */
export function compileKeyed(field: string, options: KeyedOptions, overflow: Overflow = 'error'): Keyed {
  const convert = options.transform === undefined ? undefined : compileTransforms(options.transform);
  const flags = Object.entries(options.flag ?? {}).map(
    ([name, path]) => [name, compileGetter(parsePath(path))] as const,
  );
  const carry = Object.entries(options.carry ?? {});
  const keyName = options.key ?? 'key';
  const valueName = options.value ?? 'value';

  function stored(value: unknown): Readonly<Record<string, unknown>> {
    if (options.shape === 'map') return isObject(value) ? value : {};
    return Object.fromEntries(entriesOf(value).map((entry) => [String(entry[keyName]), entry[valueName]]));
  }

  /** The stored entries by key; of entries with the same key the last counts, as in `stored`. */
  function storedByKey(storedValue: unknown): ReadonlyMap<string, Record<string, unknown>> {
    return new Map(entriesOf(storedValue).map((entry) => [String(entry[keyName]), entry]));
  }

  /** Which keys each flag is set for. A flag that the customer says nothing about stays as it is. */
  function flaggedKeys(customer: unknown): { readonly name: string; readonly keys: ReadonlySet<unknown> }[] {
    return flags.flatMap(([name, get]) => {
      const list = get(customer);
      return Array.isArray(list) ? [{ name, keys: new Set<unknown>(list) }] : [];
    });
  }

  /** @param ours the keys that the flags are about; an entry of somebody else keeps what it has. */
  function encodeEntries(
    keys: Readonly<Record<string, unknown>>,
    ours: unknown,
    storedValue: unknown,
    customer: unknown,
  ): unknown[] {
    // Most often this is a create, which has nothing stored.
    const storedEntries = storedValue === undefined ? undefined : storedByKey(storedValue);
    const flagged = flaggedKeys(customer);
    const isOurs = (key: string) => isObject(ours) && Object.hasOwn(ours, key);
    return Object.keys(keys).map((key) => {
      const entry: Record<string, unknown> = {};
      const storedEntry = storedEntries?.get(key);
      if (storedEntry !== undefined) carryOver(storedEntry, entry);
      entry[keyName] = key;
      entry[valueName] = keys[key];
      for (const { name, keys: marked } of flagged) if (isOurs(key)) entry[name] = marked.has(key);
      return entry;
    });
  }

  function carryOver(storedEntry: Readonly<Record<string, unknown>>, entry: Record<string, unknown>) {
    for (const [to, from] of carry) if (Object.hasOwn(storedEntry, from)) entry[to] = storedEntry[from];
  }

  /** The keys that are to be there afterwards. */
  function merge(patch: unknown, storedValue: unknown): Readonly<Record<string, unknown>> {
    // Most often this is a create, which has nothing to merge with.
    if (storedValue === undefined && isObject(patch) && !Object.values(patch).includes(null)) return patch;
    const merged: Record<string, unknown> = { ...stored(storedValue) };
    for (const [key, value] of entriesOfPatch(patch)) {
      if (value === null) delete merged[key];
      else merged[key] = value;
    }
    return merged;
  }

  return {
    needsRecord: options.write === 'replace',
    stored,
    evaluate: (get) => (customer, mode, report) => {
      const value = get(customer);
      if (value === undefined || value === null) return mode === 'create' ? undefined : value;
      if (!isObject(value) || Array.isArray(value) || value instanceof Unconvertible) {
        return addIssue(report, field, 'must be an object of keys');
      }
      const patch: Record<string, unknown> = {};
      let size = 0;
      for (const key of Object.keys(value)) {
        const wanted = value[key];
        if (wanted === undefined || (wanted === null && mode === 'create')) continue;
        const checked =
          wanted === null ? null : checkEntry(key, convert === undefined ? wanted : convert(wanted), report);
        if (checked === undefined) continue;
        patch[key] = checked;
        size += 1;
      }
      return size === 0 ? undefined : patch;
    },
    changes(patch, storedValue, customer) {
      const current = stored(storedValue);
      const flagged = flaggedKeys(customer);
      const entries = flagged.length === 0 ? undefined : storedByKey(storedValue);
      return entriesOfPatch(patch).flatMap(([key, to]) => {
        const from = Object.hasOwn(current, key) ? current[key] : undefined;
        if (sameValue(to, from, 'exact')) return to === null ? [] : flagChanges(key, entries?.get(key), flagged);
        return [{ key, ...(!isUnset(from) && { from }), ...(to !== null && { to }) }];
      });
    },
    extras(key, customer) {
      const wanted = flags.map(([name, get]) => [name, get(customer)] as const);
      return Object.fromEntries(
        wanted.flatMap(([name, list]) => (Array.isArray(list) ? [[name, list.includes(key)]] : [])),
      );
    },
    encode(patch, storedValue, customer, report) {
      if (options.write === 'merge') {
        const wire = Object.fromEntries(
          entriesOfPatch(patch).map(([key, value]) => [key, value ?? options.delete ?? null]),
        );
        return options.shape === 'map' ? wire : encodeEntries(wire, patch, storedValue, customer);
      }
      const merged = merge(patch, storedValue);
      const count = Object.keys(merged).length;
      if (options.max_items !== undefined && count > options.max_items) {
        addIssue(
          report,
          field,
          `would hold ${count} keys with those already at the provider, ${options.max_items} are allowed`,
        );
      }
      return options.shape === 'map' ? merged : encodeEntries(merged, patch, storedValue, customer);
    },
  };

  /** The value to send, or `undefined` to leave the key out. */
  function checkEntry(key: string, value: unknown, report: MappingReport): unknown {
    const name = `${field}.${key}`;
    if (value === undefined) return undefined;
    if (value instanceof Unconvertible) return over(name, `cannot be converted by "${value.transform}"`, report);
    const { max_key_length: maxKey, max_value_length: maxValue } = options;
    if (maxKey !== undefined && isLonger(key, maxKey)) {
      return over(name, `has a key of ${codePointLength(key)} characters, ${maxKey} are allowed`, report);
    }
    if (maxValue === undefined || typeof value !== 'string' || !isLonger(value, maxValue)) return value;
    const message = `has ${codePointLength(value)} characters, ${maxValue} are allowed`;
    if (overflow !== 'truncate') return over(name, message, report);
    addWarning(report, { code: 'truncated', field: name, message: `${message}; the rest was cut off` });
    return cut(value, maxValue, codePointLength);
  }

  function over(name: string, message: string, report: MappingReport): undefined {
    if (overflow === 'error') addIssue(report, name, message);
    else addWarning(report, { code: 'dropped', field: name, message: `${message}; left out` });
  }
}

function flagChanges(
  key: string,
  entry: Readonly<Record<string, unknown>> | undefined,
  flagged: readonly { readonly name: string; readonly keys: ReadonlySet<unknown> }[],
): KeyChange[] {
  if (entry === undefined) return [];
  return flagged
    .filter(({ name, keys }) => entry[name] !== keys.has(key))
    .map(({ name, keys }) => ({ key: `${key}.${name}`, from: entry[name], to: keys.has(key) }));
}

function entriesOfPatch(patch: unknown): [string, unknown][] {
  return isObject(patch) ? Object.entries(patch) : [];
}

function entriesOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
