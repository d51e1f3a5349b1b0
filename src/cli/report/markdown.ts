import type { FieldChange } from '../../../schemas/outcome.js';
import { placeText } from '../../connections/account.js';
import { withCode } from '../code-hint.js';
import { createGroups, type Entry, type Group } from './groups.js';
import type { Report } from './report.js';
import { clearsText, countsText, interruptedText, numberText } from './summary.js';
import { printable, showValue } from './values.js';
import { wordOf } from './words.js';

/** A comment on a pull request has room for so many lines. */
const maxLines = 200;

/** For pull requests: a table of what changes or fails, grouped by outcome, then counts. */
export function createMarkdownReport(): Report {
  const groups = createGroups({ limit: () => maxLines, isShown: (verb) => !wordOf(verb).isQuiet });
  return {
    head({ mode, source, targets }) {
      const names = targets
        .map(({ connection, account }) => `\`${connection.name}\` (${plainText(placeText(account))})`)
        .join(', ');
      const title = mode === 'apply' ? 'Applied' : 'Dry run';
      const notes = targets.flatMap((target) => target.notes.map((note) => `${plainText(note)}\n\n`)).join('');
      return `### ${title}: ${plainText(source)} to ${names}\n\n${notes}| | customer | connection | what |\n| --- | --- | --- | --- |\n`;
    },
    row(result) {
      groups.add(result);
      return '';
    },
    foot({ interrupted, targets }) {
      const found = groups.groups(targets.map(({ to }) => to));
      const shares = fairShares(
        found.map(({ entries }) => entries.length),
        maxLines,
      );
      const rows = found.flatMap((group, index) =>
        group.entries.slice(0, shares[index]).map((entry) => tableRow(group, entry)),
      );
      const all = found.reduce((sum, { entries, left }) => sum + entries.length + left.count, 0);
      const more = all > rows.length ? `\n… and ${numberText(all - rows.length)} more.\n` : '';
      const counts = targets.map(({ to, counts: byVerb, clears }) => {
        const remarks = [...clearsText(clears), ...(interrupted ? [`**${interruptedText({ counts: byVerb })}**`] : [])];
        return `- **${to}**: ${[countsText(byVerb), ...remarks].join('; ')}`;
      });
      const effects = targets.flatMap(({ to, effects: list }) =>
        list.map(({ effect, times }) => `- ${to}, ${numberText(times)}x: ${plainText(effect)}`),
      );
      const effectsPart = effects.length > 0 ? `\nEffects:\n\n${effects.join('\n')}\n` : '';
      return `${rows.join('')}${more}\n${counts.join('\n')}\n${effectsPart}`;
    },
  };
}

/** Divides room so that many of one kind do not crowd out the few of another: small groups have all that they need. */
function fairShares(sizes: readonly number[], room: number): number[] {
  const shares = sizes.map(() => 0);
  let left = room;
  let waiting = sizes.length;
  const smallestFirst = [...sizes.entries()].toSorted(([, one], [, other]) => one - other);
  for (const [index, size] of smallestFirst) {
    shares[index] = Math.min(size, Math.floor(left / waiting));
    left -= shares[index] ?? 0;
    waiting -= 1;
  }
  return shares;
}

function tableRow({ verb, to }: Group, { view, at }: Entry): string {
  const { sign, isFailure } = wordOf(verb);
  const { customerId, changes, error, reason } = view;
  const who = [customerId, isFailure ? at : undefined].filter((part) => part !== undefined).join(', ');
  const what = [
    ...changes.map(changeText),
    ...(error === undefined ? [] : [`${plainText(withCode(error.message, error.code))} _${plainText(error.remedy)}_`]),
    ...(reason === undefined ? [] : [plainText(reason)]),
  ];
  return `| ${sign} ${verb} | ${plainText(who)} | ${to} | ${what.join('<br>')} |\n`;
}

function changeText({ field, change, from, to }: FieldChange): string {
  const before = from === undefined ? '' : `${plainText(showValue(from))} → `;
  return `${fieldText(field)}: ${before}${change === 'clear' ? '**cleared**' : plainText(showValue(to))}`;
}

/** A name with other characters, as metadata may have, could end the code span or the cell. */
function fieldText(field: string): string {
  return /^[\w.-]+$/.test(field) ? `\`${field}\`` : `<code>${plainText(field)}</code>`;
}

/** Keeps a value from becoming markup or breaking the table. */
function plainText(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>|#!&~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s+/g, ' ');
}
