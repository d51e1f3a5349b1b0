import type { FieldChange } from '../../../schemas/outcome.js';
import { placeText } from '../../connections/account.js';
import type { Result } from '../../runner/runner.js';
import { type Report, viewOf } from './report.js';
import { clearsText, countsText } from './summary.js';
import { printable, showValue } from './values.js';
import { verbOf, wordOf } from './words.js';

/** A comment on a pull request has room for so many lines. */
const maxLines = 200;

/** For pull requests: a table of what changes or fails, then counts. */
export function createMarkdownReport(): Report {
  let lines = 0;
  let left = 0;
  return {
    head({ mode, source, targets }) {
      const names = targets
        .map(({ connection, account }) => `\`${connection.name}\` (${plainText(placeText(account))})`)
        .join(', ');
      const title = mode === 'apply' ? 'Applied' : 'Dry run';
      const notes = targets.flatMap((target) => target.notes.map((note) => `${plainText(note)}\n\n`)).join('');
      return `### ${title}: ${plainText(source)} to ${names}\n\n${notes}| | customer | connection | what |\n| --- | --- | --- | --- |\n`;
    },
    row({ row: { at }, results }) {
      const rows = results.map((result) => tableRow(result, at)).filter((row) => row !== '');
      const room = Math.max(0, maxLines - lines);
      lines += rows.length;
      left += Math.max(0, rows.length - room);
      return rows.slice(0, room).join('');
    },
    foot({ targets }) {
      const more = left > 0 ? `\n… and ${left} more.\n` : '';
      const counts = targets.map(
        ({ to, counts: byVerb, clears }) => `- **${to}**: ${[countsText(byVerb), ...clearsText(clears)].join('; ')}`,
      );
      const effects = targets.flatMap(({ to, effects: list }) =>
        list.map(({ effect, times }) => `- ${to}, ${times}x: ${plainText(effect)}`),
      );
      return `${more}\n${counts.join('\n')}\n${effects.length > 0 ? `\nEffects:\n\n${effects.join('\n')}\n` : ''}`;
    },
  };
}

function tableRow(result: Result, at: string | undefined): string {
  const word = wordOf(verbOf(result));
  if (word.isQuiet) return '';
  const { customerId, to, changes, error, reason } = viewOf(result);
  const who = [customerId, word.isFailure ? at : undefined].filter((part) => part !== undefined).join(', ');
  const what = [
    ...changes.map(changeText),
    ...(error === undefined ? [] : [`${plainText(error.message)} _${plainText(error.remedy)}_`]),
    ...(reason === undefined ? [] : [plainText(reason)]),
  ];
  return `| ${word.sign} ${word.verb} | ${plainText(who)} | ${to} | ${what.join('<br>')} |\n`;
}

function changeText({ field, change, from, to }: FieldChange): string {
  const before = from === undefined ? '' : `${plainText(showValue(from))} → `;
  return `${fieldText(field)}: ${before}${change === 'clear' ? '_cleared_' : plainText(showValue(to))}`;
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
