import { readFileSync, statSync } from 'node:fs';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { sizeLimits } from '../core/mapping/input-size.js';
import { missingFileError } from './file-error.js';

interface SmallFile {
  readonly path: string;
  /** For messages. Default: the path. */
  readonly name?: string;
  /** What it is to be: `mapping`. */
  readonly kind: string;
  /** More is something else. Default: what a mapping may have. */
  readonly maxBytes?: number;
  /** What to name instead, where there is no such file or one that is far too large. */
  readonly remedy: string;
}

/**
 * Text that people write, without its byte order mark. Looks at the size first: a file of customers may be named by mistake.
 * @throws CustomerSyncError `config` when it cannot be read, or is too large.
 */
export function readSmallFile({ path, name = path, kind, maxBytes = sizeLimits.bytes, remedy }: SmallFile): string {
  try {
    if (statSync(path).size > maxBytes) {
      const message = `${name}: is larger than ${maxBytes / 1_000_000} MB, and no ${kind} is`;
      throw new CustomerSyncError('config', { message, remedy });
    }
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw isCustomerSyncError(error) ? error : missingFileError({ path, name, remedy }, error);
  }
}
