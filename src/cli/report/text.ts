import { type OutputStream, paint, type Style } from '../console.js';
import { isWorthALine, notesOf } from './groups.js';
import { type Report, type ShownResult, viewOf } from './report.js';
import { numberText } from './summary.js';
import {
  countLine,
  detailLines,
  effectLines,
  headText,
  hintLines,
  interruptedLines,
  nameWidth,
  whoText,
} from './text-lines.js';
import { printable } from './values.js';
import { shownOf, type Verb, verbOf, wordOf } from './words.js';

interface TextOptions {
  readonly stdout: OutputStream;
  /** Also what stays as it is, and every note. */
  readonly verbose: boolean;
  /** So many customers of each outcome. */
  readonly show: number;
}

/** For people who watch a run: a block for each customer as soon as it is written or has failed, then counts. */
export function createTextReport({ stdout, verbose, show }: TextOptions): Report {
  const shown = new Map<string, { readonly verb: Verb; count: number; hiddenWithNotes: number }>();
  const hiddenOf = ({ verb, count }: { readonly verb: Verb; readonly count: number }) => count - shownOf(verb, show);
  const color = (style: Style, text: string) => paint(stdout, style, text);
  const codes = new Set<string>();
  let several = false;
  let isEmpty = true;

  function block(result: ShownResult, at: string | undefined): string {
    const word = wordOf(verbOf(result));
    const view = viewOf(result);
    const { to } = view;
    const notes = notesOf(view, verbose);
    if (!isWorthALine(word.verb, view, verbose)) return '';
    const kind = shown.get(`${to} ${word.verb}`) ?? { verb: word.verb, count: 0, hiddenWithNotes: 0 };
    shown.set(`${to} ${word.verb}`, kind);
    kind.count += 1;
    if (hiddenOf(kind) > 0) {
      if (notes.length > 0) kind.hiddenWithNotes += 1;
      return '';
    }

    isEmpty = false;
    if (view.error !== undefined) codes.add(view.error.code);
    const where = several ? color('gray', `  ${to}`) : '';
    const row = word.isFailure && at !== undefined ? color('gray', `  ${printable(at)}`) : '';
    const details = detailLines(view, { color, notes, width: nameWidth([view]) });
    const first = `${color(word.style, `${word.sign} ${word.verb}`)} ${whoText(view)}${where}${row}`;
    return [first, ...details.map((line) => `    ${line}`)].map((line) => `${line}\n`).join('');
  }

  return {
    head(run) {
      several = run.targets.length > 1;
      return headText(run);
    },
    row: ({ row, results }) => results.map((result) => block(result, row.at)).join(''),
    foot(summary) {
      const more = [...shown.entries()]
        .filter(([, kind]) => hiddenOf(kind) > 0)
        .map(
          ([name, kind]) =>
            `  … and ${numberText(hiddenOf(kind))} more of: ${name}${hiddenNotesText(kind)} (--show 0 shows all)`,
        );
      const totals = summary.targets.flatMap((target) => [
        countLine(target, verbose),
        ...interruptedLines(summary, target).map((line) => color('yellow', line)),
        ...effectLines(target),
      ]);
      return [...more, ...(isEmpty ? [] : ['']), ...totals, ...hintLines(codes), ''].join('\n');
    },
  };
}

/** A value that could not be read must not be out of sight without a word. */
function hiddenNotesText({ hiddenWithNotes: count }: { readonly hiddenWithNotes: number }): string {
  return count === 0 ? '' : `, ${numberText(count)} with notes on values`;
}
