import { basename } from 'node:path';
import { hasPassword } from '../config/check-configuration.js';
import { type Environment, isReference, resolveSecrets } from '../config/secrets.js';
import { CustomerSyncError } from '../core/errors.js';
import { fileStart } from './file-start.js';

/** A database with customers in one of its tables. */
export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgres';
      /** With its password, if it has one. */
      readonly url: string;
      /** As a configuration may hold it: a reference where there is a secret in it. */
      readonly written: string;
    };

/** Where customers are, before a source is made of it. */
export type Place = { readonly kind: 'file'; readonly path: string } | DatabasePlace;

/** The variable that most programs look for the address of a database in. */
export const usualUrlVariable = 'DATABASE_URL';

/**
 * Reads what `--from` says: a file, `postgres://...`, or `${env:NAME}` for a variable that holds such a URL.
 * @throws CustomerSyncError `config` for a reference that leads nowhere, or to something else.
 */
export function readPlace(from: string, env: Environment): Place {
  if (isReference(from)) {
    const url = resolveSecrets(from, '--from', { env, directory: '.' });
    if (isPostgres(url)) return { kind: 'postgres', url, written: from };
    throw new CustomerSyncError('config', {
      message: `${from} is no URL of a PostgreSQL database`,
      remedy: 'It must hold postgres://user:password@host/database; name a file as it is.',
    });
  }
  if (isPostgres(from)) {
    return { kind: 'postgres', url: from, written: hasPassword(from) ? `\${env:${usualUrlVariable}}` : from };
  }
  return { kind: isSqlite(from) ? 'sqlite' : 'file', path: from };
}

/** For messages; a URL may hold a password. */
export function placeName(place: Place): string {
  return place.kind === 'postgres' ? 'PostgreSQL' : basename(place.path);
}

function isPostgres(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

const sqliteHeader = 'SQLite format 3\0';

/** By its content: such files have all sorts of names. */
function isSqlite(path: string): boolean {
  return fileStart(path, sqliteHeader.length).toString('latin1') === sqliteHeader;
}
