import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentProgram } from '../../docs/generate/cli.js';
import { type Page, pages } from './pages.js';

interface Shown {
  readonly line: number;
  readonly command: string;
  /** Only named in the text, where what is not of interest may be left out. */
  readonly inPassing: boolean;
}

/** How the program is called in a clone, where it is installed, and where its name is on the path. */
const called = /^(?:npm run (?:-s |--silent )?customer-sync -- |npx (?:-y )?customer-sync |customer-sync )(.*)$/;

/** The arguments of every call of the program on a page: lines of shell blocks, and code in the text. */
function shownOn({ blocks, prose }: Page): Shown[] {
  const inBlocks = blocks
    .filter(({ language }) => ['sh', 'text'].includes(language))
    .flatMap(({ language, line, text }) =>
      // What is typed stands behind a dollar where output stands below it.
      joined(text)
        .map((code, index) => ({ line: line + index, code, inPassing: false }))
        .filter(({ code }) => language === 'sh' || code.startsWith('$ ')),
    );
  const inText = prose.flatMap((text, index) =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({ line: index + 1, code, inPassing: true })),
  );
  return [...inBlocks, ...inText].flatMap(({ code, ...where }) =>
    code.split(/&&|\||;/).flatMap((part) => {
      const command = called.exec(part.trim().replace(/^(?:\$ )?(?:[A-Z_]+=\S* )*/, ''))?.[1];
      return command === undefined || command.startsWith('<') ? [] : [{ ...where, command }];
    }),
  );
}

/** The lines of a block; where one goes on in the next, that stands with it, and leaves a blank one. */
function joined(text: string): string[] {
  return text
    .replace(/(?: \\\n *[^\n]*)+/g, (lines) => `${lines.replace(/ \\\n */g, ' ')}${lines.replace(/[^\n]/g, '')}`)
    .split('\n');
}

/** As a shell splits them; ends at a comment or a redirection. */
function wordsOf(command: string): string[] {
  const words: string[] = [];
  for (const [word, , double, single] of command.matchAll(/(?:"([^"]*)"|'([^']*)'|([^\s"']+))+/g)) {
    if (/^(?:#|>|2>|<\s|\.\.\.$)/.test(word)) break;
    words.push(double ?? single ?? word.replace(/["']/g, ''));
  }
  return words;
}

/** What the program itself says against this call; nothing where it would begin. */
async function faultOf(args: readonly string[], inPassing = false): Promise<string | undefined> {
  const program = await silentProgram(args);
  for (const command of program.commands) {
    for (const one of [command, ...command.commands]) if (one.commands.length === 0) one.action(() => {});
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isIncomplete = ['commander.missingMandatoryOptionValue', 'commander.missingArgument', 'commander.help'];
    return error.exitCode === 0 || (inPassing && isIncomplete.includes(error.code)) ? undefined : error.message;
  }
}

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

function textOf({ prose, blocks }: Page): string {
  return [...prose, ...blocks.map(({ text }) => text)].join('\n');
}

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('shows calls that the program takes', async () => {
    const faults: string[] = [];
    for (const { line, command, inPassing } of shownOn(page)) {
      const fault = await faultOf(wordsOf(command), inPassing);
      if (fault !== undefined) faults.push(`${path}:${line}: customer-sync ${command}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  it('names npm scripts that there are', () => {
    const named = [...textOf(page).matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

it('the pages show many calls', () => {
  expect(pages.flatMap(shownOn).length).toBeGreaterThan(40);
});

describe('a call', () => {
  it.each([
    ['dry-run a.csv --to lago --offline', undefined],
    ['run nightly --allow changed', undefined],
    ['ledger rebind lago-eu --other', "error: unknown option '--other'"],
    ['dryrun a.csv', "error: unknown command 'dryrun'"],
    ['apply a.csv --format xml', "error: option '--format <format>' argument 'xml' is invalid"],
    ['run', "error: missing required argument 'job'"],
  ])('customer-sync %s', async (command, fault) => {
    const found = await faultOf(wordsOf(command));
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it('is found in blocks and in the text', () => {
    const blocks = [
      {
        language: 'sh',
        line: 2,
        text: 'npm ci && npm run customer-sync -- run \\\n  nightly # now\nA=b npx customer-sync demo',
      },
      { language: 'text', line: 7, text: '$ customer-sync status\ncustomer-sync says' },
      { language: 'json', line: 9, text: 'customer-sync demo' },
    ];
    const shown = shownOn({
      path: 'x.md',
      blocks,
      prose: ['see `customer-sync init`, `customer-sync <x>` or `run <job>`'],
    });
    expect(shown).toEqual([
      { line: 2, command: 'run nightly # now', inPassing: false },
      { line: 4, command: 'demo', inPassing: false },
      { line: 7, command: 'status', inPassing: false },
      { line: 1, command: 'init', inPassing: true },
    ]);
    expect(wordsOf('run nightly # now')).toEqual(['run', 'nightly']);
    expect(wordsOf(`a --b "c d" 'e f' >> out`)).toEqual(['a', '--b', 'c d', 'e f']);
  });
});
