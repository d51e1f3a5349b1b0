import type { DatabaseSync } from 'node:sqlite';
import { CustomerSyncError } from '../../core/errors.js';
import { emptyLedger, noLedgerInFile } from './ledger-error.js';

/** Each brings a ledger from the version of its place to the next one. Never changed once released, only added to. */
const migrations: readonly string[] = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    origin TEXT NOT NULL,
    -- Keyed hash of the account's name or of its credential.
    holder TEXT NOT NULL,
    first_written_at TEXT,
    UNIQUE (provider, origin, holder)
  ) STRICT;

  CREATE TABLE connections (
    name TEXT PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE lanes (
    number INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    connection TEXT NOT NULL,
    UNIQUE (job, account)
  ) STRICT;

  CREATE TABLE customers (
    number INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts,
    customer_id TEXT NOT NULL,
    provider_id TEXT,
    UNIQUE (account, customer_id)
  ) STRICT;
  CREATE UNIQUE INDEX customers_by_record ON customers (account, provider_id) WHERE provider_id IS NOT NULL;
  CREATE INDEX customers_by_id ON customers (customer_id);

  CREATE TABLE entries (
    lane INTEGER NOT NULL REFERENCES lanes,
    customer INTEGER NOT NULL REFERENCES customers ON DELETE CASCADE,
    state TEXT NOT NULL,
    row_digest TEXT,
    version TEXT,
    PRIMARY KEY (lane, customer)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entries_by_customer ON entries (customer);

  CREATE TABLE field_memory (
    customer INTEGER PRIMARY KEY REFERENCES customers ON DELETE CASCADE,
    hashes TEXT NOT NULL,
    not_kept TEXT NOT NULL
  ) STRICT;

  CREATE TABLE intents (
    account INTEGER NOT NULL REFERENCES accounts,
    customer_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account, customer_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    started_at TEXT NOT NULL,
    report TEXT
  ) STRICT;
  CREATE INDEX runs_by_job ON runs (job);

  CREATE TABLE positions (job TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE failures (
    lane INTEGER NOT NULL REFERENCES lanes,
    customer_id TEXT NOT NULL,
    -- Whether it stands under a row's place because the row has no id.
    nameless INTEGER NOT NULL,
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    failure TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    last_run INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    same_answers INTEGER NOT NULL,
    retry_at TEXT,
    PRIMARY KEY (lane, customer_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE history (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    changed TEXT NOT NULL,
    -- Keyed hash of what was planned, to tell equal plans from others.
    plan TEXT
  ) STRICT;
  CREATE INDEX history_by_customer ON history (customer_id);
  `,
  // Values are hashed in another way from here on: who changes next is compared with what the provider holds.
  'DELETE FROM field_memory',
  // Once more in another way.
  'DELETE FROM field_memory',
  // Whoever notes that a customer has another record, or none, forgets what was sent to the one before, for all jobs.
  `
  CREATE TRIGGER record_changed AFTER UPDATE OF provider_id ON customers WHEN NEW.provider_id IS NOT OLD.provider_id
  BEGIN
    DELETE FROM field_memory WHERE customer = NEW.number;
    UPDATE entries SET row_digest = NULL WHERE customer = NEW.number;
  END;
  `,
  // Up to where a source is finished counts for those only who have read it, lane by lane and version by version.
  `ALTER TABLE positions ADD COLUMN readers TEXT NOT NULL DEFAULT '{}'`,
];

/** The version that this program writes. */
export const ledgerVersion = migrations.length;

export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/**
 * Refuses a file that migrations would make a ledger of, though it holds something else, or has lost what it held.
 * @param mayBegin whether an empty file becomes a ledger: a disk that was full leaves one behind
 */
export function checkIsLedger(database: DatabaseSync, path: string, mayBegin: boolean): void {
  if (versionOf(database) > 0) return;
  if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) throw noLedgerInFile(path);
  if (!mayBegin) throw emptyLedger(path);
}

/**
 * Brings a ledger to the version that this program writes.
 * @throws CustomerSyncError `config` for a ledger of a newer program.
 */
export function migrate(database: DatabaseSync, path: string, mayWrite: boolean): void {
  const version = versionOf(database);
  if (version === migrations.length) return;
  if (version > migrations.length || !mayWrite) {
    throw new CustomerSyncError('config', {
      message: `the ledger ${path} has version ${version}, this program writes version ${migrations.length}`,
      remedy: version > migrations.length ? 'Install the newer customer-sync that wrote it.' : 'Run a job once first.',
    });
  }
  for (const [index, statements] of migrations.slice(version).entries()) {
    database.exec(`BEGIN IMMEDIATE; ${statements}; PRAGMA user_version = ${version + index + 1}; COMMIT`);
  }
}
