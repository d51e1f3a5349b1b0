import type { FieldChange, Warning } from '../../../schemas/outcome.js';
import { accountText } from '../../connections/account.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import type { Result } from '../../runner/runner.js';
import { type OutputStream, paint, type Style } from '../console.js';
import { type Report, type RunHead, viewOf } from './report.js';
import { clearsText, countsText, customersText, type TargetSummary } from './summary.js';
import { printable, showValue } from './values.js';
import { type Verb, verbOf, wordOf } from './words.js';

/** So many customers of one kind are shown in full; the rest are in the counts. */
const shownPerVerb = 100;
/** All of these have the same reason. */
const shownNotAttempted = 3;

interface TextOptions {
  readonly stdout: OutputStream;
  /** Also what stays as it is, and every note. */
  readonly verbose: boolean;
}

/** For people: a block for each customer that changes or fails, then counts. */
export function createTextReport({ stdout, verbose }: TextOptions): Report {
  const shown = new Map<string, { readonly verb: Verb; count: number; hiddenWithNotes: number }>();
  let several = false;
  let isEmpty = true;
  const color = (style: Style, text: string) => paint(stdout, style, text);

  function block(result: Result, at: string | undefined): string {
    const word = wordOf(verbOf(result));
    const { customerId, to, changes, warnings, error, reason } = viewOf(result);
    const notes = warnings.filter(({ code }) => verbose || code !== 'normalised');
    if (word.isQuiet && !verbose && notes.length === 0) return '';
    const kind = shown.get(`${to} ${word.verb}`) ?? { verb: word.verb, count: 0, hiddenWithNotes: 0 };
    shown.set(`${to} ${word.verb}`, kind);
    kind.count += 1;
    if (hiddenOf(kind) > 0 && !verbose) {
      if (notes.length > 0) kind.hiddenWithNotes += 1;
      return '';
    }

    isEmpty = false;
    const who = customerId === undefined ? '(no readable id)' : printable(customerId);
    const where = several ? color('gray', `  ${to}`) : '';
    const row = word.isFailure && at !== undefined ? color('gray', `  ${printable(at)}`) : '';
    const lines = [`${color(word.style, `${word.sign} ${word.verb}`)} ${who}${where}${row}`, ...changeLines(changes)];
    for (const warning of notes) lines.push(color('yellow', `    ! ${warningText(warning)}`));
    if (reason !== undefined) lines.push(`    ${printable(reason)}`);
    if (error !== undefined)
      lines.push(`    ${printable(error.message)}`, color('gray', `    -> ${printable(error.remedy)}`));
    return `${lines.join('\n')}\n`;
  }

  return {
    head(run) {
      several = run.targets.length > 1;
      const width = Math.max(...run.targets.map(({ connection }) => connection.name.length));
      return `${headline(run)}\n${run.targets.map((target) => targetLine(target, run, width)).join('\n')}\n\n`;
    },
    row: ({ row, results }) => results.map((result) => block(result, row.at)).join(''),
    foot({ rows, targets }) {
      const hidden = [...shown.entries()].filter(([, kind]) => hiddenOf(kind) > 0 && !verbose);
      const more = hidden.map(
        ([name, kind]) =>
          `  … and ${hiddenOf(kind)} more of: ${name}${hiddenNotesText(kind)} (--verbose or --format json shows all)`,
      );
      return [...more, ...(isEmpty ? [] : ['']), ...targets.map((target) => footLine(target, rows, verbose)), ''].join(
        '\n',
      );
    },
  };
}

function hiddenOf({ verb, count }: { readonly verb: Verb; readonly count: number }): number {
  return count - (verb === 'not_attempted' ? shownNotAttempted : shownPerVerb);
}

/** A value that could not be read must not be out of sight without a word. */
function hiddenNotesText({ hiddenWithNotes: count }: { readonly hiddenWithNotes: number }): string {
  return count === 0 ? '' : `, ${count} with notes on values`;
}

function headline({ mode, source, targets, offline }: RunHead): string {
  const names = targets.map(({ connection }) => connection.name).join(', ');
  const what = `${printable(source)} -> ${names}`;
  if (mode === 'apply') return `Apply: ${what}`;
  return `Dry run: ${what}. ${offline ? 'No request is sent; every customer is shown as new.' : 'Reads only; nothing is written.'}`;
}

function targetLine({ connection, account, notes }: OpenedConnection, { offline }: RunHead, width: number): string {
  const about = offline ? 'offline' : printable(accountText(account));
  return [`  ${connection.name.padEnd(width)}  ${about}`, ...notes.map((note) => `    ! ${printable(note)}`)].join(
    '\n',
  );
}

function changeLines(changes: readonly FieldChange[]): string[] {
  // Keys of metadata come from the source as much as values do.
  const lines = changes.map((change) => ({ field: printable(change.field), text: changeText(change) }));
  const width = Math.min(60, Math.max(0, ...lines.map(({ field }) => field.length)));
  return lines.map(({ field, text }) => `    ${field.padEnd(width)}  ${text}`);
}

function changeText({ change, from, to }: FieldChange): string {
  const before = from === undefined ? '' : `${showValue(from)} -> `;
  if (change === 'clear') return `${before}(cleared)`;
  const after = showValue(to);
  return change === 'cannot_tell' ? `${after} (cannot be read back; sent along)` : `${before}${after}`;
}

function warningText({ field, message, from, to }: Warning): string {
  const about = field === undefined ? '' : `${printable(field)} `;
  const values =
    to !== undefined ? ` (${showValue(from)} -> ${showValue(to)})` : from !== undefined ? ` (${showValue(from)})` : '';
  return `${about}${printable(message)}${values}`;
}

function footLine({ to, counts, clears, warnings, effects }: TargetSummary, rows: number, verbose: boolean): string {
  const extras = [
    ...clearsText(clears),
    ...(warnings > 0
      ? [`${warnings} ${warnings === 1 ? 'note' : 'notes'}${verbose ? '' : ' (--verbose shows all)'}`]
      : []),
  ];
  const lines = [`${to}: ${customersText(rows)}: ${[countsText(counts), ...extras].join('; ')}`];
  for (const { effect, times } of effects) lines.push(`  effect, ${times}x: ${effect}`);
  return lines.join('\n');
}
