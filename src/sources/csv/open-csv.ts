import type { Warning } from '../../../schemas/outcome.js';
import type { SourceRow } from '../../runner/row.js';
import type { ByteSource } from '../byte-source.js';
import { type CustomerSource, type Normalise, rejectPrefix, toSourceRow } from '../customer-source.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { declaredEncoding, decodeSample, decodeText, type Encoding, guessEncoding } from '../text/encoding.js';
import { compileCanonicalCells, type ReadCells } from './canonical-cells.js';
import { type CsvRecord, createCsvParser } from './csv-parser.js';
import { checkDelimiter, detectDelimiter } from './delimiter.js';
import { readHeader } from './header.js';
import { compileMappedCells } from './mapped-cells.js';

export interface CsvOptions {
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: Encoding | undefined;
}

type CsvParts = Pick<CustomerSource, 'columns' | 'ignoredColumns' | 'notices' | 'rows'>;

/** @throws CustomerSyncError `config` when the header does not fit. */
export function openCsv(bytes: ByteSource, { sourceMapping, normalise, ...options }: CsvOptions): CsvParts {
  const { name, sample, sampleIsWhole } = bytes;
  const encoding = options.encoding ?? declaredEncoding(sample) ?? guessEncoding(sample, sampleIsWhole);
  const text = decodeSample(sample, encoding, sampleIsWhole);
  const delimiter = options.delimiter === undefined ? detectDelimiter(text) : checkDelimiter(options.delimiter);
  const header = readHeader(firstRecord(text, delimiter, sampleIsWhole), name);
  const kept = header.flatMap((column, index) => (column.startsWith(rejectPrefix) ? [] : [index]));
  const columns = kept.map((index) => header[index] ?? '');
  const { read, ignored } =
    sourceMapping === undefined
      ? { read: compileCanonicalCells(columns, name), ignored: undefined }
      : compileMappedCells(sourceMapping, columns, name);
  const toRow = compileToRow({ name, columns, kept, width: header.length, read, normalise });

  return {
    columns,
    ...(ignored !== undefined && { ignoredColumns: ignored }),
    notices:
      encoding === 'windows-1252' && options.encoding === undefined
        ? [`${name} is not UTF-8 and was read as Windows-1252; --encoding says otherwise`]
        : [],
    async *rows() {
      let headerSeen = false;
      for await (const records of readRecords(bytes, encoding, delimiter)) {
        for (const record of records) {
          if (headerSeen) yield toRow(record);
          headerSeen = true;
        }
      }
    },
  };
}

async function* readRecords(
  bytes: ByteSource,
  encoding: Encoding,
  delimiter: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const parser = createCsvParser(delimiter);
  for await (const block of decodeText(bytes.open(), encoding)) yield parser.push(block);
  yield parser.end();
}

function firstRecord(text: string, delimiter: string, whole: boolean): CsvRecord | undefined {
  const parser = createCsvParser(delimiter);
  return parser.push(text)[0] ?? (whole ? parser.end()[0] : undefined);
}

interface RowParts {
  readonly name: string;
  readonly columns: readonly string[];
  /** Indexes of the columns that are not those of a file of rejects. */
  readonly kept: readonly number[];
  readonly width: number;
  readonly read: ReadCells;
  readonly normalise: Normalise | undefined;
}

function compileToRow({ name, columns, kept, width, read, normalise }: RowParts): (record: CsvRecord) => SourceRow {
  const keepsAll = kept.length === width;
  const pick = (cells: readonly string[]) =>
    keepsAll ? cells : [...kept, ...surplus(cells, width)].flatMap((index) => cells[index] ?? []);
  return ({ line, lines, cells, problem }) => {
    const at = `${name} line ${line}`;
    const original = pick(cells);
    if (problem !== undefined) {
      return { at, original, problems: [{ field: fieldOf(problem.cell, kept, columns), message: problem.message }] };
    }
    const customer = read(original);
    const notes = [...longRowNotes(lines), ...spreadsheetIdNotes(customer.value)];
    return toSourceRow(notes.length === 0 ? customer : { ...customer, notes }, at, original, normalise);
  };
}

function surplus(cells: readonly string[], width: number): number[] {
  return Array.from({ length: Math.max(0, cells.length - width) }, (_, index) => width + index);
}

function fieldOf(cell: number | undefined, kept: readonly number[], columns: readonly string[]): string {
  return cell === undefined ? '' : (columns[kept.indexOf(cell)] ?? '');
}

/** Longer than an address or a note in a cell; what a forgotten quote makes of the rows below it is longer. */
const longRowLines = 20;

function longRowNotes(lines: number): Warning[] {
  if (lines <= longRowLines) return [];
  return [{ code: 'notice', message: `the row takes ${lines} lines; if it should not, a quote in it is not closed` }];
}

function spreadsheetIdNotes(value: unknown): Warning[] {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (typeof id !== 'string' || !/^\d(?:[.,]\d+)?E\+\d+$/i.test(id)) return [];
  return [
    {
      code: 'notice',
      field: 'id',
      message: 'looks like a long number that a spreadsheet has rounded; the true id is lost',
    },
  ];
}
