import type { SourceRow } from '../../runner/row.js';
import type { ByteSource } from '../byte-source.js';
import { tooLong } from '../customer-source.js';
import { declaredEncoding, decodeText, type Encoding } from '../text/encoding.js';
import { createLineCutter, type Line } from '../text/lines.js';
import { type ObjectOptions, readObject, unreadable } from './read-object.js';

/** Rows of a JSONL source: one object a line. */
export function openJsonl(
  bytes: ByteSource,
  encoding: Encoding | undefined,
  options: ObjectOptions,
): () => AsyncIterable<SourceRow> {
  return async function* rows() {
    for await (const lines of readLines(bytes, encoding ?? declaredEncoding(bytes.sample) ?? 'utf-8')) {
      for (const line of lines) yield readLine(line, bytes.name, options);
    }
  };
}

async function* readLines(bytes: ByteSource, encoding: Encoding): AsyncGenerator<readonly Line[]> {
  const cutter = createLineCutter();
  for await (const block of decodeText(bytes.open(), encoding)) yield cutter.push(block);
  yield cutter.end();
}

function readLine(line: Line, name: string, options: ObjectOptions): SourceRow {
  const { number, text } = line;
  const at = `${name} line ${number}`;
  return line.tooLong ? unreadable(text, at, tooLong) : readObject(text, at, options);
}
