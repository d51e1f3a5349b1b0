import type { Mapping } from '../../schemas/mapping.js';
import { CustomerSyncError } from '../core/errors.js';
import { compileMapping, parseMapping } from '../core/mapping/compile-mapping.js';
import { readMappingFile } from '../lint/read-file.js';
import { refuseDuplicateKeys } from '../sources/json/duplicate-keys.js';
import { findJsonFault } from '../sources/json/json-scan.js';

/**
 * Reads the mapping file of a provider, for a `Provider` of your own, and checks every rule of it.
 * @throws CustomerSyncError `config` for a file that cannot be read, `mapping` with the problems found in it.
 */
export function loadMapping(path: string): Mapping {
  const text = readMappingFile(path).replace(/^\ufeff/, '');
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    throw new CustomerSyncError('config', {
      message: `${path}: line ${fault.line} column ${fault.column}: expected ${fault.expected}`,
      remedy: 'Correct the JSON of the mapping.',
    });
  }
  const mapping = parseMapping(JSON.parse(text), path);
  refuseDuplicateKeys(text, path);
  compileMapping(mapping);
  return mapping;
}
