import pg from 'pg';
import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import { postgresError, watermarkType } from './postgres-error.js';
import { textTypes } from './postgres-types.js';
import {
  asTable,
  bare,
  defaultPageSize,
  positionColumn,
  quoted,
  type SqlDatabase,
  type SqlRow,
} from './sql-database.js';

const declare = 'DECLARE customers NO SCROLL CURSOR FOR ';

/** Types that a watermark may have, by their number. */
const timeTypes: Readonly<Record<number, string>> = { 1114: 'timestamp', 1184: 'timestamptz' };

interface Place {
  /** Of the source, for messages. */
  readonly name: string;
  readonly url: string;
}

interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
}

/** A PostgreSQL database, read in transactions that can write nothing. */
export function openPostgres(name: string, settings: SourceSettingsOf<'postgres'>): SqlDatabase {
  const { url, query, by_ids: byIds, page_size: pageSize = defaultPageSize } = settings;
  const place = { name, url };
  const table = asTable(query);
  const cursor = (statement: Statement) => readByCursor(place, statement, pageSize);
  const list = (statement: Statement) => within(place, async (client) => (await send(client, statement)).rows);

  return {
    columns: () => within(place, (client) => columnsOf(client, name, bare(query))),
    all: () => cursor({ text: bare(query) }),
    page(key, after) {
      const where = after === undefined ? '' : `WHERE ${quoted(key)} > $1`;
      const text = `SELECT * FROM ${table} ${where} ORDER BY ${quoted(key)} LIMIT ${pageSize}`;
      return list({ text, values: after === undefined ? [] : [after] });
    },
    async *changed(column, since, overlapMs) {
      const { fields } = await within(place, (client) => send(client, { text: `SELECT * FROM ${table} LIMIT 0` }));
      const type = timeTypes[fields.find((field) => field.name === column)?.dataTypeID ?? 0];
      if (type === undefined) throw watermarkType(name, column);
      const time = quoted(column);
      const where = since === undefined ? '' : `WHERE ${time} >= $1::${type} - $2::interval OR ${time} IS NULL`;
      const text = `SELECT *, ${time}::text AS ${positionColumn} FROM ${table} ${where} ORDER BY ${time} NULLS FIRST`;
      yield* cursor({ text, values: since === undefined ? [] : [since, `${overlapMs} milliseconds`] });
    },
    byIds(key, ids) {
      const derived = `SELECT * FROM ${table} WHERE ${quoted(key)}::text = ANY($1)`;
      return list({ text: byIds === undefined ? derived : bare(byIds), values: [ids] });
    },
  };
}

/** In a connection and a transaction of its own. */
async function within<T>({ name, url }: Place, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, name);
  try {
    await begin(client, 'READ COMMITTED');
    return await work(client);
  } catch (error) {
    throw postgresError(name, error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function* readByCursor(
  { name, url }: Place,
  { text, values }: Statement,
  pageSize: number,
): AsyncGenerator<readonly SqlRow[]> {
  const client = await connect(url, name);
  let count = 0;
  try {
    // All pages show the same moment, whatever is written meanwhile.
    await begin(client, 'REPEATABLE READ');
    await send(client, { text: `${declare}${text}`, values });
    for (;;) {
      const { rows } = await send(client, { text: `FETCH FORWARD ${pageSize} FROM customers` });
      if (rows.length > 0) yield rows;
      if (rows.length < pageSize) return;
      count += rows.length;
    }
  } catch (error) {
    throw postgresError(name, error, { afterRow: count });
  } finally {
    await client.end().catch(() => {});
  }
}

/** By a cursor that is opened and not read: the database checks the whole query, and places in it are the user's. */
async function columnsOf(client: pg.Client, name: string, query: string): Promise<readonly string[]> {
  await send(client, { text: `${declare}${query}` }).catch((error: unknown) => {
    throw postgresError(name, error, { queryAt: declare.length });
  });
  const { fields } = await send(client, { text: 'FETCH 0 FROM customers' });
  return fields.map((field) => field.name);
}

async function connect(url: string, name: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: 'customer-sync',
      keepAlive: true,
      types: textTypes,
    });
    // A connection that breaks between two pages is met by the next one; without a listener it would end the program.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw postgresError(name, error);
  }
}

/** Times come in UTC whatever the server's settings are; a provider that is slow must not end the transaction. */
async function begin(client: pg.Client, isolation: string): Promise<void> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation} READ ONLY`);
  await client.query(
    "SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL idle_in_transaction_session_timeout = 0",
  );
}

/** The extended protocol takes one statement only, so a query cannot end the transaction that guards it. */
function send(client: pg.Client, { text, values = [] }: Statement): Promise<pg.QueryResult<SqlRow>> {
  const request: pg.QueryConfig & { readonly queryMode: 'extended' } = {
    text,
    values: [...values],
    queryMode: 'extended',
  };
  return client.query<SqlRow>(request);
}
