import { CustomerSyncError } from '../core/errors.js';
import { type ByteSource, type Input, openBytes } from './byte-source.js';
import { openCsv } from './csv/open-csv.js';
import type { CustomerSource, Normalise, SourceFormat } from './customer-source.js';
import { formatByContent, formatByName } from './detect-format.js';
import { openJson } from './json/open-json.js';
import { openJsonl } from './json/open-jsonl.js';
import type { CompiledSourceMapping } from './mapping/compile-source-mapping.js';
import { readSourceMapping } from './mapping/read-source-mapping.js';
import { checkEncoding, declaredEncoding, decodeSample } from './text/encoding.js';

export type { CustomerSource } from './customer-source.js';

export interface SourceOptions {
  /** A file, packed with gzip or not; `-` reads stdin. */
  readonly path: string;
  /** Default: the stdin of the process. */
  readonly stdin?: Input | undefined;
  /** Default: by the file's extension, else by how the content begins. */
  readonly format?: SourceFormat | undefined;
  /** A source mapping file, or one that is compiled. Without it, columns and keys have the names of canonical fields. */
  readonly sourceMapping?: string | CompiledSourceMapping | undefined;
  readonly normalise?: Normalise | undefined;
  /** CSV: one character. Default: the one of `,` `;` tab and `|` that the header uses most. */
  readonly delimiter?: string | undefined;
  /**
   * `utf-8`, `windows-1252`, `utf-16le` or `utf-16be`. Default: by the byte order mark, else UTF-8; CSV that is not valid
   * UTF-8 in its first 64 kB is read as Windows-1252.
   */
  readonly encoding?: string | undefined;
}

/**
 * Opens a file or stdin that holds customers. A row that cannot be read comes out as a row with `problems`; the others
 * are not affected.
 * @throws CustomerSyncError `config` when the source as a whole cannot be used: it is missing, empty or broken, or its
 * columns are not known.
 */
export async function openSource({
  path,
  stdin = process.stdin,
  normalise,
  ...options
}: SourceOptions): Promise<CustomerSource> {
  const encoding = options.encoding === undefined ? undefined : checkEncoding(options.encoding);
  const { sourceMapping: given } = options;
  const sourceMapping = typeof given === 'string' ? readSourceMapping(given).compiled : given;
  const expected = options.format ?? formatByName(path);
  const bytes = await openBytes(path, stdin, expected === 'jsonl');
  const text = decodeSample(bytes.sample, encoding ?? declaredEncoding(bytes.sample) ?? 'utf-8', bytes.sampleIsWhole);
  if (bytes.sampleIsWhole && text.trim() === '') throw emptySource(bytes);
  const format = options.format ?? decideFormat(expected, text);
  if (options.delimiter !== undefined && format !== 'csv') throw strayDelimiter(bytes, format);
  const parts = {
    name: bytes.name,
    ...(bytes.path !== undefined && { path: bytes.path }),
    format,
    repeatable: bytes.path !== undefined,
    notices: [],
  };
  switch (format) {
    case 'jsonl':
      return { ...parts, rows: openJsonl(bytes, encoding, { sourceMapping, normalise }) };
    case 'json':
      return { ...parts, rows: await openJson(bytes, encoding, { sourceMapping, normalise }) };
    case 'csv':
      return { ...parts, ...openCsv(bytes, { sourceMapping, normalise, encoding, delimiter: options.delimiter }) };
  }
}

/** Some programs write JSONL under the name `.json`; what the file holds says more. */
function decideFormat(expected: SourceFormat | undefined, text: string): SourceFormat {
  if (expected === undefined) return formatByContent(text);
  return expected === 'json' && formatByContent(text) === 'jsonl' ? 'jsonl' : expected;
}

function emptySource({ name }: ByteSource): CustomerSyncError {
  return new CustomerSyncError('config', { message: `${name} is empty`, remedy: 'Check what writes it.' });
}

function strayDelimiter({ name }: ByteSource, format: SourceFormat): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${name}: a delimiter is given, but the file is read as ${format}`,
    remedy: 'Leave the delimiter out, or say that the file is CSV (--input-format csv).',
  });
}
