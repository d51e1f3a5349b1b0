import { isObject } from '../core/mapping/path.js';
import type { SourceRow } from '../runner/row.js';

export interface RowFilter {
  /** Only these customers; empty for all. */
  readonly ids: ReadonlySet<string>;
  /** At most so many rows. */
  readonly limit: number | undefined;
}

/** Rows that pass the filter. With ids given, a row that cannot be read is not one of them. */
export async function* filterRows(rows: AsyncIterable<SourceRow>, { ids, limit }: RowFilter): AsyncIterable<SourceRow> {
  let passed = 0;
  if (limit === 0) return;
  for await (const row of rows) {
    if (ids.size > 0 && !ids.has(idOf(row))) continue;
    yield row;
    passed += 1;
    if (passed === limit) return;
  }
}

function idOf({ value }: SourceRow): string {
  return isObject(value) ? String(value['id'] ?? '') : '';
}
