import { isObject } from '../core/mapping/path.js';
import type { SourceRow } from '../runner/row.js';

export interface RowFilter {
  /** Only these customers; empty for all. */
  readonly ids: ReadonlySet<string>;
  /** At most so many rows. */
  readonly limit: number | undefined;
  /** Told which of the ids no row had, once all rows were seen. */
  readonly onMissing: (ids: readonly string[]) => void;
}

/** Rows that pass the filter. With ids given, a row that cannot be read is not one of them. */
export async function* filterRows(
  rows: AsyncIterable<SourceRow>,
  { ids, limit, onMissing }: RowFilter,
): AsyncIterable<SourceRow> {
  const missing = new Set(ids);
  let passed = 0;
  if (limit === 0) return;
  for await (const row of rows) {
    const id = idOf(row);
    if (ids.size > 0 && !ids.has(id)) continue;
    missing.delete(id);
    yield row;
    passed += 1;
    if (passed === limit) return;
  }
  if (missing.size > 0) onMissing([...missing]);
}

function idOf({ value }: SourceRow): string {
  return isObject(value) ? String(value['id'] ?? '') : '';
}
