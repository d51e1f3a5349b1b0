import type { Pointer } from '../../core/mapping/places.js';
import { skipScalar, skipSpace, skipString } from './json-scan.js';

export interface JsonPositions {
  /** The line, from 1, of the place or of the nearest place around it that the file has. */
  lineOf(at: Pointer): number;
  /** Keys that an object has twice; all but the last are lost when the file is read. */
  readonly duplicates: readonly Pointer[];
}

interface Container {
  readonly pointer: Pointer;
  readonly keys: Set<string>;
  /** The index of the item that comes next; absent in an object. */
  index?: number;
}

/**
 * Where everything stands in a JSON text. No recursion.
 * @param text JSON without a fault.
 */
export function jsonPositions(text: string): JsonPositions {
  const offsets = new Map<string, number>([['', skipSpace(text, 0)]]);
  const duplicates: Pointer[] = [];
  const open: Container[] = [];
  let position = skipSpace(text, 0);

  /** Reads the key or counts the item that starts here; answers where its value stands. */
  function enterMember(container: Container): { pointer: Pointer; value: number } {
    if (container.index !== undefined) {
      const pointer = [...container.pointer, container.index];
      container.index += 1;
      offsets.set(jsonPointer(pointer), position);
      return { pointer, value: position };
    }
    const end = skipString(text, position);
    const key: unknown = JSON.parse(text.slice(position, end));
    const pointer = [...container.pointer, String(key)];
    if (container.keys.has(String(key))) duplicates.push(pointer);
    container.keys.add(String(key));
    offsets.set(jsonPointer(pointer), position);
    return { pointer, value: skipSpace(text, skipSpace(text, end) + 1) };
  }

  let pointer: Pointer = [];
  for (;;) {
    const opened = text[position];
    if (opened === '{' || opened === '[') {
      open.push({ pointer, keys: new Set(), ...(opened === '[' && { index: 0 }) });
      position = skipSpace(text, position + 1);
    } else {
      position = skipSpace(text, skipScalar(text, position));
    }
    while (open.length > 0 && (text[position] === '}' || text[position] === ']')) {
      open.pop();
      position = skipSpace(text, position + 1);
    }
    const container = open.at(-1);
    if (container === undefined) break;
    if (text[position] === ',') position = skipSpace(text, position + 1);
    const member = enterMember(container);
    pointer = member.pointer;
    position = member.value;
  }

  const lineStarts = lineStartsOf(text);
  return {
    duplicates,
    lineOf(at) {
      for (let length = at.length; length > 0; length -= 1) {
        const offset = offsets.get(jsonPointer(at.slice(0, length)));
        if (offset !== undefined) return lineAt(lineStarts, offset);
      }
      return lineAt(lineStarts, offsets.get('') ?? 0);
    },
  };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  return starts;
}

/** How many lines start at or before an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keys as a JSON Pointer. */
export function jsonPointer(at: Pointer): string {
  return at.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
