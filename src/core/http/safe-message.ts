import { codePointLength, cut } from '../mapping/limits.js';

const maxLength = 200;
const shortest = 3;
/** What is longer is a page or an attack, and is not worth the search for all that was sent in it. */
const maxReadLength = 10_000;

/**
 * A provider's message without what it may repeat of a customer: every text and number in `values`, and whatever looks
 * like an e-mail address or a long number. Takes time in proportion to the message, whatever is in it.
 */
export function safeMessage(message: string, values: readonly unknown[]): string {
  if (message.length > maxReadLength) return '';
  const texts = new Set<string>();
  for (const value of values) collectTexts(value, texts, 0);
  let safe = message;
  // Longest first, so that a part of one value does not break another.
  for (const text of [...texts].sort((a, b) => b.length - a.length)) safe = safe.replaceAll(text, '[…]');
  safe = safe.replace(/[^\s"<>]+/g, withoutAddress).replace(/\+?\d[\d\s().-]{6,}\d/g, '[…]');
  const short = cut(safe, maxLength, codePointLength);
  return short === safe ? safe : `${short}…`;
}

/** One pattern for a whole address would begin anew at every letter of a word without an `@`. */
function withoutAddress(word: string): string {
  const at = word.lastIndexOf('@');
  if (at === -1) return word;
  const end = word.indexOf("'", at);
  return `[…]${end === -1 ? '' : word.slice(end)}`;
}

function collectTexts(value: unknown, texts: Set<string>, depth: number): void {
  if (depth > 10) return;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.length >= shortest) {
    texts.add(text);
    // Where the message holds JSON text, quotes and line breaks are escaped.
    texts.add(JSON.stringify(text).slice(1, -1));
    // A part of a name or an address is told by its capital or its digits; other words may be the provider's own.
    for (const word of text.split(/\s+/)) if (word.length >= shortest && /[\p{Lu}\d]/u.test(word)) texts.add(word);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) collectTexts(part, texts, depth + 1);
}
