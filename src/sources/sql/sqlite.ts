import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import { isObject } from '../../core/mapping/path.js';
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

interface Parameters {
  readonly values?: readonly SQLInputValue[];
  readonly named?: Record<string, SQLInputValue>;
}

/** A SQLite file, read only. @param path absolute. */
export function openSqlite(name: string, path: string, settings: SourceSettingsOf<'sqlite'>): SqlDatabase {
  const { query, by_ids: byIds, page_size: pageSize = defaultPageSize } = settings;

  async function* pages(sql: string, { values = [], named = {} }: Parameters = {}): AsyncGenerator<readonly SqlRow[]> {
    const database = open(name, path);
    let count = 0;
    try {
      // One transaction, so that all pages show the same moment.
      database.exec('BEGIN');
      const statement = prepare(database, sql);
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

  async function list(sql: string, parameters: Parameters): Promise<readonly SqlRow[]> {
    const rows: SqlRow[] = [];
    for await (const page of pages(sql, parameters)) rows.push(...page);
    return rows;
  }

  return {
    async columns() {
      const database = open(name, path);
      try {
        // A view of this connection alone; the statement's own `columns()` is not there in every Node that we run on.
        database.exec(`CREATE TEMP VIEW described AS SELECT * FROM ${asTable(query)}`);
        return database
          .prepare('PRAGMA table_info(described)')
          .all()
          .map((column) => String(column['name']));
      } catch (error) {
        throw sqliteError(name, error, 0);
      } finally {
        database.close();
      }
    },
    all: () => pages(`SELECT * FROM ${asTable(query)}`),
    page(key, after) {
      const where = after === undefined ? '' : `WHERE ${quoted(key)} > ?`;
      const sql = `SELECT * FROM ${asTable(query)} ${where} ORDER BY ${quoted(key)} LIMIT ${pageSize}`;
      return list(sql, { values: after === undefined ? [] : [asInput(after)] });
    },
    changed(column, since, overlapMs) {
      const time = quoted(column);
      const where = since === undefined ? '' : `WHERE ${time} >= ? OR ${time} IS NULL`;
      const sql = `SELECT *, CAST(${time} AS TEXT) AS ${positionColumn} FROM ${asTable(query)} ${where} ORDER BY ${time}`;
      return pages(sql, { values: since === undefined ? [] : [earlier(since, overlapMs, name, column)] });
    },
    byIds(key, ids) {
      const sql =
        byIds === undefined
          ? `SELECT * FROM ${asTable(query)} WHERE CAST(${quoted(key)} AS TEXT) IN (SELECT value FROM json_each(?1))`
          : bare(byIds).replaceAll('$1', '?1');
      // By its whole name, since Node before 22.20 cannot bind it by its number.
      return list(sql, { named: { '?1': JSON.stringify(ids) } });
    },
  };
}

function open(name: string, path: string): DatabaseSync {
  if (!existsSync(path)) throw sqliteProblem(name, `there is no file ${path}`, 'Check "path" of the source.');
  const { DatabaseSync } = loadSqlite();
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (error) {
    throw sqliteError(name, error, 0);
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

function sqliteError(name: string, error: unknown, row: number): CustomerSyncError {
  if (error instanceof CustomerSyncError) return error;
  const message = error instanceof Error ? error.message : 'unknown error';
  const code = isObject(error) && typeof error['errcode'] === 'number' ? error['errcode'] & 0xff : 0;
  const where = row > 0 ? ` after row ${row}` : '';
  const [what, remedy] = explain(code, message);
  return sqliteProblem(name, `${what}${where}`, remedy);
}

/** Result codes of SQLite: https://www.sqlite.org/rescode.html */
function explain(code: number, message: string): readonly [what: string, remedy: string] {
  switch (code) {
    case 5:
    case 6:
      return ['the database is locked by another program', 'Run again when it is done, or let the database use WAL.'];
    case 8:
      return ['the query would write, and the database is opened for reading only', 'Use one SELECT.'];
    case 11:
    case 26:
      return ['the file is damaged, or is not a SQLite database', 'Check "path", or bring back a copy.'];
    case 14:
      return ['the file cannot be opened', 'Check its permissions and those of its folder.'];
    case 1:
      return [
        `the query is refused: ${message.replace(/"[^"]*@[^"]*"/g, '"..."')}`,
        'Correct "query"; it must be one SELECT.',
      ];
    default:
      return [`the database cannot be read (SQLite code ${code})`, 'Check the file, and run again.'];
  }
}

function sqliteProblem(name: string, what: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message: `${name}: ${what}`, remedy });
}
