import { readFileSync } from 'node:fs';

export interface Example {
  /** For the test's name: the heading it stands under and its line. */
  readonly name: string;
  readonly content: unknown;
}

/** The fenced blocks of `docs/mapping.md` of one kind: ```json <kind>. */
export function examplesOf(kind: string): Example[] {
  const lines = readFileSync('docs/mapping.md', 'utf8').split('\n');
  const examples: Example[] = [];
  let heading = '';
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (line !== `\`\`\`json ${kind}`) continue;
    const end = lines.indexOf('```', index);
    const content: unknown = JSON.parse(lines.slice(index + 1, end).join('\n'));
    examples.push({ name: `${heading} (line ${index + 1})`, content });
  }
  return examples;
}
