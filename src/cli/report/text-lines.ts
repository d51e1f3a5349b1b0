import type { FieldChange, Warning } from '../../../schemas/outcome.js';
import { accountText } from '../../connections/account.js';
import { codeHint, withCode } from '../code-hint.js';
import type { Style } from '../console.js';
import type { ReportTarget, RunHead, View } from './report.js';
import {
  clearsText,
  counted,
  countsText,
  customersText,
  interruptedText,
  numberText,
  type Summary,
  type TargetSummary,
} from './summary.js';
import { printable, showValue } from './values.js';

/** Colours a text, or leaves it as it is. */
export type Painter = (style: Style, text: string) => string;

/** Values of longer names stand behind the name, not in line with the others. */
const widestName = 32;

/** What is read and written, in the first lines. */
export function headText(run: RunHead): string {
  const width = Math.max(...run.targets.map(({ connection }) => connection.name.length));
  return `${headline(run)}\n${run.targets.map((target) => targetLine(target, run, width)).join('\n')}\n\n`;
}

function headline({ mode, source, targets, offline }: RunHead): string {
  const names = targets.map(({ connection }) => connection.name).join(', ');
  const what = `${printable(source)} -> ${names}`;
  if (mode === 'apply') return `Apply: ${what}`;
  return `Dry run: ${what}. ${offline ? 'No request is sent; every customer is shown as new.' : 'Reads only; nothing is written.'}`;
}

function targetLine({ connection, account, notes }: ReportTarget, { offline }: RunHead, width: number): string {
  const about = offline ? 'offline' : printable(accountText(account));
  return [`  ${connection.name.padEnd(width)}  ${about}`, ...notes.map((note) => `    ! ${printable(note)}`)].join(
    '\n',
  );
}

/** A row may be so broken that it has no id. */
export function whoText({ customerId }: View): string {
  return customerId === undefined ? '(no readable id)' : printable(customerId);
}

/** The width at which the values of all these customers are in line. */
export function nameWidth(views: readonly View[]): number {
  const names = views.flatMap(({ changes }) => changes.map(({ field }) => printable(field).length));
  return names.reduce((widest, length) => (length > widestName ? widest : Math.max(widest, length)), 0);
}

interface DetailOptions {
  readonly color: Painter;
  readonly notes: readonly Warning[];
  /** See `nameWidth`. */
  readonly width: number;
}

/** What is to be said of one customer, below the line with its id. */
export function detailLines({ changes, reason, error }: View, { color, notes, width }: DetailOptions): string[] {
  const name = (field: string) => `${printable(field)}:`.padEnd(width + 1);
  return [
    ...changes.map((change) => `${name(change.field)} ${changeText(change, color)}`),
    ...notes.map((warning) => color('yellow', `! ${warningText(warning)}`)),
    ...(reason === undefined ? [] : [printable(reason)]),
    ...(error === undefined
      ? []
      : [withCode(printable(error.message), error.code), color('gray', `-> ${printable(error.remedy)}`)]),
  ];
}

function changeText({ change, from, to }: FieldChange, color: Painter): string {
  const before = from === undefined ? '' : `${showValue(from)} ${color('gray', '->')} `;
  if (change === 'clear') return `${before}${color('red', '(cleared)')}`;
  const after = showValue(to);
  return change === 'cannot_tell'
    ? `${after} ${color('gray', '(cannot be read back; sent along)')}`
    : `${before}${after}`;
}

function warningText({ field, message, from, to }: Warning): string {
  const about = field === undefined ? '' : `${printable(field)} `;
  const values =
    to !== undefined ? ` (${showValue(from)} -> ${showValue(to)})` : from !== undefined ? ` (${showValue(from)})` : '';
  return `${about}${printable(message)}${values}`;
}

/** The counts of one connection. */
export function countLine({ to, counts, clears, warnings }: TargetSummary, verbose: boolean): string {
  const customers = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const notes = `${counted(warnings, 'note')}${verbose ? '' : ' (--verbose shows all)'}`;
  const extras = [...clearsText(clears), ...(warnings > 0 ? [notes] : [])];
  return `${to}: ${customersText(customers)}: ${[countsText(counts), ...extras].join('; ')}`;
}

export function interruptedLines({ interrupted }: Summary, target: TargetSummary): string[] {
  return interrupted ? [`  ${interruptedText(target)}`] : [];
}

export function effectLines({ effects }: TargetSummary): string[] {
  return effects.map(({ effect, times }) => `  effect, ${numberText(times)}x: ${effect}`);
}

/** Where the codes of the errors that were printed are explained. */
export function hintLines(codes: ReadonlySet<string>): string[] {
  const hint = codeHint(codes);
  return hint === '' ? [] : [hint];
}
