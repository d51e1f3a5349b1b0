import { resolve } from 'node:path';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { parseJsonFile } from '../sources/json/parse-json-file.js';
import { readSmallFile } from '../sources/small-file.js';

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
  const text = readSmallFile({ path: resolve(directory, name), name, kind: 'overlay', remedy });
  const overlay = parseJsonFile(text, { name, remedy, parse: (value) => parseOverlay(value, name) });
  return { name, text, overlay };
}

const remedy = 'An overlay is a JSON file with "fields" or "remove" in it.';
