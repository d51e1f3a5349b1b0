import { keptOfTooLong, maxRowLength, tooLong } from '../customer-source.js';
import { isSuspect, textProblem } from '../text/row-text.js';
import { findLineEnd, looseCells, type ScannedRecord, scanRecord } from './scan-record.js';

export interface CsvRecord {
  /** The line on which it starts, from 1. */
  readonly line: number;
  /** How many lines it takes. */
  readonly lines: number;
  /** As the file has them; of a broken line those that can be told apart. */
  readonly cells: readonly string[];
  readonly problem?: CsvProblem;
}

export interface CsvProblem {
  readonly message: string;
  /** Index of the cell at fault, where it is one. */
  readonly cell?: number;
}

/** A record that is open for longer than this is not looked at again with every block. */
const longRecordLength = 65_536;

/**
 * Cuts blocks of text into records. The first one, the header, sets how many cells the others must have. Records
 * without any value do not come out: spreadsheets write them below the last row.
 *
 * A stray quote opens a cell that runs on until the next quote, which may be at the end of the file. So a record that
 * takes several lines and does not come out right is not believed: its first line alone is reported, and reading goes on
 * with the line below. It does not come out right when its quotes are wrong, when it is longer than a row may be, or
 * when it has the wrong number of cells while its second line by itself has the right one.
 * csv-parse reads each record by itself: over a whole file it would stop at such a quote, or drop every row up to the next.
 */
export function createCsvParser(delimiter: string) {
  let rest = '';
  let line = 1;
  let width: number | undefined;
  let skipping = false;
  let suspect = false;
  /** Less than this is not worth another look; its doubling keeps the work on an open quote in proportion to the text. */
  let awaitedLength = 0;

  /** Takes what can be taken from `rest`. */
  function drain(whole: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let position = skipping ? endSkipping(whole) : 0;
    while (position < rest.length) {
      const scanned = scanRecord(rest, position, delimiter, whole);
      const next = isPlausible(scanned, position)
        ? takeRecord(records, scanned, position)
        : takeBroken(records, scanned, position, whole);
      if (next === undefined) break;
      position = next;
    }
    rest = rest.slice(position);
    awaitedLength = rest.length > longRecordLength ? 2 * rest.length : 0;
    return records;
  }

  type Complete = Extract<ScannedRecord, { kind: 'record' }>;

  function isPlausible(scanned: ScannedRecord, position: number): scanned is Complete {
    if (scanned.kind !== 'record' || scanned.end - position > maxRowLength) return false;
    return width === undefined || scanned.cells.length === width;
  }

  function takeRecord(
    records: CsvRecord[],
    { cells, end, lines }: Complete,
    position: number,
    problem?: CsvProblem,
  ): number {
    const start = line;
    line += lines;
    if (isEmpty(cells)) return end;
    width ??= cells.length;
    const damage = suspect ? textProblem(rest.slice(position, end)) : undefined;
    const found = damage === undefined ? problem : { message: damage };
    records.push({ line: start, lines, cells, ...(found !== undefined && { problem: found }) });
    return end;
  }

  /** Answers `undefined` when the next block has to be seen first. */
  function takeBroken(
    records: CsvRecord[],
    scanned: ScannedRecord,
    position: number,
    whole: boolean,
  ): number | undefined {
    if (scanned.kind === 'incomplete' && rest.length - position <= maxRowLength) return undefined;
    const first = findLineEnd(rest, position, whole);
    if (first === undefined && rest.length - position <= maxRowLength) return undefined;
    if (first === undefined || first.textEnd - position > maxRowLength) {
      records.push({
        line,
        lines: 1,
        cells: [rest.slice(position, position + keptOfTooLong)],
        problem: { message: tooLong },
      });
      skipping = first === undefined;
      if (first !== undefined) line += 1;
      return first?.next;
    }
    if (scanned.kind === 'record' && scanned.end - position <= maxRowLength && !looksLikeRow(first.next, scanned.end)) {
      const count = scanned.cells.length;
      const message = `has ${count} ${count === 1 ? 'cell' : 'cells'}, the header has ${width}`;
      return takeRecord(records, scanned, position, { message });
    }
    records.push(brokenLine(rest.slice(position, first.textEnd)));
    line += 1;
    return first.next;
  }

  /** Whether the line from `start` is a row by itself; not one that ends the record, which is no second line. */
  function looksLikeRow(start: number, recordEnd: number): boolean {
    if (start >= recordEnd) return false;
    const second = findLineEnd(rest, start, true);
    const scanned = scanRecord(rest.slice(start, second?.textEnd), 0, delimiter, true);
    return scanned.kind === 'record' && scanned.cells.length === width;
  }

  function brokenLine(text: string): CsvRecord {
    const scanned = scanRecord(text, 0, delimiter, true);
    if (scanned.kind !== 'broken') return { line, lines: 1, cells: [text], problem: { message: tooLong } };
    const { cell, message } = scanned;
    return { line, lines: 1, cells: looseCells(text, delimiter), problem: { cell, message } };
  }

  function endSkipping(whole: boolean): number {
    const end = findLineEnd(rest, 0, whole);
    if (end === undefined) return rest.endsWith('\r') ? rest.length - 1 : rest.length;
    skipping = false;
    line += 1;
    return end.next;
  }

  return {
    push(block: string): CsvRecord[] {
      suspect ||= isSuspect(block);
      rest += block;
      return rest.length < awaitedLength ? [] : drain(false);
    },
    end: (): CsvRecord[] => drain(true),
  };
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
