import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { CustomerSyncError } from '../../core/errors.js';
import { errorCode } from '../../sources/file-error.js';

/** A place that a file goes to. */
export interface NewPlace {
  readonly path: string;
  /** The option that names another one. */
  readonly option: '--out' | '--config';
}

export interface NewFile extends NewPlace {
  readonly text: string;
}

/** Before anybody is asked anything. @throws CustomerSyncError `config` for a file that is there, unless it may go. */
export function refuseExisting({ path, option }: NewPlace, force: boolean): void {
  if (!force && existsSync(path)) throw isThere(path, option);
}

/** Writes all, or none, and what is there stays whole until then. @throws CustomerSyncError `config` when one of them is there, or cannot be written. */
export async function writeFiles(files: readonly NewFile[], force: boolean): Promise<void> {
  const made: string[] = [];
  try {
    for (const { path, text, option } of files) {
      const target = force ? `${path}.new` : path;
      await writeFile(target, text, { flag: force ? 'w' : 'wx' }).catch((error: unknown) => {
        const code = errorCode(error);
        // A full disk leaves the beginning of a file.
        if (code !== 'EEXIST') made.push(target);
        throw writeError(path, option, code);
      });
      made.push(target);
    }
    if (force) for (const { path } of files) await rename(`${path}.new`, path);
  } catch (error) {
    for (const path of made) await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

function writeError(path: string, option: string, code: string): CustomerSyncError {
  if (code === 'EEXIST') return isThere(path, option);
  return new CustomerSyncError('config', {
    message: `${path} cannot be written (${code})`,
    remedy: `Check that the folder is there and may be written to, or give another one with ${option}.`,
  });
}

function isThere(path: string, option: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${path} is there already`,
    remedy: `Give another name with ${option}, or --force to write over it.`,
  });
}
