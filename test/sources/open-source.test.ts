import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Normalise } from '../../src/sources/customer-source.js';
import { fileError } from '../../src/sources/file-error.js';
import { openSource } from '../../src/sources/open-source.js';
import { blocks, failureOf, readRows, readText, rowsOf, temporaryFolder } from './reading.js';

const folder = temporaryFolder();
const lines = '{"id":"a1"}\n{"id":"a2"}\n';
const list = '[{"id":"a1"},{"id":"a2"}]';
const table = 'id,name\na1,\na2,\n';

describe('the format', () => {
  it.each([
    ['x.jsonl', lines, 'jsonl'],
    ['x.ndjson', lines, 'jsonl'],
    ['x.JSONL', lines, 'jsonl'],
    ['x.json', list, 'json'],
    ['x.json', '{\n"id":"a1"\n}', 'json'],
    ['x.json', lines, 'jsonl'],
    ['x.csv', table, 'csv'],
    ['x.tsv', 'id\tname\na1\tx\n', 'csv'],
    ['export', lines, 'jsonl'],
    ['export', list, 'json'],
    ['export', '{"id":"a1"}', 'json'],
    ['export', '{"id":"a1"}\n\n', 'json'],
    ['export.txt', table, 'csv'],
    ['bom', `\ufeff${list}`, 'json'],
  ])('of %s with %j is %s', async (name, text, format) => {
    expect((await openSource({ path: await folder.write(name, text) })).format).toBe(format);
  });

  it('is the one that is given', async () => {
    const path = await folder.write('customers.csv', lines);
    const source = await openSource({ path, format: 'jsonl' });
    expect([source.format, (await rowsOf(source)).map(({ value }) => value)]).toEqual([
      'jsonl',
      [{ id: 'a1' }, { id: 'a2' }],
    ]);
  });
});

describe('a packed file', () => {
  it.each([
    ['customers.csv.gz', table],
    ['customers.jsonl.gz', lines],
    ['customers.json.gz', list],
    ['customers.gz', lines],
  ])('is unpacked: %s', async (name, text) => {
    const path = await folder.write(name, gzipSync(text));
    const rows = await readRows({ path });
    expect(rows.map(({ value }) => value)).toEqual([{ id: 'a1' }, { id: 'a2' }]);
    expect(rows[0]?.at).toContain(name);
  });

  it('is unpacked from stdin, where it has no name', async () => {
    expect(await readText(gzipSync(lines))).toHaveLength(2);
  });

  it('is refused when it ends too early, at once if it is short', async () => {
    const path = await folder.write('short.csv.gz', gzipSync(table).subarray(0, 20));
    expect(await failureOf(openSource({ path }))).toMatchObject({
      code: 'config',
      message: expect.stringContaining('is a gzip file that ends too early'),
    });
  });

  it('fails the reading when its end is missing', async () => {
    const packed = gzipSync(Array.from({ length: 50_000 }, (_, index) => `{"id":"${Math.sin(index)}"}\n`).join(''));
    const path = await folder.write('long.jsonl.gz', packed.subarray(0, packed.length - 100));
    const source = await openSource({ path });
    expect(await failureOf(rowsOf(source))).toMatchObject({
      code: 'config',
      message: 'long.jsonl.gz: is a gzip file that ends too early',
    });
  });
});

describe('a source that cannot be used', () => {
  it('is a file that is not there, with the nearest one', async () => {
    await folder.write('clients.csv', table);
    const path = folder.path('client.csv');
    expect(await failureOf(openSource({ path }))).toEqual({
      code: 'config',
      message: `${path}: there is no such file (did you mean "clients.csv"?)`,
      remedy: 'Check the path. On the command line, "-" in its place reads from stdin.',
    });
  });

  it('is a file in a folder that is not there', async () => {
    expect((await failureOf(openSource({ path: folder.path('no/such/x.csv') }))).message).toContain(
      'there is no such file',
    );
  });

  it('is a directory', async () => {
    const path = folder.path('.');
    expect(await failureOf(openSource({ path }))).toMatchObject({ code: 'config', message: `${path}: is a directory` });
  });

  it.each([
    ['x.csv', ''],
    ['x.jsonl', ''],
    ['x.json', ' \n\n'],
    ['x', '\ufeff'],
    ['x.csv.gz', gzipSync('')],
  ])('is an empty %s', async (name, content) => {
    expect(await failureOf(openSource({ path: await folder.write(name, content) }))).toMatchObject({
      code: 'config',
      message: `${name} is empty`,
    });
  });

  it('is an empty stdin', async () => {
    expect((await failureOf(readText(''))).message).toBe('stdin is empty');
  });

  it.each([
    ['EACCES', 'x.csv: may not be read by this user'],
    ['EPERM', 'x.csv: may not be read by this user'],
    ['EIO', 'x.csv: cannot be read (EIO)'],
  ])('fails with %s', (code, message) => {
    expect(fileError('x.csv', Object.assign(new Error('/secret/path'), { code }))).toMatchObject({
      code: 'config',
      message,
    });
  });
});

describe('reading', () => {
  it.each([
    ['x.csv', table],
    ['x.jsonl', lines],
    ['x.json', list],
  ])('starts anew each time from a file: %s', async (name, text) => {
    const source = await openSource({ path: await folder.write(name, text) });
    expect(source.repeatable).toBe(true);
    expect(await rowsOf(source)).toEqual(await rowsOf(source));
  });

  it('from stdin is possible once', async () => {
    const source = await openSource({ path: '-', stdin: blocks(lines), format: 'jsonl' });
    expect(source.repeatable).toBe(false);
    expect(await rowsOf(source)).toHaveLength(2);
    expect((await failureOf(rowsOf(source))).message).toBe('stdin can be read only once');
  });

  it('from a pipe is possible once', async () => {
    const path = folder.path('pipe');
    execFileSync('mkfifo', [path]);
    const writing = writeFile(path, lines);
    const source = await openSource({ path });
    await writing;
    expect(source.repeatable).toBe(false);
    expect((await rowsOf(source)).map(({ value }) => value)).toEqual([{ id: 'a1' }, { id: 'a2' }]);
    expect((await failureOf(rowsOf(source))).message).toBe(`${path} can be read only once`);
  });

  it('takes stdin as text or as bytes', async () => {
    const source = await openSource({
      path: '-',
      stdin: blocks('{"id":"a1"}\n{"id":', Buffer.from('"ü"}\n')),
      format: 'jsonl',
    });
    expect((await rowsOf(source)).map(({ value }) => value)).toEqual([{ id: 'a1' }, { id: 'ü' }]);
  });
});

describe('the normaliser', () => {
  const upper: Normalise = (input) => ({
    value: { seen: input },
    notes: [{ code: 'normalised', field: 'name', message: 'changed' }],
    problems: [],
  });

  it.each([
    ['CSV', 'id,name\na1,x\n'],
    ['JSONL', '{"id":"a1","name":"x"}\n{"id":"a2"}'],
    ['JSON', '[{"id":"a1","name":"x"}]'],
  ])('sees every customer of %s', async (_, text) => {
    const [row] = await readText(text, { normalise: upper });
    expect(row?.value).toEqual({ seen: { id: 'a1', name: 'x' } });
    expect(row?.notes).toEqual([{ code: 'normalised', field: 'name', message: 'changed' }]);
  });

  it('adds its notes to those of the reader', async () => {
    const [row] = await readText('id,name\n1.23E+15,x\n', { normalise: upper });
    expect(row?.notes?.map(({ code }) => code)).toEqual(['notice', 'normalised']);
  });

  it('makes a row with its problems', async () => {
    const strict: Normalise = (value) => ({
      value,
      notes: [],
      problems: [{ field: 'phone', message: 'cannot be read' }],
    });
    const [row] = await readText('id,phone\na1,x\n', { normalise: strict });
    expect(row?.problems).toEqual([{ field: 'phone', message: 'cannot be read' }]);
  });

  it('is not asked about a row that could not be read', async () => {
    const rows = await readText('id,name\na1,x"y\na2,x,y\n', { normalise: upper });
    expect(rows.map(({ value }) => value)).toEqual([undefined, undefined]);
  });
});

describe('any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const textLike = fc
    .string({
      unit: fc.constantFrom(
        'id',
        'name',
        ',',
        ';',
        '\n',
        '\r',
        '"',
        '{',
        '}',
        '[',
        ']',
        ':',
        'a',
        '\0',
        '\u001f\u008b',
      ),
      maxLength: 40,
    })
    .map((text) => Buffer.from(text, 'latin1'));

  it.each(['csv', 'jsonl', 'json', undefined] as const)(
    'read as %s are rows, each with its place, or one of our errors',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            bytes,
            textLike,
            textLike.map((text) => Buffer.concat([Buffer.from('id,name\n'), text])),
          ),
          async (content) => {
            const rows = await readText(content, { format }).catch((error: unknown) => error);
            if (Array.isArray(rows)) expect(rows.every(({ at }) => typeof at === 'string')).toBe(true);
            else expect(rows).toMatchObject({ name: 'CustomerSyncError', code: 'config' });
          },
        ),
        { numRuns: 500 },
      );
    },
  );
});
