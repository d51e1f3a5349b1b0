import { CsvError, type Options, parse } from 'csv-parse/sync';

export type ScannedRecord =
  /** `end` is where the next record begins, `lines` how many lines this one takes. */
  | { readonly kind: 'record'; readonly cells: readonly string[]; readonly end: number; readonly lines: number }
  /** The text ends before the record does. */
  | { readonly kind: 'incomplete' }
  /** The quotes are wrong in the cell with this index. */
  | { readonly kind: 'broken'; readonly cell: number; readonly message: string };

const messages: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'has a quote inside a cell that is not quoted; put the cell in quotes and double those in it',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind its closing quote; double the quotes that belong to the text',
  CSV_QUOTE_NOT_CLOSED: 'begins with a quote that is never closed',
};

/**
 * Reads the record that begins at `start`. A record ends with the first line at which its quotes are even; csv-parse
 * reads the cells.
 *
 * @param whole whether the text ends here, so that an unfinished record is finished by that.
 */
export function scanRecord(text: string, start: number, delimiter: string, whole: boolean): ScannedRecord {
  let lines = 0;
  let isOpen = false;
  let position = start;
  for (;;) {
    const lineEnd = findLineEnd(text, position, whole);
    if (lineEnd === undefined) return { kind: 'incomplete' };
    if (lineEnd.oddQuotes) isOpen = !isOpen;
    lines += 1;
    position = lineEnd.next;
    const isLast = whole && position === text.length;
    if (isOpen && !isLast) continue;
    const cells = readCells(text.slice(start, lineEnd.textEnd), delimiter);
    return 'message' in cells ? { kind: 'broken', ...cells } : { kind: 'record', cells, end: position, lines };
  }
}

/** As many cells as can be told apart in a line whose quotes are wrong. */
export function looseCells(line: string, delimiter: string): readonly string[] {
  const cells = tryParse(line, { delimiter, relax_quotes: true });
  return cells instanceof CsvError ? line.split(delimiter) : cells;
}

function readCells(record: string, delimiter: string): readonly string[] | { cell: number; message: string } {
  const strict = tryParse(record, { delimiter });
  if (!(strict instanceof CsvError)) return strict;
  // People write spaces around quoted cells.
  const padded = tryParse(record, { delimiter, ltrim: true, rtrim: true });
  if (!(padded instanceof CsvError)) return padded;
  return { cell: Number(strict['column'] ?? 0), message: messages[strict.code] ?? 'cannot be read as CSV' };
}

function tryParse(record: string, options: Options): readonly string[] | CsvError {
  try {
    const [cells = ['']] = parse(record, { ...options, record_delimiter: ['\r\n', '\n', '\r'] });
    return cells;
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

interface LineEnd {
  readonly textEnd: number;
  /** Where the next line begins. */
  readonly next: number;
  readonly oddQuotes: boolean;
}

/** The first line end from `start`. */
export function findLineEnd(text: string, start: number, whole: boolean): LineEnd | undefined {
  let oddQuotes = false;
  for (let position = start; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === quote) oddQuotes = !oddQuotes;
    if (code === lineFeed) return { textEnd: position, next: position + 1, oddQuotes };
    if (code !== carriageReturn) continue;
    // The second half of a line end may be in the next block.
    if (position + 1 === text.length && !whole) return undefined;
    const length = text.charCodeAt(position + 1) === lineFeed ? 2 : 1;
    return { textEnd: position, next: position + length, oddQuotes };
  }
  return whole ? { textEnd: text.length, next: text.length, oddQuotes } : undefined;
}
