import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { errorCode } from '../sources/file-error.js';
import { findJsonFault } from '../sources/json/json-scan.js';

/**
 * Reads overlay files, in the order in which they are laid over the mapping.
 * @param directory what relative names are relative to.
 * @throws CustomerSyncError `config` for a file that cannot be read, `mapping` for what is in it.
 */
export function readOverlays(files: string | readonly string[] | undefined, directory: string): OverlayLayer[] {
  return [files ?? []].flat().map((name) => ({ name, overlay: parseOverlay(readJson(name, directory), name) }));
}

function readJson(name: string, directory: string): unknown {
  const text = readText(name, directory);
  const fault = findJsonFault(text);
  if (fault === undefined) return JSON.parse(text);
  throw overlayError(`${name}: line ${fault.line} column ${fault.column}: expected ${fault.expected}`);
}

function readText(name: string, directory: string): string {
  try {
    return readFileSync(resolve(directory, name), 'utf8');
  } catch (error) {
    const code = errorCode(error);
    const reason = { ENOENT: 'there is no such file', EISDIR: 'is a directory' }[code] ?? `cannot be read (${code})`;
    throw overlayError(`${name}: ${reason}`);
  }
}

function overlayError(message: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message,
    remedy: 'An overlay is a JSON file with "fields" or "remove" in it.',
  });
}
