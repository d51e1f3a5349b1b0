import { keptOfTooLong, maxRowLength, tooLong } from '../customer-source.js';
import { textProblem } from '../text/row-text.js';
import { findLineEnd, looseCells, type ScannedRecord, scanRecord } from './scan-record.js';

/** What is known of a file where a record of it is to be taken. */
export interface Reading {
  readonly delimiter: string;
  /** How many cells a record must have. Absent for the first one, which sets it. */
  readonly width: number | undefined;
  /** Whether there may be damaged characters. */
  readonly suspect: boolean;
  /** Whether the text ends here, so that an unfinished record is finished by that. */
  readonly whole: boolean;
}

export interface FoundRecord {
  /** How many lines it takes. */
  readonly lines: number;
  /** As the file has them; of a broken line those that can be told apart. */
  readonly cells: readonly string[];
  readonly problem?: CsvProblem;
}

interface CsvProblem {
  readonly message: string;
  /** Index of the cell at fault, where it is one. */
  readonly cell?: number;
}

interface Taken {
  readonly lines: number;
  /** Absent where there is no value in it. */
  readonly record?: FoundRecord;
  /** Where the next record begins. Absent for a line that is too long and has no end yet. */
  readonly next?: number;
}

type Complete = Extract<ScannedRecord, { kind: 'record' }>;

/**
 * The record that begins at `start`; `undefined` when more of the text has to be seen first.
 *
 * A stray quote opens a cell that runs on until the next quote, which may be at the end of the file. So a record that
 * takes several lines and does not come out right is not believed: its first line alone is reported, and reading goes on
 * with the line below. It does not come out right when its quotes are wrong, when it is longer than a row may be, or
 * when it has the wrong number of cells while its second line by itself has the right one.
 */
export function takeRecord(text: string, start: number, reading: Reading): Taken | undefined {
  const { delimiter, width, whole } = reading;
  const scanned = scanRecord(text, start, delimiter, whole);
  const complete = scanned.kind === 'record' && scanned.end - start <= maxRowLength ? scanned : undefined;
  if (complete !== undefined && (width === undefined || complete.cells.length === width))
    return completeRecord(complete, text, start, reading);

  const mayGoOn = text.length - start <= maxRowLength;
  if (scanned.kind === 'incomplete' && mayGoOn) return undefined;
  const first = findLineEnd(text, start, whole);
  if (first === undefined && mayGoOn) return undefined;
  if (first === undefined || first.textEnd - start > maxRowLength) {
    const cells = [text.slice(start, start + keptOfTooLong)];
    const record = { lines: 1, cells, problem: { message: tooLong } };
    return { lines: 1, record, ...(first !== undefined && { next: first.next }) };
  }
  if (complete !== undefined && !hasRowWithin(text, first.next, complete.end, reading)) {
    const count = complete.cells.length;
    const message = `has ${count} ${count === 1 ? 'cell' : 'cells'}, the header has ${width}`;
    return completeRecord(complete, text, start, reading, { message });
  }
  return { lines: 1, record: brokenLine(text.slice(start, first.textEnd), delimiter), next: first.next };
}

function completeRecord(
  { cells, end, lines }: Complete,
  text: string,
  start: number,
  { suspect }: Reading,
  problem?: CsvProblem,
): Taken {
  if (cells.every((cell) => cell.trim() === '')) return { lines, next: end };
  const damage = suspect ? textProblem(text.slice(start, end)) : undefined;
  const found = damage === undefined ? problem : { message: damage };
  return { lines, record: { lines, cells, ...(found !== undefined && { problem: found }) }, next: end };
}

/** Whether the second line of a record is a row by itself. @param start where it begins, if there is one. */
function hasRowWithin(text: string, start: number, end: number, { delimiter, width }: Reading): boolean {
  if (start >= end) return false;
  const second = findLineEnd(text, start, true);
  const scanned = scanRecord(text.slice(start, second?.textEnd), 0, delimiter, true);
  return scanned.kind === 'record' && scanned.cells.length === width;
}

function brokenLine(line: string, delimiter: string): FoundRecord {
  const scanned = scanRecord(line, 0, delimiter, true);
  if (scanned.kind !== 'broken') return { lines: 1, cells: [line], problem: { message: tooLong } };
  const { cell, message } = scanned;
  return { lines: 1, cells: looseCells(line, delimiter), problem: { cell, message } };
}
