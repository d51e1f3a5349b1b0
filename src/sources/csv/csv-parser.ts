import { isSuspect } from '../text/row-text.js';
import { findLineEnd } from './scan-record.js';
import { type FoundRecord, takeRecord } from './take-record.js';

export interface CsvRecord extends FoundRecord {
  /** The line on which it starts, from 1. */
  readonly line: number;
}

/** A record that is open for longer than this is not looked at again with every block. */
const longRecordLength = 65_536;

/**
 * Cuts blocks of text into records. The first one, the header, sets how many cells the others must have. Records
 * without any value do not come out: spreadsheets write them below the last row.
 *
 * csv-parse reads each record by itself: over a whole file it would stop at a stray quote, or drop every row up to the
 * next.
 */
export function createCsvParser(delimiter: string) {
  let rest = '';
  let line = 1;
  let width: number | undefined;
  /** Whether `rest` begins within a line that is too long, and was reported. */
  let skipping = false;
  let suspect = false;
  /** Less than this is not worth another look; its doubling keeps the work on an open quote in proportion to the text. */
  let awaitedLength = 0;

  /** Takes what can be taken from `rest`. */
  function drain(whole: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let position = skipping ? endSkipping(whole) : 0;
    while (position < rest.length) {
      const taken = takeRecord(rest, position, { delimiter, width, suspect, whole });
      if (taken === undefined) break;
      const { record, lines, next } = taken;
      if (record !== undefined) {
        records.push({ line, ...record });
        if (record.problem === undefined) width ??= record.cells.length;
      }
      if (next === undefined) {
        skipping = true;
        break;
      }
      line += lines;
      position = next;
    }
    rest = rest.slice(position);
    awaitedLength = rest.length > longRecordLength ? 2 * rest.length : 0;
    return records;
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
