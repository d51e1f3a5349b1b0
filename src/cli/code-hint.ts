/** A message with the code that `customer-sync help` explains. */
export function withCode(message: string, code: string): string {
  return `${message} [${code}]`;
}

/** One line for the end of what was printed; no text when there was no code in it. */
export function codeHint(codes: ReadonlySet<string>): string {
  const names = [...codes].sort();
  if (names.length === 0) return '';
  if (names.length === 1) return `"customer-sync help ${names[0]}" explains the code.`;
  return `"customer-sync help <code>" explains the codes: ${names.join(', ')}.`;
}
