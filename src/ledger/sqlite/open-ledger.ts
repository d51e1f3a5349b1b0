import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { CustomerSyncError } from '../../core/errors.js';
import { createFingerprints } from '../fingerprints.js';
import type { Ledger } from '../ledger.js';
import { readLedgerKey } from '../ledger-key.js';
import { createPrivately } from '../private-file.js';
import { accountsOf, lostHolder } from './accounts.js';
import { customersOf } from './customers.js';
import { ledgerError } from './ledger-error.js';
import { type LedgerFile, statementsOf } from './ledger-file.js';
import { loadSqlite } from './load-sqlite.js';
import { checkIsLedger, migrate } from './migrations.js';
import { runsOf } from './runs.js';
import { settlementsOf } from './settlements.js';
import { createTransactions } from './transactions.js';
import { takeWriterLock, type WriterLock } from './writer-lock.js';

export interface LedgerOptions {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `read` leaves the file as it is and does not mind who writes it; where there is none, it reads an empty ledger. */
  readonly mode: 'write' | 'read';
  /** Who writes, for whoever finds the ledger locked: `run nightly`. */
  readonly command?: string | undefined;
  /** Whether it is a fault that there is none yet. */
  readonly mustExist?: boolean | undefined;
  /** The size of the file in pages of 4 kB that must not be exceeded. Default: as large as the disk. */
  readonly maxPages?: number | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Opens a ledger in a SQLite file, or makes one that only its owner can read.
 * @throws CustomerSyncError `config` when it is damaged, locked, missing, or of a newer program.
 */
export function openLedger(options: LedgerOptions): Ledger {
  const { mode, mustExist = false } = options;
  const path = resolve(options.path);
  const isThere = existsSync(path);
  if (mustExist && !isThere) throw missingLedger(path);
  const mayWrite = mode === 'write';
  let lock: WriterLock | undefined;
  let database: DatabaseSync | undefined;
  try {
    lock = mayWrite ? takeWriterLock(path, options.command ?? 'customer-sync') : undefined;
    if (mayWrite) createPrivately(path);
    const { DatabaseSync } = loadSqlite();
    const opened = mayWrite || isThere ? new DatabaseSync(path, { readOnly: !mayWrite }) : new DatabaseSync(':memory:');
    database = opened;
    opened.exec(`PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000`);
    if (isThere) checkIsLedger(opened, path, mayWrite && !mustExist);
    if (mayWrite) {
      opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
      for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) createPrivately(path + suffix);
    }
    if (options.maxPages !== undefined) opened.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    migrate(opened, path, mayWrite || !isThere);
    return openedLedger(opened, path, options, lock);
  } catch (error) {
    database?.close();
    lock?.release();
    throw ledgerError(error, path);
  }
}

function openedLedger(
  database: DatabaseSync,
  path: string,
  { env, mode, now = Date.now }: LedgerOptions,
  lock: WriterLock | undefined,
): Ledger {
  const mayWrite = mode === 'write';
  const fingerprints = createFingerprints(readLedgerKey(path, env, mayWrite));
  const statements = statementsOf(database, path);
  const key = agreeOnKey(statements, fingerprints.check, mayWrite);
  const file: LedgerFile = {
    ...statements,
    transactions: createTransactions(database, path),
    fingerprints,
    knowsKey: key !== 'other',
    mayWrite,
    now: () => new Date(now()).toISOString(),
  };
  return {
    notices: [
      ...(lock?.leftBy === undefined ? [] : [`${lock.leftBy} ended without finishing; its work is taken up again`]),
      ...(key === 'known'
        ? []
        : ['the key of the ledger is another one: customers are compared with the provider anew']),
    ],
    fingerprints,
    ...accountsOf(file),
    ...customersOf(file),
    ...settlementsOf(file),
    ...runsOf(file),
    async close() {
      if (!database.isOpen) return;
      database.close();
      lock?.release();
    },
  };
}

/**
 * With another key no hash says anything any more, so all are erased, and every customer is compared with what the
 * provider holds: a wrong key costs reads, and never writes.
 */
function agreeOnKey(
  { get, run }: Pick<LedgerFile, 'get' | 'run'>,
  check: string,
  mayWrite: boolean,
): 'known' | 'replaced' | 'other' {
  const known = get("SELECT value FROM settings WHERE name = 'key'")?.['value'];
  if (known === check) return 'known';
  if (!mayWrite) return known === undefined ? 'known' : 'other';
  run('BEGIN IMMEDIATE');
  if (known !== undefined) {
    run('UPDATE entries SET row_digest = NULL, version = NULL');
    run('DELETE FROM field_memory');
    run(`UPDATE accounts SET holder = '${lostHolder}' || number`);
  }
  run("INSERT OR REPLACE INTO settings (name, value) VALUES ('key', ?)", check);
  run('COMMIT');
  return known === undefined ? 'known' : 'replaced';
}

function missingLedger(path: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `there is no ledger ${path}`,
    remedy: 'If this is the first run, say so with --first-run; else bring the ledger back to its place.',
  });
}
