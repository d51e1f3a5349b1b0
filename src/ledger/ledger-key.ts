import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CustomerSyncError } from '../core/errors.js';
import { createPrivately } from './private-file.js';

export const keyVariable = 'CUSTOMER_SYNC_LEDGER_KEY';
const minLength = 32;

/**
 * The secret that a ledger's hashes are made with: from the environment, else from a file beside the ledger, which is
 * made where there is none and it may be.
 * @throws CustomerSyncError `config` for one that is too short to be a secret.
 */
export function readLedgerKey(
  ledgerPath: string,
  env: Readonly<Record<string, string | undefined>>,
  mayMake: boolean,
): Uint8Array {
  const given = env[keyVariable];
  if (given !== undefined && given !== '') return checked(given, keyVariable, 'Make one with: openssl rand -base64 32');
  const path = `${ledgerPath}.key`;
  if (!existsSync(path)) return mayMake ? makeKey(path) : randomBytes(32);
  createPrivately(path);
  return checked(
    readFileSync(path, 'utf8').trim(),
    path,
    'Bring back a copy of it. If there is none, delete it: a new one is made, and customers are compared with the provider.',
  );
}

function checked(text: string, place: string, remedy: string): Uint8Array {
  if (text.length >= minLength) return Buffer.from(text);
  throw new CustomerSyncError('config', {
    message: `${place} holds ${text.length} characters, a key of the ledger has ${minLength} or more`,
    remedy,
  });
}

function makeKey(path: string): Uint8Array {
  const text = randomBytes(32).toString('base64');
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${text}\n`);
    // A ledger whose key did not reach the disk has forgotten everything.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return Buffer.from(text);
}
