import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';

const explanations: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  ENOENT: ['there is no such file', 'Check the path.'],
  EACCES: ['may not be read by this user', "Change the file's permissions, or run as a user who may read it."],
  EPERM: ['may not be read by this user', "Change the file's permissions, or run as a user who may read it."],
  EISDIR: ['is a directory', 'Name one file in it.'],
  Z_DATA_ERROR: ['is a damaged gzip file', 'Fetch or pack it again.'],
  Z_BUF_ERROR: ['is a gzip file that ends too early', 'Fetch or pack it again.'],
};

/** What a person needs to know about a file that could not be read. Errors of our own pass unchanged. */
export function fileError(name: string, error: unknown): CustomerSyncError {
  if (isCustomerSyncError(error)) return error;
  const code = errorCode(error);
  const [message, remedy] = explanations[code] ?? [
    `cannot be read (${code})`,
    'Try again, or copy the file elsewhere.',
  ];
  return new CustomerSyncError('config', { message: `${name}: ${message}`, remedy });
}

interface NamedPath {
  readonly path: string;
  /** For messages. Default: the path. */
  readonly name?: string | undefined;
  /** What to do where there is no such file. */
  readonly remedy?: string | undefined;
}

/** The same, and for a file that is not there the nearest name in its folder. */
export function missingFileError({ path, name = path, remedy }: NamedPath, error: unknown): CustomerSyncError {
  const described = fileError(name, error);
  if (errorCode(error) !== 'ENOENT') return described;
  const { message, remedy: usual } = described.details;
  return new CustomerSyncError('config', {
    message: message + nearest(basename(path), namesBeside(path)),
    remedy: remedy ?? usual,
  });
}

function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
