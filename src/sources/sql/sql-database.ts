export type SqlRow = Readonly<Record<string, unknown>>;

/** What differs between databases. Every method opens and closes its own connection, and can write nothing. */
export interface SqlDatabase {
  /** Columns of the query, in order. @throws CustomerSyncError `config` for a query that the database refuses. */
  columns(): Promise<readonly string[]>;
  /** All rows as they are at one moment. */
  all(): AsyncIterable<readonly SqlRow[]>;
  /** One page in the order of the key, beginning behind `after`. */
  page(key: string, after: unknown): Promise<readonly SqlRow[]>;
  /** Rows changed since, in the order of their change; each has its time as text under `positionColumn`. */
  changed(column: string, since: string | undefined, overlapMs: number): AsyncIterable<readonly SqlRow[]>;
  byIds(key: string, ids: readonly string[]): Promise<readonly SqlRow[]>;
}

export const positionColumn = '_customer_sync_position';
/** In the answer to `byIds`, and so in one statement. */
export const idsAtOnce = 1000;
export const defaultPageSize = 1000;

/** As a part of another statement: what ends it, and a remark without an end, would break that one. */
export function asTable(query: string): string {
  return `(${bare(query)}\n) AS source`;
}

export function bare(query: string): string {
  return query.trim().replace(/(?:\s*;)+$/, '');
}

export function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}
