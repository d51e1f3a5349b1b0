import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import type { DatabaseSync } from 'node:sqlite';
import { CustomerSyncError } from '../../core/errors.js';
import { createPrivately } from '../private-file.js';
import { loadSqlite } from './load-sqlite.js';

export interface WriterLock {
  /** Who held it last and ended without giving it back; for people. */
  readonly leftBy: string | undefined;
  release(): void;
}

/**
 * Makes this process the only one that writes to a ledger. The lock is one of the operating system on a file beside the
 * ledger, so it goes with its holder, however that ends, and across containers. The same file says who the holder is.
 * @param command for people: `run nightly`
 * @throws CustomerSyncError `config` while somebody else has it.
 */
export function takeWriterLock(ledgerPath: string, command: string): WriterLock {
  const path = `${ledgerPath}.lock`;
  createPrivately(path);
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA synchronous = OFF; PRAGMA busy_timeout = 250');
    hold(database);
    database.exec('CREATE TABLE IF NOT EXISTS holder (name TEXT NOT NULL)');
    const left = holderOf(database);
    const name = `"${command}" (process ${process.pid} on ${hostname()}), since ${new Date().toISOString()}`;
    database.exec('DELETE FROM holder');
    database.prepare('INSERT INTO holder (name) VALUES (?)').run(name);
    // The name shows to others once it is committed, and the lock has to be taken anew then.
    database.exec('COMMIT');
    hold(database);
    return {
      leftBy: left,
      release() {
        try {
          database.exec('DELETE FROM holder; COMMIT');
        } catch {
          // A full disk cannot note that it was given back. It is, with the file; what went wrong was said before.
        } finally {
          database.close();
        }
      },
    };
  } catch (error) {
    const holder = isBusy(error) ? holderOf(database) : undefined;
    database.close();
    if (!isBusy(error)) throw error;
    throw new CustomerSyncError('config', {
      message: `the ledger ${ledgerPath} is being written by ${holder ?? 'another process'}`,
      remedy: 'Wait until it has ended, or end it; one ledger has one writer at a time.',
    });
  }
}

/** Who writes to a ledger now, for people; `undefined` when nobody does. Changes nothing. */
export function writerOf(ledgerPath: string): string | undefined {
  const path = `${ledgerPath}.lock`;
  if (!existsSync(path)) return undefined;
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  try {
    hold(database);
    database.exec('ROLLBACK');
    return undefined;
  } catch (error) {
    if (!isBusy(error)) throw error;
    return holderOf(database) ?? 'another process';
  } finally {
    database.close();
  }
}

/** Others can still read the file, and nobody else can take the lock. */
function hold(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
}

function holderOf(database: DatabaseSync): string | undefined {
  try {
    const name = database.prepare('SELECT name FROM holder').get()?.['name'];
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (Number(Reflect.get(error, 'errcode')) & 0xff) === 5;
}
