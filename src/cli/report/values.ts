const longest = 100;

/**
 * Text for one line of a terminal. Control characters are written out, since they could move the cursor or recolour the
 * screen; so are those that turn the direction of writing, which make a text look like another one.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escapeOf);
}

/** JSON that may be shown on a terminal. It reads back as the same value. */
export function safeJson(value: unknown): string {
  return printable(JSON.stringify(value));
}

/** A customer's value on one line of a terminal. */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const characters = [...printable(text ?? '')];
  return characters.length > longest
    ? `${characters.slice(0, longest).join('')}… (${characters.length} characters)`
    : characters.join('');
}

/** JSON's own escape, and for what JSON lets through the same kind of escape. */
function escapeOf(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
}
