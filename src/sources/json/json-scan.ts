import { CustomerSyncError } from '../../core/errors.js';

/** Where a text stops being JSON, and what should stand there. Says nothing of what does. */
export interface JsonFault {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

class Fault {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    this.offset = offset;
    this.expected = expected;
  }
}

/**
 * Finds the first fault of a JSON text, or `undefined` when it has none. `JSON.parse` cannot be asked: its messages quote
 * the text, which is a customer's data, and often lack the position.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    const end = skipSpace(text, skipValue(text, 0));
    return end === text.length ? undefined : located(text, new Fault(end, 'the end of the text'));
  } catch (error) {
    if (error instanceof Fault) return located(text, error);
    throw error;
  }
}

/** @throws CustomerSyncError `config` with the line and column of the first fault. */
export function refuseBrokenJson(text: string, name: string, remedy: string): void {
  const fault = findJsonFault(text);
  if (fault === undefined) return;
  const place = `line ${fault.line} column ${fault.column}`;
  throw new CustomerSyncError('config', { message: `${name}: ${place}: expected ${fault.expected}`, remedy });
}

/** The text of each item of a JSON array that has no fault. */
export function* cutJsonItems(text: string): Generator<string> {
  let position = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[position] !== ']') {
    const end = skipValue(text, position);
    yield text.slice(position, end);
    position = skipSpace(text, end);
    if (text[position] === ',') position = skipSpace(text, position + 1);
  }
}

function located(text: string, { offset, expected }: Fault): JsonFault {
  const before = text.slice(0, offset);
  const lastFeed = before.lastIndexOf('\n');
  return { offset, line: before.split('\n').length, column: offset - lastFeed, expected };
}

/** The position behind the value that starts at or after `start`. No recursion: a text may be nested without end. */
function skipValue(text: string, start: number): number {
  const closers: string[] = [];
  let position = skipSpace(text, start);
  for (;;) {
    const opened = text[position];
    if (opened === '{' || opened === '[') {
      const closer = opened === '{' ? '}' : ']';
      position = skipSpace(text, position + 1);
      if (text[position] !== closer) {
        closers.push(closer);
        if (closer === '}') position = skipKey(text, position, 'a key in quotes or }');
        continue;
      }
      position += 1;
    } else {
      position = skipScalar(text, position);
    }
    const next = closeOrContinue(text, position, closers);
    if (closers.length === 0) return next;
    position = next;
  }
}

/** After a value: leaves every object and array that ends here, and goes to the next value if there is one. */
function closeOrContinue(text: string, start: number, closers: string[]): number {
  let position = start;
  for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
    position = skipSpace(text, position);
    if (text[position] === ',') {
      const next = skipSpace(text, position + 1);
      return closer === '}' ? skipKey(text, next, 'a key in quotes') : next;
    }
    if (text[position] !== closer) throw new Fault(position, `a comma or ${closer}`);
    closers.pop();
    position += 1;
  }
  return position;
}

function skipKey(text: string, start: number, expected: string): number {
  if (text[start] !== '"') throw new Fault(start, expected);
  const colon = skipSpace(text, skipString(text, start));
  if (text[colon] !== ':') throw new Fault(colon, 'a colon');
  return skipSpace(text, colon + 1);
}

/** The position behind a text, a number, `true`, `false` or `null`. */
export function skipScalar(text: string, start: number): number {
  if (text[start] === '"') return skipString(text, start);
  const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  scalar.lastIndex = start;
  if (!scalar.test(text)) throw new Fault(start, 'a value');
  return scalar.lastIndex;
}

/** The position behind the closing quote. */
export function skipString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position + 1;
    if (code < 0x20) throw new Fault(position, 'an escape sequence instead of a control character');
    if (code === 0x5c) position = skipEscape(text, position);
  }
  throw new Fault(text.length, 'a closing quote');
}

/** The position of the last character of an escape sequence. */
function skipEscape(text: string, start: number): number {
  const sequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
  sequence.lastIndex = start;
  if (!sequence.test(text)) throw new Fault(start, 'an escape sequence of JSON');
  return sequence.lastIndex - 1;
}

/** The next position that holds no white space. */
export function skipSpace(text: string, start: number): number {
  let position = start;
  for (
    let code = text.charCodeAt(position);
    code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c);
  ) {
    position += 1;
    code = text.charCodeAt(position);
  }
  return position;
}
