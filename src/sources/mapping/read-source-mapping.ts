import { readFile } from 'node:fs/promises';
import { CustomerSyncError } from '../../core/errors.js';
import { sizeLimits } from '../../core/mapping/input-size.js';
import { missingFileError } from '../file-error.js';
import { parseJsonFile } from '../json/parse-json-file.js';
import { type CompiledSourceMapping, compileSourceMapping } from './compile-source-mapping.js';

/** Reads a source mapping file. @throws CustomerSyncError `config`, naming the file and the place in it. */
export async function readSourceMapping(path: string): Promise<CompiledSourceMapping> {
  const text = await readFile(path, 'utf8').catch(async (error: unknown) => {
    throw await missingFileError(path, error);
  });
  if (text.length > sizeLimits.bytes) {
    throw new CustomerSyncError('config', {
      message: `${path}: is larger than 2 MB, and no source mapping is`,
      remedy: 'Check that it is the mapping, not the customers.',
    });
  }
  return parseJsonFile(text, {
    name: path,
    remedy: 'Correct the JSON of the source mapping.',
    parse: (value) => compileSourceMapping(value, path),
  });
}
