import { type OutputStream, paint, type Style } from '../console.js';
import { type ClearedField, createClears } from './clears.js';
import { createGroups, type Group, groupName, isWorthALine, notesOf } from './groups.js';
import type { Report } from './report.js';
import { customersText, numberText } from './summary.js';
import {
  countLine,
  detailLines,
  effectLines,
  headText,
  hintLines,
  interruptedLines,
  nameWidth,
  type Painter,
  whoText,
} from './text-lines.js';
import { printable } from './values.js';
import { shownOf, wordOf } from './words.js';

interface PlanTextOptions {
  readonly stdout: OutputStream;
  /** Also what stays as it is, and every note. */
  readonly verbose: boolean;
  /** So many customers of each outcome at each connection. */
  readonly show: number;
}

/** For people who look before they write: customers grouped by what would happen to them, then counts. */
export function createPlanText({ stdout, verbose, show }: PlanTextOptions): Report {
  const color: Painter = (style: Style, text) => paint(stdout, style, text);
  const clears = createClears();
  const groups = createGroups({
    limit: (verb) => shownOf(verb, show),
    isShown: (verb, view) => isWorthALine(verb, view, verbose),
  });
  return {
    head: headText,
    row(result) {
      clears.add(result);
      groups.add(result);
      return '';
    },
    foot(summary) {
      const { targets } = summary;
      const options = { color, verbose, isOneOfSeveral: targets.length > 1 };
      const found = groups.groups(targets.map(({ to }) => to));
      const sections = found.map((group) => `${groupText(group, options)}\n`);
      const totals = targets.flatMap((target) => [
        countLine(target, verbose),
        ...interruptedLines(summary, target).map((line) => color('yellow', line)),
        ...clears.of(target.to).map((cleared) => color('red', clearLine(cleared))),
        ...effectLines(target),
      ]);
      const lines = [...totals, ...hintLines(codesOf(found))];
      return [...sections, ...lines.map((line) => `${line}\n`)].join('');
    },
  };
}

function codesOf(groups: readonly Group[]): Set<string> {
  const errors = groups.flatMap(({ entries }) => entries.map(({ view }) => view.error));
  return new Set(errors.flatMap((error) => (error === undefined ? [] : [error.code])));
}

interface GroupTextOptions {
  readonly color: Painter;
  readonly verbose: boolean;
  readonly isOneOfSeveral: boolean;
}

function groupText({ to, verb, entries, left }: Group, { color, verbose, isOneOfSeveral }: GroupTextOptions): string {
  const { sign, style, isFailure } = wordOf(verb);
  const where = isOneOfSeveral ? ` at ${to}` : '';
  const title = `${sign} ${groupName(verb, verbose)}${where}: ${customersText(entries.length + left.count)}`;
  const width = nameWidth(entries.map(({ view }) => view));
  const blocks = entries.flatMap(({ view, at }) => {
    const row = isFailure && at !== undefined ? color('gray', `  ${printable(at)}`) : '';
    const details = detailLines(view, { color, notes: notesOf(view, verbose), width });
    return [`  ${color(style, sign)} ${whoText(view)}${row}`, ...details.map((line) => `      ${line}`)];
  });
  const more = left.count === 0 ? [] : [`  ${moreText(left)}`];
  return [color(['bold', style], title), ...blocks, ...more].map((line) => `${line}\n`).join('');
}

/** `… and 1,203 more, 4 with cleared fields (--show 0 or --format html shows all)` */
function moreText({ count, clearing, withNotes }: Group['left']): string {
  const remarks = [
    ...(clearing > 0 ? [`${numberText(clearing)} with cleared fields`] : []),
    ...(withNotes > 0 ? [`${numberText(withNotes)} with notes on values`] : []),
  ];
  return `… and ${[`${numberText(count)} more`, ...remarks].join(', ')} (--show 0 or --format html shows all)`;
}

function clearLine({ field, times }: ClearedField): string {
  return `  clears, ${numberText(times)}x: ${printable(field)}`;
}
