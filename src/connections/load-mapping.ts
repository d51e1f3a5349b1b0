import type { Mapping } from '../../schemas/mapping.js';
import { compileMapping, parseMapping } from '../core/mapping/compile-mapping.js';
import { readMappingFile } from '../lint/read-file.js';
import { parseJsonFile } from '../sources/json/parse-json-file.js';

/**
 * Reads the mapping file of a provider, for a `Provider` of your own, and checks every rule of it.
 * @throws CustomerSyncError `config` for a file that cannot be read, `mapping` with the problems found in it.
 */
export function loadMapping(path: string): Mapping {
  const mapping = parseJsonFile(readMappingFile(path), {
    name: path,
    remedy: 'Correct the JSON of the mapping.',
    parse: (value) => parseMapping(value, path),
  });
  compileMapping(mapping, path);
  return mapping;
}
