import { keptOfTooLong, maxRowLength } from '../customer-source.js';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** It was longer than a row may be; `text` is its beginning. */
  readonly tooLong?: true;
}

/** Cuts blocks of text into lines. Blank lines count but do not come out. */
export function createLineCutter() {
  let rest = '';
  let number = 0;
  let skipping = false;

  function take(lines: Line[], text: string): void {
    number += 1;
    if (skipping) skipping = false;
    else if (text.length > maxRowLength) lines.push({ number, text: text.slice(0, keptOfTooLong), tooLong: true });
    else if (text.trim() !== '') lines.push({ number, text: text.endsWith('\r') ? text.slice(0, -1) : text });
  }

  return {
    push(block: string): Line[] {
      const lines: Line[] = [];
      let start = 0;
      for (let end = block.indexOf('\n'); end !== -1; end = block.indexOf('\n', start)) {
        take(lines, start === 0 ? rest + block.slice(0, end) : block.slice(start, end));
        rest = '';
        start = end + 1;
      }
      if (!skipping) rest += block.slice(start);
      if (rest.length > maxRowLength) {
        lines.push({ number: number + 1, text: rest.slice(0, keptOfTooLong), tooLong: true });
        rest = '';
        skipping = true;
      }
      return lines;
    },
    end(): Line[] {
      const lines: Line[] = [];
      if (rest !== '') take(lines, rest);
      return lines;
    },
  };
}
