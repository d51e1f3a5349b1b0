import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ledgerError } from './ledger-error.js';
import { loadSqlite } from './load-sqlite.js';
import { checkIsLedger, ledgerVersion, versionOf } from './migrations.js';
import { writerOf } from './writer-lock.js';

/** What can be said of the files of a ledger without its key, and without changing anything. */
export interface LedgerState {
  readonly version: number;
  /** That this program writes. */
  readonly programVersion: number;
  /** Who writes to it now, for people. */
  readonly writer: string | undefined;
  /** Files that others than their owner may read. */
  readonly open: readonly string[];
  readonly mayWrite: boolean;
}

/** `undefined` where there is no ledger. @throws CustomerSyncError `config` for a file that is none, or is damaged. */
export function inspectLedger(path: string): LedgerState | undefined {
  if (!existsSync(path)) return undefined;
  // Before it is opened, which makes the files beside it.
  const open = [path, `${path}-wal`, `${path}-shm`, `${path}.key`].filter(isOpen);
  const { DatabaseSync } = loadSqlite();
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      checkIsLedger(database, path, false);
      return {
        version: versionOf(database),
        programVersion: ledgerVersion,
        writer: writerOf(path),
        open,
        mayWrite: mayWrite(path) && mayWrite(dirname(path)),
      };
    } finally {
      database.close();
    }
  } catch (error) {
    throw ledgerError(error, path);
  }
}

function isOpen(path: string): boolean {
  // Windows keeps rights elsewhere, and shows the same mode for every file.
  return process.platform !== 'win32' && existsSync(path) && (statSync(path).mode & 0o077) !== 0;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
