import { readSmallFile } from '../sources/small-file.js';

const remedy = 'Name a mapping, an overlay or a source mapping: a JSON file with "fields" in it.';

/**
 * The text of a mapping, overlay or source mapping file.
 * @throws CustomerSyncError `config` when it cannot be read, or is far larger than a mapping can be.
 */
export function readMappingFile(path: string): string {
  return readSmallFile({ path, kind: 'mapping', remedy });
}
