import { CustomerSyncError } from '../../core/errors.js';
import { isObject } from '../../core/mapping/path.js';
import { kindOf } from '../../core/zod-issues.js';
import type { SourceRow } from '../../runner/row.js';
import type { ByteSource } from '../byte-source.js';
import { declaredEncoding, decodeText, type Encoding } from '../text/encoding.js';
import { cutJsonItems, refuseBrokenJson } from './json-scan.js';
import { type ObjectOptions, readObject } from './read-object.js';

/**
 * Units of text in one JSON document. It is held in memory and checked to its end before its first row comes out, so that
 * half a download is not taken for the whole list. JSONL has no such limit.
 */
const maxDocumentLength = 100 * 1024 * 1024;

/**
 * Rows of a JSON document: the items of an array, or one object.
 * @throws CustomerSyncError `config` when it is broken, or something else.
 */
export async function openJson(
  bytes: ByteSource,
  encoding: Encoding | undefined,
  options: ObjectOptions,
): Promise<() => AsyncIterable<SourceRow>> {
  const { name } = bytes;
  const text = await readDocument(bytes, encoding ?? declaredEncoding(bytes.sample) ?? 'utf-8');
  refuseBrokenJson(
    text,
    name,
    'Correct the JSON. If the file holds one object a line, read it with --input-format jsonl.',
  );
  const start = text.trimStart()[0];
  if (start === '[') {
    return async function* rows() {
      let number = 0;
      for (const item of cutJsonItems(text)) {
        number += 1;
        yield readObject(item, `${name} item ${number}`, options);
      }
    };
  }
  checkObject(JSON.parse(text), name);
  return async function* rows() {
    yield readObject(text.trim(), name, options);
  };
}

async function readDocument(bytes: ByteSource, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const block of decodeText(bytes.open(), encoding)) {
    text += block;
    if (text.length > maxDocumentLength) {
      throw new CustomerSyncError('config', {
        message: `${bytes.name}: a JSON list may have 100 MB, this one is larger`,
        remedy: `Turn it into one object a line, which has no limit: jq -c '.[]' ${bytes.name}`,
      });
    }
  }
  return text;
}

/** One object is one customer, unless it is a wrapping around a list of them, as APIs answer. */
function checkObject(value: unknown, name: string): void {
  if (!isObject(value)) {
    throw new CustomerSyncError('config', {
      message: `${name}: must be a list of customers, not ${kindOf(value)}`,
      remedy: 'Write a JSON array of objects, or one object a line.',
    });
  }
  const wrapped = Object.hasOwn(value, 'id')
    ? undefined
    : Object.keys(value).find((key) => isListOfObjects(value[key]));
  if (wrapped === undefined) return;
  throw new CustomerSyncError('config', {
    message: `${name}: must be a list of customers; the list seems to be inside, under "${wrapped}"`,
    remedy: `Take it out: jq '.["${wrapped}"]' ${name}`,
  });
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
