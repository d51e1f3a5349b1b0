import { constants, deflateRawSync } from 'node:zlib';
import { databaseError } from './errors.js';

const INDEX_ROW_BYTES = 2704;

interface StoredFields {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly fingerprint?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Refuses what PostgreSQL refuses, for good: the same request fails the same way each time. */
export function assertStorable({ id, name, email, fingerprint, metadata }: StoredFields): void {
  for (const text of [name, email, fingerprint]) if (text) assertNoNul(text);
  if (id && id.length > INDEX_ROW_BYTES - 100) assertIndexable(id);
  if (metadata !== undefined) assertJsonb(metadata);
}

export function assertNoNul(text: string): void {
  if (text.includes('\0')) throw databaseError('invalid byte sequence for encoding "UTF8": 0x00');
}

/** A lone surrogate does not survive the way to UTF-8. Inferred: only metadata was recorded, where it is an error. */
export function storedText(text: string): string {
  return text.toWellFormed();
}

/**
 * The value as jsonb gives it back: keys in order of length, then of bytes; a number that overflowed as null; and,
 * because the server copies its answers key by key, without `__proto__`.
 */
function storedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storedJson);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (!isRecord(value)) return value;
  return storedRecord(value);
}

export function storedRecord(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = Object.keys(value).filter((key) => key !== '__proto__');
  return Object.fromEntries(keys.sort(byJsonbOrder).map((key) => [key, storedJson(value[key])]));
}

/** A long id fails in the index unless it compresses: 3,000 times one letter is stored, 3,000 random ones are not. */
function assertIndexable(id: string): void {
  // Inferred: PostgreSQL compresses by repetition only, as deflate does with its fixed code.
  const bytes = deflateRawSync(id, { strategy: constants.Z_FIXED }).byteLength;
  if (bytes <= INDEX_ROW_BYTES) return;
  throw databaseError(
    `index row size ${bytes} exceeds btree version 4 maximum ${INDEX_ROW_BYTES} for index "cus_id_constraint"`,
  );
}

function assertJsonb(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw databaseError('unsupported Unicode escape sequence');
    if (!value.isWellFormed()) throw databaseError('invalid input syntax for type json');
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      assertJsonb(key);
      assertJsonb(item);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function byJsonbOrder(left: string, right: string): number {
  return Buffer.byteLength(left) - Buffer.byteLength(right) || Buffer.compare(Buffer.from(left), Buffer.from(right));
}
