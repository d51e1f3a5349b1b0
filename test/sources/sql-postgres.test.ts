import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceSettingsOf } from '../../schemas/configuration.js';
import type { JobSource } from '../../src/jobs/job.js';
import { compileSourceMapping } from '../../src/sources/mapping/compile-source-mapping.js';
import { openSql } from '../../src/sources/sql/open-sql.js';
import { openPostgres } from '../../src/sources/sql/postgres.js';
import { type PostgresServer, startPostgres } from './postgres-server.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

beforeEach(async () => {
  await server.sql('DROP TABLE IF EXISTS customers CASCADE');
  await server.sql(`CREATE TABLE customers (
    id bigint PRIMARY KEY, name text, email text, balance numeric, extra jsonb,
    updated_at timestamptz DEFAULT '2026-01-01 12:00:00.123456+00')`);
});

const fill = (count: number) =>
  server.sql(`INSERT INTO customers (id, name) SELECT i, 'Customer ' || i FROM generate_series(1, ${count}) AS i`);

type Settings = Partial<SourceSettingsOf<'postgres'>>;

function open(settings: Settings = {}, mapping?: object): Promise<JobSource> {
  const whole = {
    type: 'postgres' as const,
    url: server.url,
    query: 'SELECT id, name FROM customers ORDER BY id',
    ...settings,
  };
  const sourceMapping = mapping === undefined ? undefined : compileSourceMapping({ fields: mapping }, 'columns.json');
  return openSql({
    name: 'crm',
    settings: whole,
    database: openPostgres('crm', whole),
    sourceMapping,
    normalise: undefined,
    version: 'v',
    key: 'id',
  });
}

async function rowsOf(source: JobSource, after?: string) {
  const rows = [];
  for await (const row of source.rows({ after })) rows.push(row);
  return rows;
}

const messageOf = async (settings: Settings, mapping?: object) => {
  try {
    await rowsOf(await open(settings, mapping));
    return 'no error';
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
};

describe('customers from PostgreSQL', () => {
  it('come row by row, with the row they stand in', async () => {
    await fill(3);
    const source = await open({ page_size: 2 });
    expect(source.complete).toBe(true);
    expect(await rowsOf(source)).toEqual([
      { value: { id: 1, name: 'Customer 1' }, at: 'crm row 1', original: { id: 1, name: 'Customer 1' } },
      { value: { id: 2, name: 'Customer 2' }, at: 'crm row 2', original: { id: 2, name: 'Customer 2' } },
      { value: { id: 3, name: 'Customer 3' }, at: 'crm row 3', original: { id: 3, name: 'Customer 3' } },
    ]);
  });

  it('have no field where the column is NULL or blank', async () => {
    await server.sql(`INSERT INTO customers (id, name, email) VALUES (1, NULL, ' ')`);
    const [row] = await rowsOf(await open({ query: 'SELECT id, name, email FROM customers' }));
    expect(row?.value).toEqual({ id: 1 });
  });

  it('keep numbers, times and JSON as they are', async () => {
    await server.sql(
      `INSERT INTO customers (id, balance, extra) VALUES (9007199254740993, 10.50, '{"plan": "gold", "seats": 3}')`,
    );
    const query = `SELECT id, extra AS metadata, balance AS "external_ids.balance", updated_at, '2026-02-03'::date AS name,
      updated_at::timestamp AS email FROM customers`;
    const [row] = await rowsOf(await open({ query }));
    expect(row?.value).toEqual({
      id: '9007199254740993',
      metadata: { plan: 'gold', seats: 3 },
      external_ids: { balance: '10.50' },
      updated_at: '2026-01-01T12:00:00.123456Z',
      name: '2026-02-03',
      email: '2026-01-01T12:00:00.123456Z',
    });
  });

  it('go through a source mapping, into JSON columns too', async () => {
    await server.sql(`INSERT INTO customers (id, name, extra) VALUES (7, 'Ann', '{"mail": "a@b.example"}')`);
    const mapping = { id: { template: 'c-{id}' }, name: { from: 'name' }, email: { from: 'extra.mail' } };
    const [row] = await rowsOf(await open({ query: 'SELECT * FROM customers' }, mapping));
    expect(row?.value).toEqual({ id: 'c-7', name: 'Ann', email: 'a@b.example' });
  });

  it('are as they were when the reading began, whatever is written meanwhile', async () => {
    await fill(5);
    const names: unknown[] = [];
    for await (const { original } of (await open({ page_size: 2 })).rows()) {
      names.push(original);
      if (names.length === 1)
        await server.sql(`UPDATE customers SET name = 'changed'; DELETE FROM customers WHERE id = 5`);
    }
    expect(names).toHaveLength(5);
    expect(JSON.stringify(names)).not.toContain('changed');
  });

  it('leave no connection behind when nobody reads on', async () => {
    await fill(5000);
    for await (const _ of (await open({ page_size: 10 })).rows()) break;
    const others = () =>
      server.sql(`SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'customer-sync'`);
    await expect.poll(others).toEqual([{ count: 0 }]);
  });

  it('come in pages by key, a statement for each', async () => {
    await fill(25);
    const rows = await rowsOf(
      await open({ paging: 'keyset', page_size: 10, query: 'SELECT id, name FROM customers;' }),
    );
    expect(rows.map(({ original }) => original)).toEqual(
      Array.from({ length: 25 }, (_, index) => ({ id: index + 1, name: `Customer ${index + 1}` })),
    );
  });

  it('are fetched by id, in several statements when there are many', async () => {
    await fill(2500);
    const source = await open({ query: 'SELECT id, name FROM customers -- all of them' });
    const ids = [...Array.from({ length: 1500 }, (_, index) => String(index + 1)), 'not-there', "o'brien"];
    const found = [];
    for await (const row of source.byIds?.(ids) ?? []) found.push(row);
    expect(found).toHaveLength(1500);
    expect(found[3]?.value).toEqual({ id: 4, name: 'Customer 4' });
  });

  it('are fetched by a query of the user', async () => {
    await fill(3);
    const source = await open({ by_ids: 'SELECT id, upper(name) AS name FROM customers WHERE id::text = ANY($1)' });
    const found = [];
    for await (const { value } of source.byIds?.(['2']) ?? []) found.push(value);
    expect(found).toEqual([{ id: 2, name: 'CUSTOMER 2' }]);
  });
});

describe('a watermark', () => {
  const watermark = { column: 'updated_at', overlap: '10m' };
  const query = 'SELECT id, updated_at FROM customers';
  const at = (id: number, time: string | null) =>
    server.sql('INSERT INTO customers (id, updated_at) VALUES ($1, $2)', [id, time]);
  const idsOf = (rows: Awaited<ReturnType<typeof rowsOf>>) => rows.map(({ original }) => Object(original).id);

  it('gives each row the time it was changed as its position, oldest first', async () => {
    await at(1, '2026-01-02T10:00:00Z');
    await at(2, '2026-01-01T10:00:00.000001Z');
    const source = await open({ query, watermark });
    expect(source.complete).toBe(false);
    expect((await rowsOf(source)).map(({ position, original }) => [Object(original).id, position])).toEqual([
      [2, '2026-01-01 10:00:00.000001+00'],
      [1, '2026-01-02 10:00:00+00'],
    ]);
  });

  it('reads what changed since, with the overlap before it, and what has no time', async () => {
    await at(1, '2026-01-01T10:00:00Z');
    await at(2, '2026-01-01T11:51:00Z');
    await at(3, '2026-01-01T12:30:00Z');
    await at(4, null);
    expect(idsOf(await rowsOf(await open({ query, watermark }), '2026-01-01 12:00:00+00'))).toEqual([4, 2, 3]);
  });

  it('works with times that have no zone, wherever this machine is', async () => {
    await at(1, '2026-01-01T10:00:00Z');
    await at(2, '2026-01-01T12:00:00Z');
    const zoneless = "SELECT id, (updated_at AT TIME ZONE 'UTC') AS updated_at FROM customers";
    const source = await open({ query: zoneless, watermark });
    const rows = await rowsOf(source);
    expect(rows.map(({ position }) => position)).toEqual(['2026-01-01 10:00:00', '2026-01-01 12:00:00']);
    expect(idsOf(await rowsOf(source, rows[1]?.position))).toEqual([2]);
  });

  it('needs a column with a time', async () => {
    expect(await messageOf({ watermark: { column: 'name' } })).toBe('crm: column "name" is no timestamp');
  });
});

describe('PostgreSQL is refused, and says why', () => {
  it.each<[string, Settings, string]>([
    [
      'a table that is not there',
      { query: 'SELECT * FROM custmers' },
      'crm: the query is refused: relation "custmers" does not exist (character 15)',
    ],
    [
      'a column that is not there',
      { query: 'SELECT id, nmae FROM customers' },
      'crm: the query is refused: column "nmae" does not exist (character 12)',
    ],
    ['bad SQL', { query: 'SELEC 1' }, 'crm: the query is refused: syntax error at or near "SELEC" (character 1)'],
    ['two statements', { query: 'SELECT id FROM customers; DROP TABLE customers' }, 'crm: the query is refused: '],
    [
      'a query that writes',
      { query: "SELECT id, nextval('s') AS name FROM customers" },
      'crm: the query is refused: relation "s" does not exist',
    ],
    [
      'a column that no customer has',
      { query: 'SELECT id, name AS nmae FROM customers' },
      'crm: "nmae" (did you mean "name"?) is not a field of the customer',
    ],
    ['a column twice', { query: 'SELECT id, name, name FROM customers' }, 'crm: the query gives "name" more than once'],
    [
      'a watermark that is not in the query',
      { watermark: { column: 'updated' } },
      'crm: "watermark.column" names the column "updated", which the query does not give',
    ],
    [
      'a key that is not in the query',
      { key: 'ID' },
      'crm: "key" names the column "ID", which the query does not give (did you mean "id"?)',
    ],
    [
      'a database that is not there',
      { url: 'postgres://owner@127.0.0.1:1/postgres' },
      'crm: nothing answers where the database should be',
    ],
    ['a URL that is none', { url: 'postgres://[::1/postgres' }, 'crm: the URL of the database cannot be read'],
    [
      'a query that deletes what it shows',
      { query: 'WITH gone AS (DELETE FROM customers RETURNING id) SELECT id FROM gone' },
      'crm: the query does what cannot be read page by page',
    ],
  ])('%s', async (_, settings, expected) => {
    expect(await messageOf(settings)).toContain(expected);
  });

  it('a database of another name', async () => {
    expect(await messageOf({ url: server.url.replace('/postgres', '/crm') })).toBe(
      'crm: there is no database of this name',
    );
  });

  it('a table that the user may not read', async () => {
    await server.sql('DROP ROLE IF EXISTS reader');
    await server.sql('CREATE ROLE reader LOGIN');
    expect(await messageOf({ url: server.url.replace('owner', 'reader') })).toBe(
      'crm: the user may not read what the query names',
    );
  });

  it('a column that the mapping names and the query lacks', async () => {
    expect(await messageOf({}, { id: { from: 'id' }, name: { from: 'nmae' } })).toBe(
      'crm: the query gives no column "nmae" (did you mean "name"?), which columns.json names',
    );
  });

  it('a value that the query cannot convert, without showing it', async () => {
    await fill(3);
    await server.sql(`UPDATE customers SET name = 'secret@mail.example' WHERE id = 3`);
    const message = await messageOf({ query: 'SELECT id, name::int AS name FROM customers WHERE id = 3' });
    expect(message).toBe('crm: a value cannot be converted (22P02: invalid input syntax for type integer: "...")');
  });

  it('a function that writes, and nothing is written', async () => {
    await server.sql(
      `CREATE OR REPLACE FUNCTION wipe() RETURNS text LANGUAGE sql AS 'DELETE FROM customers RETURNING ''x'''`,
    );
    await fill(3);
    expect(await messageOf({ query: 'SELECT id, wipe() AS name FROM customers' })).toBe(
      'crm: the query would write, and only reading is allowed',
    );
    expect(await server.sql('SELECT count(*)::int AS count FROM customers')).toEqual([{ count: 3 }]);
  });

  it('a connection that is cut while rows come, with the row it got to', async () => {
    await fill(100);
    const rows: unknown[] = [];
    const reading = async () => {
      for await (const row of (await open({ page_size: 10 })).rows()) {
        rows.push(row);
        if (rows.length === 15)
          await server.sql(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'customer-sync'`,
          );
      }
    };
    await expect(reading()).rejects.toThrow(
      /^crm: the (database was shut down|connection to the database broke) after row 20$/,
    );
    expect(rows).toHaveLength(20);
  });

  it('a server that is no database', async ({ onTestFinished }) => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await messageOf({ url: `postgres://u:hunter2@127.0.0.1:${port}/x` })).toMatch(/^crm: (?!.*hunter2)/);
  });

  it('a reading by key whose key is not unique', async () => {
    await fill(3);
    expect(await messageOf({ query: 'SELECT 7 AS id, name FROM customers', paging: 'keyset' })).toBe(
      'crm row 2: column "id" has the value of the row before',
    );
  });
});

describe('reading many rows', () => {
  it('holds a page of them and no more', async () => {
    const source = await open({
      query: `SELECT i AS id, repeat('x', 4000) AS name FROM generate_series(1, 100000) AS i`,
    });
    let rows = 0;
    let peak = 0;
    const before = process.memoryUsage().heapUsed;
    for await (const _ of source.rows()) {
      rows += 1;
      if (rows % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
    }
    expect(rows).toBe(100_000);
    expect((peak - before) / 1e6).toBeLessThan(150);
  });
});
