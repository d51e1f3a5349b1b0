import { CustomerSyncError } from '../core/errors.js';
import { nestedPair } from './nested-paths.js';

/** @throws CustomerSyncError `config` when one column lies inside another. */
export function checkNesting(
  columns: readonly { readonly column: string; readonly keys: readonly string[] }[],
  name: string,
): void {
  const pair = nestedPair(columns);
  if (pair === undefined) return;
  const [outer, inner] = pair;
  throw new CustomerSyncError('config', {
    message: `${name}: column "${inner.column}" lies inside column "${outer.column}"`,
    remedy: 'Keep one of the two, or rename one.',
  });
}

/** A table has tens of columns; a file that is no CSV at all may seem to have thousands. */
const listedColumns = 50;

/** Names of columns for a message. @param note what is to be said of each */
export function listColumns(columns: readonly string[], note: (column: string) => string = () => ''): string {
  const listed = columns.slice(0, listedColumns).map((column) => `"${column.slice(0, 60)}"${note(column)}`);
  const more = columns.length - listed.length;
  return `${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
