import { isUtf8 } from 'node:buffer';

/**
 * Stands for bytes that are not UTF-8. A lone surrogate never comes out of valid UTF-8, so a row that holds one is known
 * to be damaged, while a replacement character (U+FFFD) may have been in the file.
 */
export const invalidMark = '\udc80';

const lineFeed = 0x0a;

/** Decodes block by block; a character that is cut in two by the end of a block waits for the next one. */
export function createUtf8Decoder() {
  let tail = Buffer.alloc(0);
  return {
    push(chunk: Buffer): string {
      const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
      const end = bytes.length - incompleteLength(bytes);
      tail = Buffer.from(bytes.subarray(end));
      return decode(bytes.subarray(0, end));
    },
    end: (): string => decode(tail),
  };
}

function decode(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeByLine(bytes);
}

/** Marks the damaged lines only. */
function decodeByLine(bytes: Buffer): string {
  let text = '';
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(lineFeed, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    const line = bytes.subarray(start, end);
    text += isUtf8(line) ? line.toString('utf8') : line.toString('utf8').replaceAll('\ufffd', invalidMark);
    start = end;
  }
  return text;
}

/** How many bytes at the end begin a character without finishing it. */
export function incompleteLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}
