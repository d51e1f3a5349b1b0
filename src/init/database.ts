import { resolve } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { formatPath, isObject, isRecord, refusedKeys } from '../core/mapping/path.js';
import { nearest } from '../core/nearest.js';
import { openPostgres } from '../sources/sql/postgres.js';
import { quoted, type SqlDatabase, type SqlRow } from '../sources/sql/sql-database.js';
import { openSqlite } from '../sources/sql/sqlite.js';
import { type DatabasePlace, placeName } from './place.js';
import { type Column, noRows, sampleRow, sampleRows, type Table } from './table.js';

/** A table or a view. */
export interface DatabaseTable {
  /** As a person says it: `accounts`, `crm.accounts`. */
  readonly name: string;
  /** As a query says it. */
  readonly quoted: string;
}

/** Schemas stand before names that are not found without. */
const postgresTables = `
  SELECT CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
   ORDER BY 1 NULLS FIRST, 2`;

const sqliteTables = `
  SELECT NULL AS schema, name FROM sqlite_schema
   WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;

/** @throws CustomerSyncError `config` when the database cannot be read or has no table. */
export async function listTables(place: DatabasePlace): Promise<DatabaseTable[]> {
  const tables: DatabaseTable[] = [];
  for await (const page of openDatabase(place, place.kind === 'sqlite' ? sqliteTables : postgresTables).all()) {
    for (const { schema, name } of page) {
      const parts = [schema ?? [], name].flat().map(String);
      tables.push({ name: parts.join('.'), quoted: parts.map(quoted).join('.') });
    }
  }
  if (tables.length > 0) return tables;
  throw new CustomerSyncError('config', {
    message: `${placeName(place)} has no table that can be seen`,
    remedy: 'Check that it is the right database, and that the user may see its tables.',
  });
}

/** More than these are no help in a message. */
const listedTables = 20;

/**
 * The table of this name, or the only one there is; `undefined` where somebody has to choose.
 * @throws CustomerSyncError `config` for a name that no table has.
 */
export function findTable(
  tables: readonly DatabaseTable[],
  name: string | undefined,
  place: DatabasePlace,
): DatabaseTable | undefined {
  if (name === undefined) return tables.length === 1 ? tables[0] : undefined;
  const found = tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const names = tables.map((table) => table.name);
  throw new CustomerSyncError('config', {
    message: `${placeName(place)} has no table "${name}"${nearest(name, names)}`,
    remedy: `It has: ${tableList(tables)}.`,
  });
}

export function tableList(tables: readonly DatabaseTable[]): string {
  const more = tables.length - listedTables;
  const names = tables.slice(0, listedTables).map(({ name }) => name);
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The beginning of a table. @throws CustomerSyncError `config` when it cannot be read, or is empty. */
export async function readDatabaseTable(place: DatabasePlace, table: DatabaseTable): Promise<Table> {
  const database = openDatabase(place, `SELECT * FROM ${table.quoted} LIMIT ${sampleRows}`);
  const names = await database.columns();
  const rows: SqlRow[] = [];
  for await (const page of database.all()) rows.push(...page);
  if (rows.length === 0) throw noRows(`table ${table.name}`);
  const samples = rows.map((row, index) => sampleRow(`${table.name} row ${index + 1}`, filledCells(row)));
  const isBinary = (name: string) => rows.some((row) => row[name] instanceof Uint8Array);
  return {
    name: `table ${table.name}`,
    columns: names.filter((name) => !isBinary(name)).flatMap((name) => columnsOf(name, samples)),
    rows: samples,
    unreadable: 0,
    notices: names.filter(isBinary).map((name) => `${name} holds binary data and is left out`),
  };
}

/** What the mapping's paths lead to, as a query lists it. */
export function selectColumns({ quoted: table }: DatabaseTable, columns: readonly string[]): string {
  return `SELECT ${columns.map(quoted).join(', ')} FROM ${table}`;
}

function openDatabase(place: DatabasePlace, query: string): SqlDatabase {
  const name = placeName(place);
  return place.kind === 'sqlite'
    ? openSqlite(name, resolve(place.path), { type: 'sqlite', path: place.path, query, page_size: sampleRows })
    : openPostgres(name, { type: 'postgres', url: place.url, query, page_size: sampleRows });
}

/** Without what says nothing, or nothing that a customer could be made of. */
function filledCells(row: SqlRow): Record<string, unknown> {
  const isSaid = ([column, cell]: [string, unknown]) =>
    cell !== null && !refusedKeys.has(column) && !(cell instanceof Uint8Array) && String(cell).trim() !== '';
  return Object.fromEntries(Object.entries(row).filter(isSaid));
}

/** A column, or, where it holds JSON, what is in it. */
function columnsOf(name: string, rows: Table['rows']): Column[] {
  const own = formatPath([name]);
  const isNested = rows.some(({ row }) => isObject(row) && isRecord(row[name]));
  if (!isNested) return [{ name, path: own }];
  const inner = rows
    .flatMap(({ cells }) => [...cells.keys()])
    .filter((path) => path.startsWith(`${own}.`) || path.startsWith(`${own}[`));
  return [...new Set(inner)].map((path) => ({ name: path, path }));
}
