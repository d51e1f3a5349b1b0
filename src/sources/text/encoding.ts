import { isUtf8 } from 'node:buffer';
import { CustomerSyncError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { createUtf8Decoder, incompleteLength } from './utf-8.js';
import { decodeWindows1252 } from './windows-1252.js';

const encodings = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const;

export type Encoding = (typeof encodings)[number];

/** @throws CustomerSyncError `config` for one that cannot be read. */
export function checkEncoding(name: string): Encoding {
  const encoding = encodings.find((known) => known === name.toLowerCase());
  if (encoding !== undefined) return encoding;
  throw new CustomerSyncError('config', {
    message: `the encoding "${name}" is not known${nearest(name, encodings)}`,
    remedy: `Known encodings: ${encodings.join(', ')}.`,
  });
}

/** The encoding that a byte order mark declares. */
export function declaredEncoding(sample: Buffer): Encoding | undefined {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  return sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 'utf-8' : undefined;
}

/**
 * UTF-8, or Windows-1252 where the sample is not valid UTF-8: text of the one is practically never valid in the other,
 * unless it is plain ASCII, where the two agree.
 */
export function guessEncoding(sample: Buffer, sampleIsWhole: boolean): Encoding {
  const complete = sampleIsWhole ? sample : sample.subarray(0, sample.length - incompleteLength(sample));
  return isUtf8(complete) ? 'utf-8' : 'windows-1252';
}

interface TextDecoding {
  push(chunk: Buffer): string;
  end(): string;
}

/** The beginning of a text, without its byte order mark. */
export function decodeSample(sample: Buffer, encoding: Encoding, sampleIsWhole: boolean): string {
  const decoder = createDecoder(encoding);
  return withoutMark(decoder.push(sample) + (sampleIsWhole ? decoder.end() : ''));
}

export async function* decodeText(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  let started = false;
  for await (const chunk of bytes) {
    const text = decoder.push(chunk);
    if (text === '') continue;
    yield started ? text : withoutMark(text);
    started = true;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

function createDecoder(encoding: Encoding): TextDecoding {
  if (encoding === 'utf-8') return createUtf8Decoder();
  if (encoding === 'windows-1252') return { push: decodeWindows1252, end: () => '' };
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return { push: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
