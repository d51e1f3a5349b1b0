import { invalidMark } from './utf-8.js';

/** Whether a block of text holds anything that `textProblem` speaks of; most blocks do not. */
export function isSuspect(text: string): boolean {
  return text.includes('\0') || text.includes(invalidMark);
}

/** What is wrong with the characters of one row, if anything. */
export function textProblem(text: string): string | undefined {
  if (text.includes(invalidMark))
    return 'holds bytes that are not UTF-8; if the file is Windows-1252, say so with --encoding windows-1252';
  return text.includes('\0') ? 'holds a NUL character' : undefined;
}
