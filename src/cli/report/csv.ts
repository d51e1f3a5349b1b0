import { formatCsvCell } from '../../sources/csv/format-csv-row.js';
import { type Report, type ShownResult, viewOf } from './report.js';
import { printable } from './values.js';
import { verbOf } from './words.js';

const columns = ['to', 'customer_id', 'result', 'field', 'change', 'from', 'to_value', 'code', 'message', 'at'];

/** For spreadsheets: a line for each changed field, and one for each customer without any. */
export function createCsvReport(): Report {
  return {
    head: () => `${columns.join(',')}\n`,
    row: ({ row, results }) => results.flatMap((result) => lines(result, row.at ?? '')).join(''),
    foot: () => '',
  };
}

function lines(result: ShownResult, at: string): string[] {
  const { customerId, to, changes, warnings, error, reason } = viewOf(result);
  const start = [to, customerId ?? '', verbOf(result)];
  const changed = changes.map(({ field, change, from, to: value }) => [field, change, from, value, '', '']);
  const noted = warnings.map(({ field, code, message, from, to: value }) => [field, '', from, value, code, message]);
  const failed = error === undefined ? [] : [['', '', '', '', error.code, `${error.message} -> ${error.remedy}`]];
  const skipped = reason === undefined ? [] : [['', '', '', '', '', reason]];
  const rows = [...changed, ...noted, ...failed, ...skipped];
  return (rows.length === 0 ? [['', '', '', '', '', '']] : rows).map(
    (row) => `${[...start, ...row, at].map(cell).join(',')}\n`,
  );
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  // Line breaks are at home in a cell; other control characters would act on a terminal.
  const lines = (typeof value === 'string' ? value : JSON.stringify(value)).split(/(\r?\n|\t)/);
  const text = lines.map((part, index) => (index % 2 === 0 ? printable(part) : part)).join('');
  // A spreadsheet would run a text that begins like a formula; the apostrophe makes it plain text.
  return formatCsvCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
}
