import { readdir } from 'node:fs/promises';
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

/**
 * The same, and for a file that is not there the nearest name in its folder.
 * @param alternative what else could be named, where something could
 */
export async function missingFileError(path: string, error: unknown, alternative = ''): Promise<CustomerSyncError> {
  const described = fileError(path, error);
  if (errorCode(error) !== 'ENOENT') return described;
  const neighbours = await readdir(dirname(path)).catch(() => []);
  const { message, remedy } = described.details;
  const found = message + nearest(basename(path), neighbours);
  return new CustomerSyncError('config', { message: found, remedy: remedy + alternative });
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
