import { CustomerSyncError } from '../../core/errors.js';
import { type DatabaseTable, findTable, listTables, readDatabaseTable, tableList } from '../../init/database.js';
import { type Place, placeName } from '../../init/place.js';
import { readTable, type Table } from '../../init/table.js';
import type { Console } from '../console.js';
import type { FileFlags } from '../options.js';
import type { Questions } from './questions.js';

/** The beginning of a source. */
export interface ReadSample {
  readonly sample: Table;
  /** Of a database. */
  readonly table?: DatabaseTable;
}

interface SampleFlags extends FileFlags {
  readonly table?: string;
}

/** @throws CustomerSyncError `config` for what cannot be read, or when nobody says which table. */
export async function readSample(
  { stdin }: Console,
  place: Place,
  { inputFormat: format, delimiter, encoding, table: name }: SampleFlags,
  questions: Questions | undefined,
): Promise<ReadSample> {
  if (place.kind === 'file')
    return { sample: await readTable({ path: place.path, stdin, format, delimiter, encoding }) };
  const tables = await listTables(place);
  const table = findTable(tables, name, place) ?? (await questions?.table(tables));
  if (table !== undefined) return { sample: await readDatabaseTable(place, table), table };
  throw new CustomerSyncError('config', {
    message: `${placeName(place)} has ${tables.length} tables`,
    remedy: `Name one with --table: ${tableList(tables)}.`,
  });
}
