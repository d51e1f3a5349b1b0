import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { errorCode } from '../sources/file-error.js';

/**
 * A file that cannot be written is to be known before the work whose result it gets.
 * @param what the file, for the message.
 * @throws CustomerSyncError `config`
 */
export function checkPlace(path: string, what: string): void {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${path}: ${what} cannot be written (${errorCode(error)})`,
      remedy: 'Name a file in a folder that exists and may be written to.',
    });
  }
}
