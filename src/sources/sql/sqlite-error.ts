import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import { isObject } from '../../core/mapping/path.js';

/** What SQLite says is not quoted where a customer's data could be in it. @param row the last one that was read. */
export function sqliteError(name: string, error: unknown, row = 0): CustomerSyncError {
  if (isCustomerSyncError(error)) return error;
  const message = error instanceof Error ? error.message : 'unknown error';
  const code = isObject(error) && typeof error['errcode'] === 'number' ? error['errcode'] & 0xff : 0;
  const where = row > 0 ? ` after row ${row}` : '';
  const [what, remedy] = explain(code, message);
  return sqliteProblem(name, `${what}${where}`, remedy);
}

/** Result codes of SQLite: https://www.sqlite.org/rescode.html */
function explain(code: number, message: string): readonly [what: string, remedy: string] {
  switch (code) {
    case 5:
    case 6:
      return ['the database is locked by another program', 'Run again when it is done, or let the database use WAL.'];
    case 8:
      return ['the query would write, and the database is opened for reading only', 'Use one SELECT.'];
    case 11:
    case 26:
      return ['the file is damaged, or is not a SQLite database', 'Check "path", or bring back a copy.'];
    case 14:
      return ['the file cannot be opened', 'Check its permissions and those of its folder.'];
    case 1:
      return [
        `the query is refused: ${message.replace(/"[^"]*@[^"]*"/g, '"..."')}`,
        'Correct "query"; it must be one SELECT.',
      ];
    default:
      return [`the database cannot be read (SQLite code ${code})`, 'Check the file, and run again.'];
  }
}

export function sqliteProblem(name: string, what: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message: `${name}: ${what}`, remedy });
}
