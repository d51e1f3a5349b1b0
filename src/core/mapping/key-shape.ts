import type { KeyedOptions } from '../../../schemas/mapping.js';
import { compileGetter, type Getter, isObject, parsePath } from './path.js';

type Keys = Readonly<Record<string, unknown>>;
type Entry = Readonly<Record<string, unknown>>;

/** How the keys of a field stand in a payload and in a record. */
export interface KeyShape {
  /** The stored keys and their values. */
  stored(value: unknown): Keys;
  /** The stored entries by key; of entries with the same key the last counts, as in `stored`. None where keys are bare. */
  entries(storedValue: unknown): ReadonlyMap<string, Entry>;
  /** @param ours the keys that the flags are about; an entry of somebody else keeps what it has. */
  encode(keys: Keys, ours: unknown, storedValue: unknown, flagged: readonly FlaggedKeys[]): unknown;
}

export function compileShapeOfKeys({ shape, carry = {}, key = 'key', value = 'value' }: KeyedOptions): KeyShape {
  return shape === 'map' ? bareKeys : entryList({ carry: Object.entries(carry), keyName: key, valueName: value });
}

const bareKeys: KeyShape = {
  stored: (value) => (isObject(value) ? value : {}),
  entries: () => new Map(),
  encode: (keys) => keys,
};

interface EntryNames {
  readonly keyName: string;
  readonly valueName: string;
  /** Fields of the entry that is sent, and of the stored one that they are copied from. */
  readonly carry: readonly (readonly [to: string, from: string])[];
}

function entryList({ keyName, valueName, carry }: EntryNames): KeyShape {
  const entries = (storedValue: unknown) =>
    new Map(entriesOf(storedValue).map((entry) => [String(entry[keyName]), entry]));
  return {
    stored: (value) => Object.fromEntries(entriesOf(value).map((entry) => [String(entry[keyName]), entry[valueName]])),
    entries,
    encode(keys, ours, storedValue, flagged) {
      // Most often this is a create, which has nothing stored.
      const storedEntries = storedValue === undefined ? undefined : entries(storedValue);
      const isOurs = (key: string) => isObject(ours) && Object.hasOwn(ours, key);
      return Object.keys(keys).map((key) => {
        const entry: Record<string, unknown> = {};
        const stored = storedEntries?.get(key);
        if (stored !== undefined) {
          for (const [to, from] of carry) if (Object.hasOwn(stored, from)) entry[to] = stored[from];
        }
        entry[keyName] = key;
        entry[valueName] = keys[key];
        for (const { name, keys: marked } of flagged) if (isOurs(key)) entry[name] = marked.has(key);
        return entry;
      });
    },
  };
}

function entriesOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A field of an entry that is set for the keys that a list in the customer names. */
export interface Flag {
  readonly name: string;
  readonly get: Getter;
}

/** The keys that a flag is set for. */
export interface FlaggedKeys {
  readonly name: string;
  readonly keys: ReadonlySet<unknown>;
}

export function compileFlags({ flag = {} }: KeyedOptions): readonly Flag[] {
  return Object.entries(flag).map(([name, path]) => ({ name, get: compileGetter(parsePath(path)) }));
}

/** Which keys each flag is set for. A flag that the customer says nothing about stays as it is, and is not among them. */
export function flaggedKeys(flags: readonly Flag[], customer: unknown): readonly FlaggedKeys[] {
  return flags.flatMap(({ name, get }) => {
    const list = get(customer);
    return Array.isArray(list) ? [{ name, keys: new Set<unknown>(list) }] : [];
  });
}
