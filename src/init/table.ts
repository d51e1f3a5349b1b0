import { CustomerSyncError } from '../core/errors.js';
import { formatPath, isObject, refusedKeys } from '../core/mapping/path.js';
import { problemText } from '../core/zod-issues.js';
import { headerMissing, looksLikeData } from '../sources/csv/header.js';
import type { CompiledSourceMapping } from '../sources/mapping/compile-source-mapping.js';
import { type CustomerSource, openSource, type SourceOptions } from '../sources/open-source.js';

/** One row of a sample. Values are as the source has them; an empty cell is not there. */
export interface SampleRow {
  readonly at: string;
  /** By path. */
  readonly cells: ReadonlyMap<string, unknown>;
  /** What a source mapping is applied to. */
  readonly row: unknown;
}

export interface Column {
  /** As the source has it: a column of a CSV file, or a path into an object. */
  readonly name: string;
  /** As a mapping writes it. */
  readonly path: string;
}

/** The beginning of a source, before anything is known of what its columns mean. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly SampleRow[];
  /** Rows that could not be read. */
  readonly unreadable: number;
  readonly notices: readonly string[];
}

/** Enough to tell what a column holds, and read in an instant. */
export const sampleRows = 1000;

/** A mapping that looks at nothing, so that the rows come out as they are. */
const noMapping: CompiledSourceMapping = {
  name: 'init',
  fields: {},
  paths: [],
  ignored: [],
  apply: (row) => ({ value: isObject(row) ? row : {}, problems: [] }),
};

/** @throws CustomerSyncError `config` when the file cannot be read, or names no columns. */
export async function readTable(options: Omit<SourceOptions, 'sourceMapping' | 'normalise'>): Promise<Table> {
  const source = await openSource({ ...options, sourceMapping: noMapping });
  if (source.columns !== undefined && looksLikeData(source.columns)) throw headerMissing(source.name);
  const rows: SampleRow[] = [];
  let unreadable = 0;
  let firstProblem: string | undefined;
  for await (const { value, original, problems, at = source.name } of source.rows()) {
    if (problems !== undefined) {
      unreadable += 1;
      firstProblem ??= `${at} ${problems.map(problemText).join(', ')}`;
    } else rows.push(sampleRow(at, source.columns === undefined ? value : cellsOf(source.columns, original)));
    if (rows.length + unreadable >= sampleRows) break;
  }
  if (rows.length === 0) throw noRows(source.name, firstProblem);
  return { name: source.name, columns: columnsOf(source, rows), rows, unreadable, notices: source.notices };
}

function columnsOf({ columns }: CustomerSource, rows: readonly SampleRow[]): Column[] {
  if (columns === undefined) {
    return [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))].map((path) => ({ name: path, path }));
  }
  return columns.filter((name) => name !== '').map((name) => ({ name, path: formatPath([name]) }));
}

function cellsOf(columns: readonly string[], cells: unknown): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  if (!Array.isArray(cells)) return row;
  for (const [index, column] of columns.entries()) {
    const cell: unknown = cells[index];
    if (column === '' || refusedKeys.has(column) || typeof cell !== 'string' || cell.trim() === '') continue;
    row[column] = cell;
  }
  return row;
}

export function sampleRow(at: string, row: unknown): SampleRow {
  return { at, row, cells: new Map(leaves(row, [])) };
}

/** Deeper than any row of customers. */
const deepest = 6;

/** Every value that is no object, by its path. A list is one value. */
function leaves(value: unknown, keys: readonly string[]): [string, unknown][] {
  if (!isObject(value) || Array.isArray(value)) return keys.length === 0 ? [] : [[formatPath(keys), value]];
  if (keys.length >= deepest) return [];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...keys, key]));
}

/** @param firstProblem where a row stands that cannot be read, and why */
export function noRows(name: string, firstProblem?: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${name} has no row that can be read${firstProblem === undefined ? '' : `: ${firstProblem}`}`,
    remedy: 'Give one with at least one customer; what a column holds is told by its values as well as by its name.',
  });
}
