const longest = 100;

/**
 * A customer's value on one line of a terminal. Control characters are written out, since a value could otherwise move
 * the cursor or recolour the screen.
 */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const safe = (text ?? '').replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
  return safe.length > longest ? `${safe.slice(0, longest)}… (${safe.length} characters)` : safe;
}
