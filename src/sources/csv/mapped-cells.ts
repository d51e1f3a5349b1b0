import { CustomerSyncError } from '../../core/errors.js';
import { compileSetter, parsePath } from '../../core/mapping/path.js';
import { nearest } from '../../core/nearest.js';
import { checkNesting } from '../columns.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import type { ReadCells } from './canonical-cells.js';
import { headerMissing, looksLikeData } from './header.js';

interface MappedColumn {
  readonly column: string;
  readonly index: number;
  readonly keys: readonly string[];
}

/** Rows whose columns a source mapping explains. A blank cell says nothing. @throws CustomerSyncError `config`. */
export function compileMappedCells(
  mapping: CompiledSourceMapping,
  columns: readonly string[],
  name: string,
): { read: ReadCells; ignored: string[] } {
  const used = findColumns(mapping, columns, name);
  checkNesting(used, name);
  const known = new Set([...used.map(({ column }) => column), ...mapping.ignored, '']);
  const writers = used.map(({ index, keys }) => ({ index, put: compileSetter(keys) }));
  return {
    ignored: columns.filter((column) => !known.has(column)),
    read(cells) {
      const row: Record<string, unknown> = {};
      for (const { index, put } of writers) {
        const cell = cells[index] ?? '';
        if (cell !== '' && cell.trim() !== '') put(row, cell);
      }
      return mapping.apply(row);
    },
  };
}

/** A column is named as the header has it, dots included; the quoting of paths works as well. */
function findColumns(
  { name: mappingName, paths }: CompiledSourceMapping,
  columns: readonly string[],
  name: string,
): MappedColumn[] {
  const found = paths.map((path) => {
    const keys = parsePath(path);
    const column = columns.includes(path) ? path : keys.join('.');
    return { path, column, keys, index: columns.indexOf(column) };
  });
  const missing = found.filter(({ index }) => index === -1).map(({ path }) => path);
  if (missing.length === 0) return found;
  if (missing.length === paths.length && looksLikeData(columns)) throw headerMissing(name);
  throw new CustomerSyncError('config', {
    message: `${name}: it has no column ${missing.map((path) => `"${path}"${nearest(path, columns)}`).join(', ')}, which ${mappingName} names`,
    remedy: 'Correct the source mapping, or the header of the file.',
  });
}
