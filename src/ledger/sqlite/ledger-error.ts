import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';

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
  26: ['is not a ledger', 'Name another file.'],
};

/** SQLite's words as ours. Whatever is not a fault of the file is a fault of the program, and left as it is. */
export function ledgerError(error: unknown, path: string): unknown {
  if (isCustomerSyncError(error) || typeof error !== 'object' || error === null) return error;
  // The extended code tells more in its higher bytes.
  const code = Number(Reflect.get(error, 'errcode')) & 0xff;
  const fault = faults[code];
  if (fault === undefined) return error;
  return new CustomerSyncError('config', { message: `the ledger ${path} ${fault[0]}`, remedy: fault[1] });
}
