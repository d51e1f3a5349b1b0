import { codeGroups } from '../../src/cli/codes/all-codes.js';
import type { Explanation } from '../../src/cli/codes/explanation.js';
import { code, plain, table } from './markdown.js';

/** `docs/errors.md`: every code that the program prints, and what to do about it. */
export function errorsDocument(): string {
  return `# Errors and other codes

Generated from the program by \`npm run docs\`; a test fails when it is out of date. \`customer-sync help <code>\` prints the
same, \`customer-sync help codes\` the list; both take \`--json\`.

Codes are stable: scripts may decide by them. What is said about trying again is about jobs, which remember who failed; \`apply\`
of a file remembers nothing, so run it again, and it writes what still differs.

${codeGroups.map(groupSection).join('\n\n')}
`;
}

function groupSection({ title, where, codes, kind }: (typeof codeGroups)[number]): string {
  const entries = Object.entries(codes);
  const text = kind === 'error' ? entries.map(errorSection).join('\n\n') : codeTable(entries);
  return [`## ${title}`, `${where.charAt(0).toUpperCase()}${plain(where.slice(1))}.`, text].join('\n\n');
}

type Entry = readonly [name: string, explanation: Explanation];

function errorSection([name, { meaning, causes = [], remedy, later, example }]: Entry): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${plain(line)}`).join('\n');
  return [
    `### ${name}`,
    plain(meaning),
    `Usual causes:\n\n${list(causes)}`,
    `What to do:\n\n${list(remedy)}`,
    ...(later === undefined ? [] : [`Is it tried again? ${plain(later)}`]),
    ...(example === undefined ? [] : [`\`\`\`text\n${example}\n\`\`\``]),
  ].join('\n\n');
}

function codeTable(entries: readonly Entry[]): string {
  return table(
    ['code', 'meaning', 'what to do'],
    entries.map(([name, { meaning, remedy }]) => [code(name), plain(meaning), plain(remedy.join(' '))]),
  );
}
