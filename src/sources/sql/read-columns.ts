import { canonicalPaths, isCanonicalPath } from '../../core/customer/canonical-paths.js';
import { CustomerSyncError } from '../../core/errors.js';
import { compileSetter, parsePath, tryParsePath } from '../../core/mapping/path.js';
import { nearest } from '../../core/nearest.js';
import { checkNesting, listColumns } from '../columns.js';
import type { ReadCustomer } from '../customer-source.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { withoutEmpty } from '../mapping/without-empty.js';
import type { SqlRow } from './sql-database.js';

type ReadRow = (row: SqlRow) => ReadCustomer;

/** How rows with these columns become customers. NULL says nothing. @throws CustomerSyncError `config`. */
export function compileColumns(
  columns: readonly string[],
  mapping: CompiledSourceMapping | undefined,
  name: string,
): ReadRow {
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  if (twice.length > 0)
    throw wrongColumns(
      `${name}: the query gives ${listColumns([...new Set(twice)])} more than once`,
      'Give every column a name of its own with AS.',
    );
  const read = mapping === undefined ? canonicalReader(columns, name) : mappedReader(columns, mapping, name);
  return (row) => {
    const binary = columns.filter((column) => row[column] instanceof Uint8Array);
    if (binary.length === 0) return read(row);
    return { value: {}, problems: binary.map((field) => ({ field, message: 'holds binary data' })) };
  };
}

function canonicalReader(columns: readonly string[], name: string): ReadRow {
  const found = columns.map((column) => ({ column, keys: tryParsePath(column) ?? [] }));
  const unknown = found.filter(({ keys }) => !isCanonicalPath(keys)).map(({ column }) => column);
  if (unknown.length > 0)
    throw wrongColumns(
      `${name}: ${listColumns(unknown, (column) => nearest(column, canonicalPaths))} ${unknown.length === 1 ? 'is not a field' : 'are not fields'} of the customer`,
      'Name the columns like the fields with AS, for example AS "address.city", or describe them with "source_mapping".',
    );
  checkNesting(found, name);
  const writers = found.map(({ column, keys }) => ({ column, put: compileSetter(keys) }));
  return (row) => {
    const value: Record<string, unknown> = {};
    for (const { column, put } of writers) {
      const cell = row[column];
      if (cell !== null && cell !== undefined && !(typeof cell === 'string' && cell.trim() === '')) put(value, cell);
    }
    return { value };
  };
}

/** A column is named as the query has it, dots included; a path may also go on into a JSON column. */
function mappedReader(columns: readonly string[], mapping: CompiledSourceMapping, name: string): ReadRow {
  const places = mapping.paths.map((path) => ({ path, keys: parsePath(path), column: columnOf(path, columns) }));
  const missing = places.filter(({ column }) => column === undefined).map(({ path }) => path);
  if (missing.length > 0)
    throw wrongColumns(
      `${name}: the query gives no column ${missing.map((path) => `"${path}"${nearest(path, columns)}`).join(', ')}, which ${mapping.name} names`,
      'Correct the source mapping, or the query.',
    );
  const dotted = places.flatMap(({ keys, column = '' }) =>
    keys.length > 1 && column !== keys[0] ? [{ column, put: compileSetter(keys) }] : [],
  );
  return (row) => {
    if (dotted.length === 0) return mapping.apply(withoutEmpty(row));
    const nested: Record<string, unknown> = { ...row };
    for (const { column, put } of dotted) put(nested, row[column]);
    return mapping.apply(withoutEmpty(nested));
  };
}

function columnOf(path: string, columns: readonly string[]): string | undefined {
  const keys = parsePath(path);
  return [path, keys.join('.'), keys[0] ?? ''].find((candidate) => columns.includes(candidate));
}

export function wrongColumns(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}
