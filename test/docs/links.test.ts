import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, type Page, pages } from './pages.js';

interface Link {
  readonly line: number;
  readonly target: string;
}

function linksOf({ prose }: Page): Link[] {
  return prose.flatMap((text, index) => {
    const withoutCode = text.replace(/`[^`]*`/g, '``');
    return [...withoutCode.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/g)].map(([, inline, reference]) => ({
      line: index + 1,
      target: inline ?? reference ?? '',
    }));
  });
}

const byPath = new Map(pages.map((page) => [page.path, page]));

/** Why a link leads nowhere; nothing where it leads somewhere, or to another server. */
function faultOf(page: Page, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page.path : join(dirname(page.path), path);
  if (!existsSync(file)) return 'there is no such file';
  if (anchor === undefined) return undefined;
  const other = byPath.get(file);
  if (other === undefined) return 'an anchor into something that is no page';
  return anchorsOf(other).has(anchor) ? undefined : 'the page has no such heading';
}

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('has links that lead somewhere', () => {
    const faults = linksOf(page).flatMap(({ line, target }) => {
      const fault = faultOf(page, target);
      return fault === undefined ? [] : [`${path}:${line}: ${target}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });
});

describe('a link', () => {
  const page: Page = {
    path: 'docs/page.md',
    blocks: [],
    prose: ['# A page: with `code`', '## Again', '## Again', '[a](#nowhere) and `[b](gone.md)`', '[c]: gone.md'],
  };

  it('is found in text and among references, not in code', () => {
    expect(linksOf(page)).toEqual([
      { line: 4, target: '#nowhere' },
      { line: 5, target: 'gone.md' },
    ]);
  });

  it.each([
    ['to a file that is there', '../README.md', undefined],
    ['to another server', 'https://example.test/x#y', undefined],
    ['to a file that is not', 'gone.md', 'there is no such file'],
    ['to a heading of another page that is not', '../README.md#no-such-heading', 'the page has no such heading'],
    ['into something that is no page', '../package.json#scripts', 'an anchor into something that is no page'],
  ])('%s', (_, target, fault) => {
    expect(faultOf(page, target)).toBe(fault);
  });

  it('finds headings as they are anchored', () => {
    expect([...anchorsOf(page)]).toEqual(['a-page-with-code', 'again', 'again-1']);
  });
});

it('every page of docs can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    const page = byPath.get(path);
    for (const { target } of page === undefined ? [] : linksOf(page)) {
      const file = join(dirname(path), target.split('#')[0] ?? '');
      if (byPath.has(file)) reached.add(file);
    }
  }
  const wanted = [...byPath.keys()].filter((path) => /^docs\/[^/]+\.md$|^docs\/providers\//.test(path));
  expect(wanted.filter((path) => !reached.has(path))).toEqual([]);
});
