import type { SqlSettings } from '../../../schemas/configuration.js';
import { nearest } from '../../core/nearest.js';
import type { JobSource } from '../../jobs/job.js';
import type { SourceRow } from '../../runner/row.js';
import { parseDuration } from '../../schedule/duration.js';
import { type Normalise, toSourceRow } from '../customer-source.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { compileColumns, wrongColumns } from './read-columns.js';
import { defaultPageSize, idsAtOnce, positionColumn, type SqlDatabase, type SqlRow } from './sql-database.js';

export interface SqlSourceParts {
  readonly name: string;
  readonly settings: SqlSettings;
  readonly database: SqlDatabase;
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
  readonly version: string;
  /** Column with the customer's id as it is; absent when the mapping makes it of something else. */
  readonly key: string | undefined;
}

const defaultOverlapMs = 600_000;

/** Customers from a query. @throws CustomerSyncError `config` when the database or its columns are not as they must be. */
export async function openSql(parts: SqlSourceParts): Promise<JobSource> {
  const { name, settings, database, sourceMapping, normalise, version } = parts;
  const { watermark, paging } = settings;
  const columns = await database.columns();
  const read = compileColumns(columns, sourceMapping, name);
  const key = settings.key ?? parts.key;
  for (const [setting, column] of Object.entries({ key: settings.key, 'watermark.column': watermark?.column })) {
    if (column !== undefined && !columns.includes(column))
      throw wrongColumns(
        `${name}: "${setting}" names the column "${column}", which the query does not give${nearest(column, columns)}`,
        'Add the column to the query, or correct the name.',
      );
  }

  const toRows = (rows: readonly SqlRow[], first: number) =>
    rows.map((row, index) => {
      const { [positionColumn]: position, ...original } = row;
      // The normaliser is the engine's affair, which runs it on rows that changed.
      const result = toSourceRow(read(original), `${name} row ${first + index}`, original, undefined);
      return typeof position === 'string' ? { ...result, position } : result;
    });

  async function* counted(pages: AsyncIterable<readonly SqlRow[]>) {
    let number = 1;
    for await (const page of pages) {
      yield* toRows(page, number);
      number += page.length;
    }
  }

  return {
    name,
    version,
    complete: watermark === undefined,
    ...(normalise !== undefined && { normalise }),
    rows({ after } = {}) {
      if (watermark !== undefined) {
        const overlapMs = parseDuration(watermark.overlap ?? '') ?? defaultOverlapMs;
        return counted(database.changed(watermark.column, after, overlapMs));
      }
      if (paging !== 'keyset') return counted(database.all());
      if (key === undefined || !columns.includes(key)) throw noKey(name);
      return counted(keysetPages(database, key, name, settings.page_size ?? defaultPageSize));
    },
    ...((settings.by_ids !== undefined || (key !== undefined && columns.includes(key))) && {
      async *byIds(ids: readonly string[]): AsyncGenerator<SourceRow> {
        for (let start = 0; start < ids.length; start += idsAtOnce) {
          yield* toRows(await database.byIds(key ?? '', ids.slice(start, start + idsAtOnce)), start + 1);
        }
      },
    }),
  };
}

/** Pages of their own statements see changes that happen meanwhile, but hold nothing open at the database. */
async function* keysetPages(
  database: SqlDatabase,
  key: string,
  name: string,
  pageSize: number,
): AsyncGenerator<readonly SqlRow[]> {
  let last: unknown;
  let count = 0;
  for (;;) {
    const page = await database.page(key, last);
    for (const row of page) {
      count += 1;
      if (row[key] === null)
        throw wrongColumns(
          `${name} row ${count}: column "${key}" is NULL`,
          'Pages need a key in every row; leave such rows out with WHERE.',
        );
      if (row[key] === last)
        throw wrongColumns(
          `${name} row ${count}: column "${key}" has the value of the row before`,
          'Pages need a key that no two rows share; use "paging: cursor".',
        );
      last = row[key];
    }
    yield page;
    if (page.length < pageSize) return;
  }
}

function noKey(name: string) {
  return wrongColumns(`${name}: "paging: keyset" needs a column with the customer's id`, 'Name it with "key".');
}
