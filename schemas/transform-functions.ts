export function undoLookup(value: unknown, { table }: { readonly table: Readonly<Record<string, unknown>> }): unknown {
  const key = Object.entries(table).find(([, result]) => result === value)?.[0];
  // A table of only these two was made for a boolean.
  const isBoolean = Object.keys(table).every((candidate) => candidate === 'true' || candidate === 'false');
  return isBoolean && key !== undefined ? key === 'true' : key;
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  // An id of twenty digits would come out as another one.
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : undefined;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  '1': true,
  on: true,
  false: false,
  no: false,
  n: false,
  '0': false,
  off: false,
};

export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const key = asText(value)?.trim().toLowerCase();
  return key !== undefined && Object.hasOwn(truths, key) ? truths[key] : undefined;
}

/** A list of objects would come out as "[object Object]". */
export function joinList(value: unknown, text: string): string | undefined {
  const isPlain = Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
  return isPlain ? value.join(text) : undefined;
}

/** What the two members of an entry are called. */
interface EntryFields {
  readonly key: string;
  readonly value: string;
}

export function toEntries(value: unknown, fields: EntryFields): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([key, member]) => ({ [fields.key]: key, [fields.value]: member }));
}

export function fromEntries(value: unknown, fields: EntryFields): unknown {
  if (!Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>();
  for (const entry of value) {
    const key: unknown = ownMember(entry, fields.key);
    if (typeof key !== 'string' || key === '__proto__' || members.has(key)) return undefined;
    members.set(key, ownMember(entry, fields.value));
  }
  return Object.fromEntries(members);
}

function ownMember(entry: unknown, key: string): unknown {
  return typeof entry === 'object' && entry !== null && Object.hasOwn(entry, key) ? Reflect.get(entry, key) : undefined;
}

export function matchLocale(value: string, supported: readonly string[]): string | undefined {
  const wanted = value.toLowerCase();
  const language = wanted.split('-')[0];
  return (
    supported.find((tag) => tag.toLowerCase() === wanted) ?? supported.find((tag) => tag.toLowerCase() === language)
  );
}

export function escapeId(value: string): string | undefined {
  // Half a surrogate pair has no UTF-8 bytes.
  if (!value.isWellFormed()) return undefined;
  return encodeURIComponent(value)
    .replace(/[.!~*'()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => `:${hex.toLowerCase()}`);
}

export function unescapeId(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replace(/:([0-9a-f]{2})/g, '%$1'));
  } catch {
    return undefined;
  }
}
