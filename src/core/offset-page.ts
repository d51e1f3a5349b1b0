import type { ListPage, StoredRecord } from './connector.js';

interface OffsetPage {
  readonly records: readonly StoredRecord[];
  /** How many records stand before the first of these. */
  readonly offset: number;
  /** How many were asked for. */
  readonly size: number;
  /** Whether the provider has more after them. */
  readonly more: boolean;
}

/** A page of a list that moves up when records are deleted: the next one begins with its last record again. */
export function offsetPage({ records, offset, size, more }: OffsetPage): ListPage {
  const step = Math.max(1, records.length - 1);
  return {
    records,
    ...(more && records.length > 0 && { next: String(offset + step) }),
    ...(offset > 0 && { previous: String(Math.max(0, offset - size + 1)) }),
  };
}
