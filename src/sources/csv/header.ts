import { canonicalPaths } from '../../core/customer/canonical-paths.js';
import { CustomerSyncError } from '../../core/errors.js';
import { tryParsePath } from '../../core/mapping/path.js';
import { nearest } from '../../core/nearest.js';
import { checkNesting, listColumns } from '../columns.js';
import type { CsvRecord } from './csv-parser.js';

/** Fields that are objects, with what a column for them is called. */
const objectFields: Readonly<Record<string, string>> = {
  address: 'address.line1',
  shipping_address: 'shipping_address.line1',
  metadata: 'metadata.<key>',
  external_ids: 'external_ids.<system>',
  provider_fields: 'provider_fields.<provider>.<field>',
};

const cellFields = canonicalPaths.filter((path) => !Object.hasOwn(objectFields, path));

/** The names of the header, checked. @throws CustomerSyncError `config`. */
export function readHeader(record: CsvRecord | undefined, name: string): readonly string[] {
  if (record === undefined || record.problem !== undefined) {
    throw new CustomerSyncError('config', {
      message: `${name}: its header cannot be read${record?.problem === undefined ? '' : ` (it ${record.problem.message})`}`,
      remedy: 'The first line must name the columns. A spreadsheet must be saved as "CSV UTF-8" first.',
    });
  }
  const columns = record.cells.map((cell) => cell.trim());
  const twice = columns.filter((column, index) => column !== '' && columns.indexOf(column) !== index);
  if (twice.length > 0) {
    throw new CustomerSyncError('config', {
      message: `${name}: the header has ${listColumns([...new Set(twice)])} more than once`,
      remedy: 'Give every column a name of its own, or leave one of them out.',
    });
  }
  return columns;
}

/** A first line of data must not be quoted in a message, so it has to be known for what it is. */
export function looksLikeData(columns: readonly string[]): boolean {
  return columns.some((column) => column.includes('@') || /^[+-]?[\d., ]+$/.test(column));
}

export function headerMissing(name: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${name}: the first line looks like data, not like a header`,
    remedy: 'Put a line on top that names the columns, for example: id,email,name,address.country',
  });
}

/** What each column is for, where the columns have the names of canonical fields. @throws CustomerSyncError `config`. */
export function canonicalColumns(columns: readonly string[], name: string): readonly (readonly string[] | undefined)[] {
  const found = columns.map((column) => ({ column, keys: cellPath(column) }));
  const unknown = found.filter(({ column, keys }) => column !== '' && keys === undefined).map(({ column }) => column);
  if (unknown.length > 0) {
    if (found.every(({ keys }) => keys === undefined) && looksLikeData(columns)) throw headerMissing(name);
    throw unknownColumns(unknown, name);
  }
  checkNesting(
    found.flatMap(({ column, keys }) => (keys === undefined ? [] : [{ column, keys }])),
    name,
  );
  return found.map(({ keys }) => keys);
}

/** The canonical path that a column's name is, if a cell of text can stand there. */
function cellPath(column: string): readonly string[] | undefined {
  const keys = tryParsePath(column);
  if (keys === undefined) return undefined;
  if (keys[0] === 'metadata' || keys[0] === 'external_ids') return keys.length === 2 ? keys : undefined;
  if (keys[0] === 'provider_fields') return keys.length >= 3 ? keys : undefined;
  return cellFields.includes(keys.join('.')) ? keys : undefined;
}

function unknownColumns(unknown: readonly string[], name: string): CustomerSyncError {
  const [are, fields] = unknown.length === 1 ? ['is', 'a field'] : ['are', 'fields'];
  return new CustomerSyncError('config', {
    message: `${name}: ${listColumns(unknown, suggestion)} ${are} not ${fields} of the customer`,
    remedy:
      'Rename the columns (what has no field of its own fits under metadata.<key>), or let "customer-sync init" guess what they are, and pass the file it writes with --source-mapping.',
  });
}

function suggestion(column: string): string {
  const written = inSnakeCase(column);
  if (Object.hasOwn(objectFields, written)) return ` (did you mean "${objectFields[written]}"?)`;
  return nearest(written, cellFields);
}

/** `PostalCode` and `Postal Code` as our names are written. */
function inSnakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
}
