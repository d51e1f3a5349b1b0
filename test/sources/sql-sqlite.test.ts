import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import type { SourceSettingsOf } from '../../schemas/configuration.js';
import type { JobSource } from '../../src/jobs/job.js';
import { openSql } from '../../src/sources/sql/open-sql.js';
import { openSqlite } from '../../src/sources/sql/sqlite.js';
import { folderWith } from '../cli/command-line.js';

interface Ending {
  onTestFinished(task: () => void): void;
}

/** A database with customers in it, and the way to open it as a source. */
function bench(sql: string, ending: Ending) {
  const folder = folderWith({ 'not-a-database.db': 'this is a text of some length' }, ending);
  const path = join(folder, 'crm.db');
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE customers (id, name, updated_at); ${sql}`);
  ending.onTestFinished(() => database.close());
  const open = (settings: Partial<SourceSettingsOf<'sqlite'>> = {}): Promise<JobSource> => {
    const whole = { type: 'sqlite' as const, path, query: 'SELECT id, name FROM customers', ...settings };
    return openSql({
      name: 'crm',
      settings: whole,
      database: openSqlite('crm', join(folder, whole.path), whole),
      sourceMapping: undefined,
      normalise: undefined,
      version: 'v',
      key: 'id',
    });
  };
  return { database, path, open: (settings = {}) => open({ path: 'crm.db', ...settings }) };
}

async function rowsOf(source: JobSource, after?: string) {
  const rows = [];
  for await (const row of source.rows({ after })) rows.push(row);
  return rows;
}

const idsOf = async (source: JobSource, after?: string) =>
  (await rowsOf(source, after)).map(({ original }) => Object(original).id);

const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
   INSERT INTO customers (id, name) SELECT i, 'Customer ' || i FROM n;`;

describe('customers from SQLite', () => {
  it('come row by row; NULL is absent and long numbers are kept', async ({ onTestFinished }) => {
    const { open } = bench(`INSERT INTO customers VALUES (9007199254740993, 'Ann', 1), ('b', NULL, 2)`, {
      onTestFinished,
    });
    expect(await rowsOf(await open())).toEqual([
      {
        value: { id: '9007199254740993', name: 'Ann' },
        at: 'crm row 1',
        original: { id: '9007199254740993', name: 'Ann' },
      },
      { value: { id: 'b' }, at: 'crm row 2', original: { id: 'b', name: null } },
    ]);
  });

  it('are as they were when the reading began', async ({ onTestFinished }) => {
    const { open, database } = bench(`PRAGMA journal_mode = WAL; ${numbers(5)}`, { onTestFinished });
    const seen: unknown[] = [];
    for await (const { original } of (await open({ page_size: 2 })).rows()) {
      seen.push(original);
      if (seen.length === 1) database.exec(`UPDATE customers SET name = 'changed'; DELETE FROM customers WHERE id = 5`);
    }
    expect(seen).toHaveLength(5);
    expect(JSON.stringify(seen)).not.toContain('changed');
  });

  it('come in pages by key', async ({ onTestFinished }) => {
    const { open } = bench(numbers(25), { onTestFinished });
    const ids = await idsOf(await open({ paging: 'keyset', page_size: 10 }));
    expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });

  it.for([
    ['a query made of the other', {}],
    [
      'a query of the user',
      { by_ids: 'SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each($1));' },
    ],
  ])('are fetched by id with %s', async ([_, settings], { onTestFinished }) => {
    const { open } = bench(`INSERT INTO customers VALUES ('a', 'Ann', 1), ('o''b', 'Bo', 2), ('c', 'Cy', 3)`, {
      onTestFinished,
    });
    const iterate = vi.spyOn(StatementSync.prototype, 'iterate');
    onTestFinished(() => iterate.mockRestore());
    const found = [];
    for await (const { value } of (await open(settings)).byIds?.(["o'b", 'c', 'none']) ?? []) found.push(value);
    expect(found).toEqual([
      { id: "o'b", name: 'Bo' },
      { id: 'c', name: 'Cy' },
    ]);
    // By the whole name, as every Node binds it.
    expect(iterate.mock.calls).toEqual([[{ '?1': JSON.stringify(["o'b", 'c', 'none']) }]]);
  });

  it.for<[string, [string, string, string]]>([
    ['text with T and Z', ["'2026-01-01T11:51:00.000Z'", "'2026-01-01T12:00:00.000Z'", "'2026-01-01T10:00:00.000Z'"]],
    ['text with a space', ["'2026-01-01 11:51:00'", "'2026-01-01 12:00:00'", "'2026-01-01 10:00:00'"]],
    ['seconds', ['1767268260', '1767268800', '1767261600']],
    ['milliseconds', ['1767268260000', '1767268800000', '1767261600000']],
  ])('have a watermark that is %s', async ([_, [within, last, before]], { onTestFinished }) => {
    const { open } = bench(
      `INSERT INTO customers VALUES ('within', 'A', ${within}), ('last', 'B', ${last}), ('before', 'C', ${before}), ('never', 'D', NULL)`,
      { onTestFinished },
    );
    const source = await open({
      query: 'SELECT id, updated_at FROM customers',
      watermark: { column: 'updated_at', overlap: '10m' },
    });
    const rows = await rowsOf(source);
    expect(rows.map(({ original }) => Object(original).id)).toEqual(['never', 'before', 'within', 'last']);
    expect(await idsOf(source, rows.at(-1)?.position)).toEqual(['never', 'within', 'last']);
  });

  it('leave the file as it is', async ({ onTestFinished }) => {
    const { open, path } = bench(numbers(3), { onTestFinished });
    const before = statSync(path).mtimeMs;
    await rowsOf(await open());
    expect(statSync(path).mtimeMs).toBe(before);
  });
});

describe('SQLite is refused, and says why', () => {
  it.for([
    [
      'a table that is not there',
      { query: 'SELECT * FROM custmers' },
      'crm: the query is refused: no such table: custmers',
    ],
    [
      'a column that is not there',
      { query: 'SELECT nmae FROM customers' },
      'crm: the query is refused: no such column: nmae',
    ],
    [
      'two statements',
      { query: 'SELECT id FROM customers; DELETE FROM customers' },
      'crm: the query is refused: near ";": syntax error',
    ],
    [
      'a statement that writes',
      { query: 'DELETE FROM customers RETURNING id' },
      'crm: the query is refused: near "DELETE": syntax error',
    ],
    ['a file that is not there', { path: 'none.db' }, /^crm: there is no file .*none\.db$/],
    ['a file of another kind', { path: 'not-a-database.db' }, 'crm: the file is damaged, or is not a SQLite database'],
    [
      'a column that no customer has',
      { query: 'SELECT id, name AS nmae FROM customers' },
      /^crm: "nmae" \(did you mean "name"\?\) is not a field/,
    ],
  ])('%s', async ([_, settings, expected], { onTestFinished }) => {
    const { open } = bench(numbers(3), { onTestFinished });
    await expect(open(settings)).rejects.toThrow(expected);
  });

  it('binary data, for that row and column alone', async ({ onTestFinished }) => {
    const { open } = bench(`INSERT INTO customers VALUES ('a', x'ff00', 1), ('b', 'Bo', 2)`, { onTestFinished });
    const rows = await rowsOf(await open());
    expect(rows[0]).toMatchObject({ at: 'crm row 1', problems: [{ field: 'name', message: 'holds binary data' }] });
    expect(rows[1]?.problems).toBeUndefined();
  });
});
