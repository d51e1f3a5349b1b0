import type { KeyedOptions, Rule } from '../../../schemas/mapping.js';
import { isUnset, sameValue } from './compare.js';
import { compileFlags, compileShapeOfKeys, type FlaggedKeys, flaggedKeys, type KeyShape } from './key-shape.js';
import { codePointLength, cut, isLonger } from './limits.js';
import { type Getter, isObject } from './path.js';
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

interface KeyRules {
  /** The canonical field, for messages. */
  readonly field: string;
  readonly options: KeyedOptions;
  /** What happens to a key or value over a limit; `drop` leaves the one key out. */
  readonly overflow: Overflow;
}

export function compileKeyed(field: string, options: KeyedOptions, overflow: Overflow = 'error'): Keyed {
  const rules: KeyRules = { field, options, overflow };
  const shape = compileShapeOfKeys(options);
  const flags = compileFlags(options);
  return {
    needsRecord: options.write === 'replace',
    stored: (value) => withoutKeys(shape.stored(value), options.except),
    evaluate: compilePatch(rules),
    changes(patch, storedValue, customer) {
      const current = shape.stored(storedValue);
      const flagged = flaggedKeys(flags, customer);
      const entries = flagged.length === 0 ? undefined : shape.entries(storedValue);
      return entriesOfPatch(patch).flatMap(([key, to]) => {
        const from = Object.hasOwn(current, key) ? current[key] : undefined;
        if (sameValue(to, from, 'exact')) return to === null ? [] : flagChanges(key, entries?.get(key), flagged);
        return [{ key, ...(!isUnset(from) && { from }), ...(to !== null && { to }) }];
      });
    },
    extras: (key, customer) =>
      Object.fromEntries(flaggedKeys(flags, customer).map(({ name, keys }) => [name, keys.has(key)])),
    encode(patch, storedValue, customer, report) {
      const { write, max_items: most } = options;
      // Only what is counted, or sent as a whole, has to be put together.
      const merged = write === 'replace' || most !== undefined ? mergedKeys(patch, storedValue, shape) : {};
      refuseTooMany(merged, rules, report);
      const keys = write === 'merge' ? patchOnWire(patch, options) : merged;
      return shape.encode(keys, patch, storedValue, flaggedKeys(flags, customer));
    },
  };
}

/** What is wanted of each key, in the provider's form and within its limits. */
function compilePatch(rules: KeyRules): Keyed['evaluate'] {
  const { field, options } = rules;
  const convert = options.transform === undefined ? undefined : compileTransforms(options.transform);
  return (get) => (customer, mode, report) => {
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
      if (options.except?.includes(key)) {
        const message = 'is kept by a rule of its own; left out';
        addWarning(report, { code: 'dropped', field: `${field}.${key}`, message });
        continue;
      }
      const checked =
        wanted === null ? null : checkEntry(key, convert === undefined ? wanted : convert(wanted), rules, report);
      if (checked === undefined) continue;
      patch[key] = checked;
      size += 1;
    }
    return size === 0 ? undefined : patch;
  };
}

/** The value to send, or `undefined` to leave the key out. */
function checkEntry(key: string, value: unknown, rules: KeyRules, report: MappingReport): unknown {
  const { field, options, overflow } = rules;
  const name = `${field}.${key}`;
  if (value === undefined) return undefined;
  if (value instanceof Unconvertible) {
    return leaveOut(name, `cannot be converted by "${value.transform}"`, overflow, report);
  }
  const { max_key_length: maxKey, max_value_length: maxValue } = options;
  if (maxKey !== undefined && isLonger(key, maxKey)) {
    return leaveOut(name, `has a key of ${codePointLength(key)} characters, ${maxKey} are allowed`, overflow, report);
  }
  if (maxValue === undefined || typeof value !== 'string' || !isLonger(value, maxValue)) return value;
  const message = `has ${codePointLength(value)} characters, ${maxValue} are allowed`;
  if (overflow !== 'truncate') return leaveOut(name, message, overflow, report);
  addWarning(report, { code: 'truncated', field: name, message: `${message}; the rest was cut off` });
  return cut(value, maxValue, codePointLength);
}

function leaveOut(name: string, message: string, overflow: Overflow, report: MappingReport): undefined {
  if (overflow === 'error') addIssue(report, name, message);
  else addWarning(report, { code: 'dropped', field: name, message: `${message}; left out` });
}

function patchOnWire(patch: unknown, options: KeyedOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entriesOfPatch(patch).map(([key, value]) => [key, value ?? options.delete ?? null]));
}

function withoutKeys(keys: Readonly<Record<string, unknown>>, except: readonly string[] | undefined) {
  if (except === undefined) return keys;
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !except.includes(key)));
}

function refuseTooMany(
  merged: Readonly<Record<string, unknown>>,
  { field, options: { max_items: most, except = [] } }: KeyRules,
  report: MappingReport,
): void {
  if (most === undefined) return;
  const count = new Set([...Object.keys(merged), ...except]).size;
  if (count > most) {
    addIssue(report, field, `would hold ${count} keys with those already at the provider, ${most} are allowed`);
  }
}

/** The keys that are to be there afterwards, as far as those at the provider are known. */
function mergedKeys(patch: unknown, storedValue: unknown, shape: KeyShape): Readonly<Record<string, unknown>> {
  // Most often this is a create, which has nothing to merge with.
  if (storedValue === undefined && isObject(patch) && !Object.values(patch).includes(null)) return patch;
  const merged: Record<string, unknown> = { ...shape.stored(storedValue) };
  for (const [key, value] of entriesOfPatch(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

function flagChanges(
  key: string,
  entry: Readonly<Record<string, unknown>> | undefined,
  flagged: readonly FlaggedKeys[],
): KeyChange[] {
  if (entry === undefined) return [];
  return flagged
    .filter(({ name, keys }) => entry[name] !== keys.has(key))
    .map(({ name, keys }) => ({ key: `${key}.${name}`, from: entry[name], to: keys.has(key) }));
}

function entriesOfPatch(patch: unknown): [string, unknown][] {
  return isObject(patch) ? Object.entries(patch) : [];
}
