import { globSync, readFileSync } from 'node:fs';

export interface Block {
  readonly language: string;
  /** Line of the page on which its text begins. */
  readonly line: number;
  readonly text: string;
}

export interface Page {
  readonly path: string;
  /** Everything outside fenced blocks, line by line; lines of blocks are blank. */
  readonly prose: readonly string[];
  readonly blocks: readonly Block[];
}

/** Every Markdown page that is shipped or read on the project's own pages. */
export const pages: readonly Page[] = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'providers/**/*.md'])
  .sort()
  .map(readPage);

function readPage(path: string): Page {
  const prose: string[] = [];
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1] ?? '', line: index + 2, lines: [] };
    else {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    }
    prose.push(open === undefined && fence === null ? line : '');
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the block has no end`);
  return { path, prose, blocks };
}

/** The anchors that headings get where the pages are read. */
export function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const heading = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let name = anchor;
    for (let count = 1; anchors.has(name); count += 1) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}
