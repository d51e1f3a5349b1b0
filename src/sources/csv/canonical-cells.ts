import { compileSetter } from '../../core/mapping/path.js';
import type { FieldProblem } from '../../core/zod-issues.js';
import type { ReadCustomer } from '../customer-source.js';
import { canonicalColumns } from './header.js';

export type ReadCells = (cells: readonly string[]) => ReadCustomer;

/** Rows whose columns have the names of canonical fields. A blank cell says nothing. */
export function compileCanonicalCells(columns: readonly string[], name: string): ReadCells {
  const writers = canonicalColumns(columns, name).map((keys) => (keys === undefined ? undefined : compileWriter(keys)));
  return (cells) => {
    const value: Record<string, unknown> = {};
    let problems: FieldProblem[] | undefined;
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index] ?? '';
      if (cell === '' || cell.trim() === '') continue;
      const write = writers[index];
      if (write !== undefined) write(value, cell);
      else problems = [{ field: '', message: `has a value in cell ${index + 1}, whose column has no name` }];
    }
    return problems === undefined ? { value } : { value, problems };
  };
}

function compileWriter(keys: readonly string[]): (value: Record<string, unknown>, cell: string) => void {
  const put = compileSetter(keys);
  if (keys[0] !== 'provider_fields') return put;
  return (value, cell) => put(value, readJsonCell(cell));
}

/**
 * Fields of a provider are checked by the provider's own schema, which wants numbers and booleans where the normaliser
 * cannot know it. So `true`, `30`, `[...]` and `{...}` are read as JSON, and `"30"` with its quotes is the text. Numbers
 * count only as a computer writes them: `007`, `1e5` and digits beyond 2^53 are text, and so is `null`.
 */
function readJsonCell(cell: string): unknown {
  const text = cell.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d/.test(text)) return String(Number(text)) === text && isExact(Number(text)) ? Number(text) : cell;
  if (!/^["[{]/.test(text)) return cell;
  try {
    return JSON.parse(text);
  } catch {
    return cell;
  }
}

function isExact(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number);
}
