import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import { loadSqlite } from '../../ledger/sqlite/load-sqlite.js';
import {
  asTable,
  bare,
  defaultPageSize,
  positionColumn,
  quoted,
  type SqlDatabase,
  type SqlRow,
} from './sql-database.js';
import { sqliteError, sqliteProblem } from './sqlite-error.js';

interface Place {
  /** Of the source, for messages. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

interface Statement {
  readonly text: string;
  readonly values?: readonly SQLInputValue[];
  readonly named?: Record<string, SQLInputValue>;
}

/** A SQLite file, read only. @param path absolute. */
export function openSqlite(name: string, path: string, settings: SourceSettingsOf<'sqlite'>): SqlDatabase {
  const { query, by_ids: byIds, page_size: pageSize = defaultPageSize } = settings;
  const place = { name, path };
  const table = asTable(query);
  const pages = (statement: Statement) => readPages(place, statement, pageSize);
  const list = async (statement: Statement) => {
    const rows: SqlRow[] = [];
    for await (const page of pages(statement)) rows.push(...page);
    return rows;
  };

  return {
    columns: async () => columnsOf(place, table),
    all: () => pages({ text: `SELECT * FROM ${table}` }),
    page(key, after) {
      const where = after === undefined ? '' : `WHERE ${quoted(key)} > ?`;
      const text = `SELECT * FROM ${table} ${where} ORDER BY ${quoted(key)} LIMIT ${pageSize}`;
      return list({ text, values: after === undefined ? [] : [asInput(after)] });
    },
    changed(column, since, overlapMs) {
      const time = quoted(column);
      const where = since === undefined ? '' : `WHERE ${time} >= ? OR ${time} IS NULL`;
      const text = `SELECT *, CAST(${time} AS TEXT) AS ${positionColumn} FROM ${table} ${where} ORDER BY ${time}`;
      return pages({ text, values: since === undefined ? [] : [earlier(since, overlapMs, name, column)] });
    },
    byIds(key, ids) {
      const text =
        byIds === undefined
          ? `SELECT * FROM ${table} WHERE CAST(${quoted(key)} AS TEXT) IN (SELECT value FROM json_each(?1))`
          : bare(byIds).replaceAll('$1', '?1');
      // By its whole name, since Node before 22.20 cannot bind it by its number.
      return list({ text, named: { '?1': JSON.stringify(ids) } });
    },
  };
}

async function* readPages(
  { name, path }: Place,
  { text, values = [], named = {} }: Statement,
  pageSize: number,
): AsyncGenerator<readonly SqlRow[]> {
  const database = open(name, path);
  let count = 0;
  try {
    // One transaction, so that all pages show the same moment.
    database.exec('BEGIN');
    const statement = prepare(database, text);
    let page: SqlRow[] = [];
    for (const row of statement.iterate(named, ...values)) {
      page.push(withPlainNumbers(row));
      if (page.length < pageSize) continue;
      count += page.length;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  } catch (error) {
    throw sqliteError(name, error, count);
  } finally {
    database.close();
  }
}

function columnsOf({ name, path }: Place, table: string): string[] {
  const database = open(name, path);
  try {
    // A view of this connection alone; the statement's own `columns()` is not there in every Node that we run on.
    database.exec(`CREATE TEMP VIEW described AS SELECT * FROM ${table}`);
    const columns = database.prepare('PRAGMA table_info(described)').all();
    return columns.map((column) => String(column['name']));
  } catch (error) {
    throw sqliteError(name, error);
  } finally {
    database.close();
  }
}

function open(name: string, path: string): DatabaseSync {
  if (!existsSync(path)) throw sqliteProblem(name, `there is no file ${path}`, 'Check "path" of the source.');
  const { DatabaseSync } = loadSqlite();
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (error) {
    throw sqliteError(name, error);
  }
}

function prepare(database: DatabaseSync, sql: string) {
  const statement = database.prepare(sql);
  // Numbers beyond 2^53 are an error otherwise.
  statement.setReadBigInts(true);
  return statement;
}

function withPlainNumbers(row: Record<string, unknown>): SqlRow {
  const plain: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    plain[column] = typeof value === 'bigint' ? plainNumber(value) : value;
  }
  return plain;
}

function plainNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function asInput(value: unknown): SQLInputValue {
  return typeof value === 'number' ? value : String(value);
}

/** SQLite has no type for times: they are text as ISO 8601 writes it, or seconds or milliseconds since 1970. */
function earlier(since: string, overlapMs: number, name: string, column: string): SQLInputValue {
  if (/^\d+(\.\d+)?$/.test(since)) {
    const inSeconds = Number(since) < 1e11;
    return Number(since) - (inSeconds ? overlapMs / 1000 : overlapMs);
  }
  const [, separator = 'T', zone = ''] = /^\d{4}-\d\d-\d\d([T ])[\d:.]+(Z|[+-]\d\d:\d\d)?$/.exec(since) ?? [];
  const time = Date.parse(`${since.replace(' ', 'T')}${zone === '' && since.length > 10 ? 'Z' : ''}`);
  if (Number.isNaN(time))
    throw sqliteProblem(
      name,
      `column "${column}" has a value that is no time`,
      'A watermark needs text such as 2026-01-31T12:00:00Z, or seconds since 1970.',
    );
  const text = new Date(time - overlapMs).toISOString();
  // Text is compared letter by letter, so the bound has to be written like the column. A bound without a fraction is earlier.
  if (since.length === 10) return text.slice(0, 10);
  return `${text.slice(0, 10)}${separator}${text.slice(11, 19)}`;
}
