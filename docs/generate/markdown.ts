/** A Markdown table. A bar in a cell would end it. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/** Text in which `<` would begin HTML and `*` emphasis. */
export function plain(text: string): string {
  return text.replace(/[<*]/g, (character) => `\\${character}`);
}
