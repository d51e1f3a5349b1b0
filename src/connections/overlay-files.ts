import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import { sizeLimits } from '../core/mapping/input-size.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { errorCode } from '../sources/file-error.js';
import { parseJsonFile } from '../sources/json/parse-json-file.js';

/** An overlay, with the text that it was read from. */
export interface OverlayFile extends OverlayLayer {
  readonly text: string;
}

/**
 * Reads overlay files, in the order in which they are laid over the mapping.
 * @param directory what relative names are relative to.
 * @throws CustomerSyncError `config` for a file that cannot be read, `mapping` for what is in it.
 */
export function readOverlays(files: string | readonly string[] | undefined, directory: string): OverlayFile[] {
  return [files ?? []].flat().map((name) => readOverlay(name, directory));
}

function readOverlay(name: string, directory: string): OverlayFile {
  const text = readText(name, directory).replace(/^\ufeff/, '');
  const overlay = parseJsonFile(text, { name, remedy, parse: (value) => parseOverlay(value, name) });
  return { name, text, overlay };
}

function readText(name: string, directory: string): string {
  try {
    const path = resolve(directory, name);
    if (statSync(path).size > sizeLimits.bytes) throw overlayError(`${name}: is larger than 2 MB, and no overlay is`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCustomerSyncError(error)) throw error;
    const code = errorCode(error);
    const reason = { ENOENT: 'there is no such file', EISDIR: 'is a directory' }[code] ?? `cannot be read (${code})`;
    throw overlayError(`${name}: ${reason}`);
  }
}

const remedy = 'An overlay is a JSON file with "fields" or "remove" in it.';

function overlayError(message: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}
