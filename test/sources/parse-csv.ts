import fc from 'fast-check';
import { type CsvRecord, createCsvParser } from '../../src/sources/csv/csv-parser.js';

export function read(text: string, delimiter = ','): CsvRecord[] {
  return readBlocks([text], delimiter);
}

export function readBlocks(texts: readonly string[], delimiter = ','): CsvRecord[] {
  const parser = createCsvParser(delimiter);
  return [...texts.flatMap((text) => parser.push(text)), ...parser.end()];
}

export const cellsOf = (records: readonly CsvRecord[]) => records.map(({ cells }) => cells);

export const delimiter = fc.constantFrom(',', ';', '\t', '|');
