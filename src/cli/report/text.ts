import type { FieldChange, Warning } from '../../../schemas/outcome.js';
import type { Result } from '../../runner/runner.js';
import { paint, type Style } from '../console.js';
import type { CliTarget } from '../targets.js';
import { type Report, type RunHead, viewOf } from './report.js';
import { countsText, type TargetSummary } from './summary.js';
import { showValue } from './values.js';
import { verbOf, wordOf } from './words.js';

/** So many customers of one kind are shown in full; the rest are in the counts. */
const shownPerVerb = 50;

interface TextOptions {
  readonly stdout: NodeJS.WriteStream;
  /** Also what stays as it is, and every note. */
  readonly verbose: boolean;
}

/** For people: a block for each customer that changes or fails, then counts. */
export function createTextReport({ stdout, verbose }: TextOptions): Report {
  const shown = new Map<string, number>();
  let several = false;
  const color = (style: Style, text: string) => paint(stdout, style, text);

  function block(result: Result, at: string | undefined): string {
    const word = wordOf(verbOf(result));
    const { customerId, to, changes, warnings, error, reason } = viewOf(result);
    const notes = warnings.filter(({ code }) => verbose || code !== 'normalised');
    const isQuiet = word.style === 'gray' && word.verb !== 'not_attempted';
    if (isQuiet && !verbose && notes.length === 0) return '';
    const count = (shown.get(`${to} ${word.verb}`) ?? 0) + 1;
    shown.set(`${to} ${word.verb}`, count);
    if (count > shownPerVerb && !verbose) return '';

    const where = word.isFailure && at !== undefined ? color('gray', `  ${at}`) : '';
    const lines = [
      `${color(word.style, `${word.sign} ${word.verb}`)} ${customerId ?? 'a row without an id'}${several ? color('gray', `  ${to}`) : ''}${where}`,
    ];
    const width = Math.min(60, Math.max(0, ...changes.map(({ field }) => field.length)));
    for (const change of changes) lines.push(`    ${change.field.padEnd(width)}  ${changeText(change)}`);
    for (const warning of notes) lines.push(color('yellow', `    ! ${warningText(warning)}`));
    if (reason !== undefined) lines.push(`    ${reason}`);
    if (error !== undefined) lines.push(`    ${error.message}`, color('gray', `    -> ${error.remedy}`));
    return `${lines.join('\n')}\n`;
  }

  return {
    head(run) {
      several = run.targets.length > 1;
      return `${headline(run)}\n${run.targets.map((target) => targetLine(target, run)).join('\n')}\n\n`;
    },
    row: ({ row, results }) => results.map((result) => block(result, row.at)).join(''),
    foot({ rows, targets }) {
      const hidden = [...shown.entries()].filter(([, count]) => count > shownPerVerb && !verbose);
      const more = hidden.map(
        ([kind, count]) => `  … and ${count - shownPerVerb} more of: ${kind} (--verbose or --format json shows all)`,
      );
      return [...more, '', ...targets.map((target) => footLine(target, rows, verbose)), ''].join('\n');
    },
  };
}

function headline({ mode, source, targets, offline }: RunHead): string {
  const names = targets.map(({ connection }) => connection.name).join(', ');
  if (mode === 'apply') return `Apply: ${source} -> ${names}`;
  return `Dry run: ${source} -> ${names}. ${offline ? 'No request is sent; every customer is shown as new.' : 'Reads only; nothing is written.'}`;
}

function targetLine({ connection, account }: CliTarget, { offline }: RunHead): string {
  const about = offline ? 'offline' : `${account.baseUrl} (${account.environment}), key ${account.key}`;
  return `  ${connection.name}  ${about}`;
}

function changeText({ change, from, to }: FieldChange): string {
  const before = from === undefined ? '' : `${showValue(from)} -> `;
  if (change === 'clear') return `${before}(cleared)`;
  const after = showValue(to);
  return change === 'cannot_tell' ? `${after} (cannot be read back; sent along)` : `${before}${after}`;
}

function warningText({ field, message, from, to }: Warning): string {
  const about = field === undefined ? '' : `${field} `;
  const values =
    to !== undefined ? ` (${showValue(from)} -> ${showValue(to)})` : from !== undefined ? ` (${showValue(from)})` : '';
  return `${about}${message}${values}`;
}

function footLine({ to, counts, clears, warnings, effects }: TargetSummary, rows: number, verbose: boolean): string {
  const extras = [
    ...(clears > 0 ? [`${clears} ${clears === 1 ? 'field' : 'fields'} cleared`] : []),
    ...(warnings > 0
      ? [`${warnings} ${warnings === 1 ? 'note' : 'notes'}${verbose ? '' : ' (--verbose shows all)'}`]
      : []),
  ];
  const lines = [
    `${to}: ${rows} ${rows === 1 ? 'customer' : 'customers'}: ${[countsText(counts), ...extras].join('; ')}`,
  ];
  for (const { effect, times } of effects) lines.push(`  effect, ${times}x: ${effect}`);
  return lines.join('\n');
}
