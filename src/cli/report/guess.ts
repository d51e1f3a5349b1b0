import { compileGetter, parsePath } from '../../core/mapping/path.js';
import type { FieldGuess, Guess } from '../../init/guess-mapping.js';
import type { Table } from '../../init/table.js';
import { compileTrial } from '../../init/trial.js';
import { counted } from './summary.js';
import { printable, showValue } from './values.js';

/** One row before and after the guessed mapping. */
export interface Sample {
  readonly at: string;
  /** By column. */
  readonly before: Readonly<Record<string, unknown>>;
  /** What a run would send on: the customer after the normaliser. */
  readonly after: unknown;
  /** Fields whose value could not be read, with what is wrong with it. */
  readonly unread: Readonly<Record<string, string>>;
}

const shownSamples = 3;

export function samplesOf({ mapping }: Guess, { rows, columns }: Table): Sample[] {
  const tryRow = compileTrial(mapping);
  return rows.slice(0, shownSamples).map((row) => {
    const { customer, unread } = tryRow(row);
    const before = columns.flatMap(({ name, path }) => (row.cells.has(path) ? [[name, row.cells.get(path)]] : []));
    return { at: row.at, before: Object.fromEntries(before), after: customer, unread: Object.fromEntries(unread) };
  });
}

export function guessText(guess: Guess, table: Table, samples: readonly Sample[], closing: string): string {
  const { fields, leftOut, valid } = guess;
  const parts = [
    `${table.name}: ${counted(table.columns.length, 'column')}, ${counted(table.rows.length, 'row')} looked at`,
    section('Fields', ['field', 'from', 'sure', 'why'], fields.map(fieldLine)),
    section(
      'Left out',
      ['column', 'why'],
      leftOut.map(({ column, reason }) => [column, reason]),
    ),
    ...samples.map((sample) => sampleText(sample, fields)),
    `${validText(valid, table.rows.length)}${unreadableText(table)}`,
    closing,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function fieldLine({ field, columns, confidence, why }: FieldGuess): string[] {
  return [field, columns.join(', '), confidence, why];
}

function sampleText({ at, before, after, unread }: Sample, fields: readonly FieldGuess[]): string {
  const lines = fields.flatMap(({ field, columns }) => {
    const value = compileGetter(parsePath(field))(after);
    const raw = columns.map((column) => before[column]).find((cell) => cell !== undefined);
    const problem = unread[field];
    if (problem !== undefined) return [[field, `${showValue(raw)}  ! ${problem}`]];
    if (value === undefined) return [];
    const same = raw === undefined || raw === value || columns.length > 1;
    return [[field, same ? showValue(value) : `${showValue(raw)} -> ${showValue(value)}`]];
  });
  return section(`${at} becomes`, undefined, lines);
}

function section(title: string, header: readonly string[] | undefined, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = (header === undefined ? rows : [header, ...rows]).map((row) => row.map(printable));
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const text = lines.map(
    (line) =>
      `  ${line.map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}`,
  );
  return [printable(title), ...text].join('\n');
}

function validText(valid: number, rows: number): string {
  if (rows === 1) return valid === 1 ? 'The one row makes a valid customer.' : 'The one row makes no valid customer.';
  return `${valid} of the ${rows} rows make valid customers.`;
}

function unreadableText({ unreadable }: Table): string {
  return unreadable === 0 ? '' : ` ${counted(unreadable, 'more row')} cannot be read.`;
}
