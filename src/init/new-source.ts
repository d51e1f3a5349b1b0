import { basename } from 'node:path';
import { parsePath } from '../core/mapping/path.js';
import { type NewSource, sourceName } from './configuration-text.js';
import { type DatabaseTable, selectColumns } from './database.js';
import type { Guess } from './guess-mapping.js';
import type { DatabasePlace } from './place.js';
import type { Table } from './table.js';

/** How a file is to be read where it cannot be told from the file. */
export interface FileReading {
  readonly format?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly encoding?: string | undefined;
}

/**
 * A file as a source.
 * @param paths as they lead from the configuration's folder.
 */
export function fileSource(
  paths: { readonly file: string; readonly mapping: string },
  reading: FileReading,
): NewSource {
  const { format, delimiter, encoding } = reading;
  return {
    name: sourceName(withoutExtension(basename(paths.file))),
    settings: [
      ['type', 'file'],
      ['path', paths.file],
      ...(['format', 'delimiter', 'encoding'] as const).flatMap((setting) => {
        const value = { format, delimiter, encoding }[setting];
        return value === undefined ? [] : [[setting, value] as const];
      }),
      ['complete', true],
      ['source_mapping', paths.mapping],
    ],
    remarks: {
      path: ['Read anew at each run. A pattern such as exports/*.csv reads several files.'],
      complete: ['It holds every customer there is. Say false for a file of changes only.'],
      source_mapping: ['Which column goes where: a guess, and yours to change.'],
    },
  };
}

interface TableFacts {
  readonly table: DatabaseTable;
  readonly sample: Table;
  readonly guess: Guess;
}

/** A table as a source: a query for the columns that the mapping names, and no others. */
export function tableSource(
  place: DatabasePlace,
  paths: { readonly file: string; readonly mapping: string },
  { table, sample, guess }: TableFacts,
): NewSource {
  const columnOf = (field: string) =>
    guess.fields.filter((one) => one.field === field).flatMap(({ columns }) => topColumns(columns, sample));
  const all = topColumns(
    guess.fields.flatMap(({ columns }) => columns),
    sample,
  );
  const key = keyOf(guess, columnOf('id'));
  const [changed] = columnOf('updated_at');
  return {
    name: sourceName(table.name),
    settings: [
      ['type', place.kind],
      place.kind === 'sqlite' ? ['path', paths.file] : ['url', place.written],
      ['query', selectColumns(table, all)],
      ...(key === undefined ? [] : [['key', key] as const]),
      ['source_mapping', paths.mapping],
    ],
    remarks: {
      query: [
        'One SELECT; leave out with WHERE who is no customer.',
        ...(changed === undefined
          ? []
          : [
              `With "watermark: { column: ${JSON.stringify(changed)} }" a run reads only what changed since the last one.`,
            ]),
      ],
      source_mapping: ['Which column goes where: a guess, and yours to change.'],
    },
  };
}

/** Customers are fetched by the column that their id is taken from as it is, which is found by its path else. */
function keyOf({ mapping }: Guess, [column]: readonly string[]): string | undefined {
  const { from, transform } = mapping.fields['id'] ?? {};
  return typeof from === 'string' && transform === undefined && from !== column ? column : undefined;
}

/** Columns of the table by the names of a guess, which may lead into a JSON column. */
function topColumns(names: readonly string[], { columns }: Table): string[] {
  const paths = names.flatMap((name) => columns.find((column) => column.name === name)?.path ?? []);
  return [...new Set(paths.flatMap((path) => parsePath(path)[0] ?? []))];
}

export function withoutExtension(path: string): string {
  return path.replace(/(?:\.(?:csv|tsv|jsonl|ndjson|json))?(?:\.gz)?$/i, '');
}
