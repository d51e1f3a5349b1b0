import type { Warning } from '../../schemas/outcome.js';
import { withOtherProblems } from '../core/customer/parse-customer.js';
import type { FieldProblem } from '../core/zod-issues.js';
import type { SourceRow } from '../runner/row.js';

export type SourceFormat = 'jsonl' | 'json' | 'csv';

/** Customers on their way in, one row at a time. */
export interface CustomerSource {
  /** For messages: the file's own name, or `stdin`. */
  readonly name: string;
  /** Absent for stdin and for pipes. */
  readonly path?: string;
  readonly format: SourceFormat;
  /** CSV: the names of the header, in order; `''` for a column without a name. */
  readonly columns?: readonly string[];
  /** CSV with a source mapping: columns that it neither uses nor lists under `ignored`. */
  readonly ignoredColumns?: readonly string[];
  /** What the reader had to assume about the whole file; for people. */
  readonly notices: readonly string[];
  /** Whether `rows()` can be called again. False for stdin and for pipes. */
  readonly repeatable: boolean;
  /**
   * Reads from the start. Nothing is read ahead of the consumer but one block of the file.
   * @throws CustomerSyncError `config` when the file cannot be read to its end.
   */
  rows(): AsyncIterable<SourceRow>;
}

/** Turns what a source says into clean values; see the edge normaliser. */
export type Normalise = (input: unknown) => {
  readonly value: unknown;
  readonly notes: readonly Warning[];
  readonly problems: readonly FieldProblem[];
};

/** What a reader made of one row, before the normaliser. */
export interface ReadCustomer {
  readonly value: unknown;
  readonly problems?: readonly FieldProblem[];
  readonly notes?: readonly Warning[];
}

/**
 * Columns and keys that a file of rejects adds. Every reader drops them, so that the file can be fed again once it is
 * mended.
 */
export const rejectPrefix = '_reject_';

/** Units of text in one row. More is a broken file, or not a customer; it must not fill the memory. */
export const maxRowLength = 1_048_576;
export const tooLong = 'is longer than 1 MB';
/** How much of a row that is too long is kept, to recognise it by. */
export const keptOfTooLong = 1000;

export function toSourceRow(
  { value, problems, notes = [] }: ReadCustomer,
  at: string,
  original: unknown,
  normalise: Normalise | undefined,
): SourceRow {
  if (problems !== undefined && problems.length > 0)
    return { value, at, original, problems, ...(notes.length > 0 && { notes }) };
  if (normalise === undefined) return { value, at, original, ...(notes.length > 0 && { notes }) };
  const clean = normalise(value);
  const allNotes = notes.length === 0 ? clean.notes : [...notes, ...clean.notes];
  return {
    value: clean.value,
    at,
    original,
    ...(clean.problems.length > 0 && { problems: withOtherProblems(clean.problems, clean.value) }),
    ...(allNotes.length > 0 && { notes: allNotes }),
  };
}
