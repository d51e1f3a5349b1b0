import { parseJsonFile } from '../json/parse-json-file.js';
import { readSmallFile } from '../small-file.js';
import { type CompiledSourceMapping, compileSourceMapping } from './compile-source-mapping.js';

export interface SourceMappingFile {
  readonly text: string;
  readonly compiled: CompiledSourceMapping;
}

/** Reads a source mapping file. @throws CustomerSyncError `config`, naming the file and the place in it. */
export function readSourceMapping(path: string): SourceMappingFile {
  const remedy = 'Check the path: it must be that of the mapping, not of the customers.';
  const text = readSmallFile({ path, kind: 'source mapping', remedy });
  const compiled = parseJsonFile(text, {
    name: path,
    remedy: 'Correct the JSON of the source mapping.',
    parse: (value) => compileSourceMapping(value, path),
  });
  return { text, compiled };
}
