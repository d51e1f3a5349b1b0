import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import { errorCode } from '../../sources/file-error.js';

const notALedger =
  'Name another file under "ledger" of the configuration. If this one was the ledger, bring back a copy of it, or move it away and run with --first-run.';

const faults: Readonly<Record<number, readonly [what: string, remedy: string]>> = {
  5: ['is locked by another program', 'End that program, then run again.'],
  8: ['may not be written to', 'Give this user the right to write to the file and to its folder.'],
  10: ['cannot be read or written: the disk failed', 'Check the disk, then run again; what was written stays.'],
  11: [
    'is damaged',
    'Bring back a copy of it, or move it away and run with --first-run: customers are then compared with the provider.',
  ],
  13: ['cannot be written: the disk is full', 'Make room, then run again; what was written stays.'],
  14: ['cannot be opened', 'Name a file in a folder that exists and may be written to.'],
  26: ['is not a ledger', notALedger],
};

/** SQLite's words as ours. Whatever is not a fault of the file is a fault of the program, and left as it is. */
export function ledgerError(error: unknown, path: string): unknown {
  if (isCustomerSyncError(error) || typeof error !== 'object' || error === null) return error;
  if ('syscall' in error) return fileFault(error, path);
  const fault = faults[faultOf(error)];
  if (fault === undefined) return error;
  return configError(`the ledger ${path} ${fault[0]}`, fault[1]);
}

/** Something other than a ledger, under the ledger's name. */
export function noLedgerInFile(path: string): CustomerSyncError {
  return configError(`the ledger ${path} is not a ledger`, notALedger);
}

export function emptyLedger(path: string): CustomerSyncError {
  return configError(
    `the ledger ${path} is empty`,
    'Bring back a copy of it. If nothing was ever sent, or it is lost, run with --first-run: customers are then compared with the provider.',
  );
}

/** SQLite's primary code; the extended one tells more in its higher bytes. */
function faultOf(error: object): number {
  const code = Number(Reflect.get(error, 'errcode')) & 0xff;
  // Our statements are fixed, so a table that they do not find was taken out of the file.
  return code === 1 && /^no such (table|column)/.test(String(Reflect.get(error, 'message'))) ? 11 : code;
}

/** The ledger, its key or its lock is a folder, or may not be touched. */
function fileFault(error: object, path: string): CustomerSyncError {
  const place = String(Reflect.get(error, 'path') ?? path);
  const what = errorCode(error) === 'EISDIR' ? 'is a directory' : `cannot be opened (${errorCode(error)})`;
  return configError(
    `${place} ${what}`,
    'A ledger, its .key and its .lock are files that this user may read and write.',
  );
}

function configError(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}
