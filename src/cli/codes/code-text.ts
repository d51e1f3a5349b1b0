import { type OutputStream, paint } from '../console.js';
import { codeGroups, type ExplainedCode } from './all-codes.js';

/** All that is known of one code, for people. */
export function codeText(explained: ExplainedCode, stdout: OutputStream): string {
  const { code, kind, meaning, causes = [], remedy, later, example } = explained;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `  ${title}`, ...lines.map((line) => `    ${line}`)];
  const list = (lines: readonly string[]) => (lines.length > 1 ? lines.map((line) => `- ${line}`) : lines);
  return `${[
    `${paint(stdout, 'bold', code)} (${kind}): ${meaning}`,
    ...section('Usual causes', list(causes)),
    ...section('What to do', list(remedy)),
    ...section('Is it tried again?', later === undefined ? [] : [later]),
    ...section('Example', example?.split('\n') ?? []),
  ].join('\n')}\n`;
}

/** Every code with its meaning, in a line each. */
export function codeListText(stdout: OutputStream): string {
  const groups = codeGroups.map(({ title, where, codes }) => {
    const entries = Object.entries(codes);
    const width = Math.max(...entries.map(([code]) => code.length));
    const lines = entries.map(([code, { meaning }]) => `  ${code.padEnd(width)}  ${meaning}`);
    return [`${paint(stdout, 'bold', title)}: ${where}`, ...lines, ''].join('\n');
  });
  return `${groups.join('\n')}\ncustomer-sync help <code> says what leads to it and what to do.\n`;
}
