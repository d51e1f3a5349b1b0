import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvRecord } from '../../src/sources/csv/csv-parser.js';
import { cellsOf, delimiter, read, readBlocks } from './parse-csv.js';

const outline = (records: readonly CsvRecord[]) =>
  records.map(({ line, cells, problem }) => [line, cells, problem?.message ?? 'ok']);

describe('broken records', () => {
  it.each([
    [
      'a quote inside a plain cell',
      '2,x"y',
      [2, ['2', 'x"y'], 'has a quote inside a cell that is not quoted; put the cell in quotes and double those in it'],
    ],
    [
      'text behind a closing quote',
      '2,"x"y',
      [2, ['2', '"x"y'], 'has text behind its closing quote; double the quotes that belong to the text'],
    ],
    ['a quote that is never closed', '2,"xy', [2, ['2', '"xy'], 'begins with a quote that is never closed']],
    ['too few cells', '2', [2, ['2'], 'has 1 cell, the header has 2']],
    ['too many cells', '2,x,y', [2, ['2', 'x', 'y'], 'has 3 cells, the header has 2']],
    ['a NUL character', '2,x\0', [2, ['2', 'x\0'], 'holds a NUL character']],
  ])('reports %s and goes on with the next line', (_, line, expected) => {
    expect(outline(read(`a,b\n${line}\n3,z\n`))).toEqual([[1, ['a', 'b'], 'ok'], expected, [3, ['3', 'z'], 'ok']]);
  });

  it('loses no row between two quotes that are never closed', () => {
    const records = read('id,name,city\n1,"Acme,Berlin\n2,Foo,Paris\n3,"Bar,Rome\n4,Baz,Oslo\n');
    expect(records.map(({ line, problem }) => [line, problem === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, true],
    ]);
  });

  it('loses no row when a later stray quote seems to close the first', () => {
    const records = read('id,name,city\n1,"Acme,Berlin\n2,Foo,Paris\n3,Bar,"\n4,Baz,Oslo\n');
    expect(records.map(({ line, problem }) => [line, problem === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, true],
    ]);
  });

  it('takes a well-formed record of several lines with the wrong number of cells as one', () => {
    expect(outline(read('a,b\n1,"x\ny",z\n2,w\n'))).toEqual([
      [1, ['a', 'b'], 'ok'],
      [2, ['1', 'x\ny', 'z'], 'has 3 cells, the header has 2'],
      [4, ['2', 'w'], 'ok'],
    ]);
  });

  it('names the cell at fault', () => {
    expect(read('a,b\n1,x"y\n')[1]?.problem?.cell).toBe(1);
  });

  it('gives up an open quote after 1 MB and reads the lines below it', () => {
    const filler = `2,${'y'.repeat(97)}\n`.repeat(12_000);
    const records = read(`a,b\n1,"x\n${filler}`);
    expect(records).toHaveLength(12_002);
    expect(records.filter(({ problem }) => problem !== undefined).map(({ line }) => line)).toEqual([2]);
  });

  // Were the open cell read again with every block, this would take minutes.
  it('gives up an open quote in text that comes in small blocks', () => {
    const blocks = ['2,', ...Array.from({ length: 9 }, () => 'yyyyyyyyyy'), 'yyyyyyy\n'];
    const records = readBlocks(['a,b\n1,"x\n', ...Array.from({ length: 12_000 }, () => blocks).flat()]);
    expect(records).toHaveLength(12_002);
    expect(records.filter(({ problem }) => problem !== undefined).map(({ line }) => line)).toEqual([2]);
  });

  it('reads a long cell of many lines alike, at once and in small blocks', () => {
    const text = `a,b\n1,"${'line\n'.repeat(60_000)}"\n2,y\n`;
    const blocks = Array.from({ length: Math.ceil(text.length / 1000) }, (_, index) =>
      text.slice(index * 1000, (index + 1) * 1000),
    );
    const records = read(text);
    expect(records.map(({ line, lines, problem }) => [line, lines, problem])).toEqual([
      [1, 1, undefined],
      [2, 60_001, undefined],
      [60_003, 1, undefined],
    ]);
    expect(readBlocks(blocks)).toEqual(records);
  });

  it.each([
    ['at once', [`a,b\n1,${'x'.repeat(1_100_000)}\n2,y\n`]],
    ['in blocks', ['a,b\n1,', ...Array.from({ length: 11 }, () => 'x'.repeat(100_000)), '\r', '\n2,y\n']],
    ['without an end of its own', [`a,b\n1,${'x'.repeat(1_100_000)}`, `x\r`, '2,y\n']],
  ])('reports a line longer than 1 MB once and reads the next, coming %s', (_, texts) => {
    const records = readBlocks(texts);
    expect(records.map(({ line, problem }) => [line, problem?.message])).toEqual([
      [1, undefined],
      [2, 'is longer than 1 MB'],
      [3, undefined],
    ]);
    expect(records[1]?.cells[0]).toHaveLength(1000);
  });
});
const trickyText = fc.string({
  unit: fc.constantFrom('a', 'é', '😀', ',', ';', '\t', '|', '"', '\n', '\r', ' ', "'"),
  maxLength: 8,
});
const anyText = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
const cell = fc.oneof(trickyText, anyText);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));

const written = (rows: readonly (readonly string[])[], by: string, lineEnd: string, quoteAll: boolean) =>
  rows
    .map((row) =>
      row.map((text) => (quoteAll || /[",;\t|\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(by),
    )
    .join(lineEnd);

const hasValue = (row: readonly string[]) => row.some((text) => text.trim() !== '');

describe('any table', () => {
  it('is read back as it was written, however it was quoted', () => {
    fc.assert(
      fc.property(
        table,
        delimiter,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (rows, by, lineEnd, quoteAll) => {
          expect(cellsOf(read(written(rows, by, lineEnd, quoteAll), by))).toEqual(rows.filter(hasValue));
        },
      ),
    );
  });

  it('is read as csv-parse reads it', () => {
    fc.assert(
      fc.property(table, delimiter, fc.boolean(), (rows, by, quoteAll) => {
        const text = written(rows, by, '\n', quoteAll);
        const expected = parse(text, {
          delimiter: by,
          record_delimiter: ['\r\n', '\n', '\r'],
          relax_column_count: true,
        });
        expect(cellsOf(read(text, by))).toEqual(expected.filter(hasValue));
      }),
    );
  });
});

describe('any text', () => {
  const csvLike = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r', ' '), maxLength: 60 });

  it('gives the same records however it is cut into blocks', () => {
    fc.assert(
      fc.property(csvLike, fc.array(fc.nat(60), { maxLength: 6 }), (text, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const texts = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
        expect(readBlocks(texts)).toEqual(read(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives records that start on ever later lines of it', () => {
    fc.assert(
      fc.property(csvLike, (text) => {
        const lines = read(text).map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        expect(lines.at(-1) ?? 1).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
      }),
    );
  });
});

describe('every row of a file', () => {
  const kinds = {
    good: (id: string) => `${id},x,y`,
    severalLines: (id: string) => `${id},"two\nlines, ""quoted""",y`,
    tooFew: (id: string) => `${id},x`,
    tooMany: (id: string) => `${id},x,y,z`,
    tooManyOnSeveralLines: (id: string) => `${id},"two\nlines",y,z`,
    strayQuote: (id: string) => `${id},x"z,y`,
    neverClosed: (id: string) => `${id},"x,y`,
    badClosing: (id: string) => `${id},"x"z,y`,
  };
  const isGood = (kind: string) => kind === 'good' || kind === 'severalLines';

  it('comes out exactly once, good or with its problem', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(kinds)), { maxLength: 15 }), (names) => {
        const lines = names.map((kind, index) => kinds[kind as keyof typeof kinds](`id${index}`));
        const records = read(['a,b,c', ...lines].join('\n')).slice(1);
        expect(records.map(({ cells }) => cells[0])).toEqual(names.map((_, index) => `id${index}`));
        expect(records.map(({ problem }) => problem === undefined)).toEqual(names.map(isGood));
      }),
      { numRuns: 500 },
    );
  });
});
