/**
 * One line of RFC 4180 CSV. Text is written as it is, also where a spreadsheet would take it for a formula: the line is
 * meant to be read back, and a mark against formulas would become part of the value.
 */
export function formatCsvRow(cells: readonly string[]): string {
  return `${cells.map(formatCsvCell).join(',')}\r\n`;
}

/** In quotes where it needs them. */
export function formatCsvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
