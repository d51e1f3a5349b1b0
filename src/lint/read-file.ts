import { readFileSync, statSync } from 'node:fs';
import { CustomerSyncError } from '../core/errors.js';
import { sizeLimits } from '../core/mapping/input-size.js';
import { errorCode } from '../sources/file-error.js';

/**
 * The text of a mapping, overlay or source mapping file.
 * @throws CustomerSyncError `config` when it cannot be read, or is far larger than a mapping can be.
 */
export function readMappingFile(path: string): string {
  try {
    if (statSync(path).size > sizeLimits.bytes) throw fileError(path, 'is larger than 2 MB, and no mapping is');
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CustomerSyncError) throw error;
    const code = errorCode(error);
    throw fileError(
      path,
      { ENOENT: 'there is no such file', EISDIR: 'is a directory' }[code] ?? `cannot be read (${code})`,
    );
  }
}

function fileError(path: string, reason: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${path}: ${reason}`,
    remedy: 'Name a mapping, an overlay or a source mapping: a JSON file with "fields" in it.',
  });
}
