import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../src/sources/glob/list-files.js';
import { openFiles } from '../../src/sources/glob/open-files.js';
import { folderWith } from '../cli/command-line.js';

interface Ending {
  onTestFinished(task: () => void): void;
}

function folder(ending: Ending) {
  const files = {
    'b.jsonl': '{"id":"b"}\n',
    'a.jsonl': '{"id":"a"}\n',
    '.hidden.jsonl': '',
    'c.csv': 'id,name\nc,Cy\n',
  };
  const directory = folderWith(files, ending);
  mkdirSync(join(directory, 'eu', 'de'), { recursive: true });
  writeFileSync(join(directory, 'eu', 'd.jsonl'), '{"id":"d"}\n');
  writeFileSync(join(directory, 'eu', 'de', 'e.jsonl'), '{"id":"e"}\n');
  return directory;
}

const open = (directory: string, path: string | string[]) =>
  openFiles({
    name: 'exports',
    settings: { type: 'file', path },
    directory,
    sourceMapping: undefined,
    normalise: undefined,
    version: 'v',
  });

describe('a pattern', () => {
  it.for<[string[], string[]]>([
    [['*.jsonl'], ['a.jsonl', 'b.jsonl']],
    [
      ['?.csv', 'a.jsonl'],
      ['c.csv', 'a.jsonl'],
    ],
    [['**/*.jsonl'], ['a.jsonl', 'b.jsonl', 'eu/d.jsonl', 'eu/de/e.jsonl']],
    [['*/*.jsonl'], ['eu/d.jsonl']],
    [['e*/**/*.jsonl'], ['eu/d.jsonl', 'eu/de/e.jsonl']],
    [
      ['*.jsonl', 'a.jsonl'],
      ['a.jsonl', 'b.jsonl'],
    ],
  ])('%j fits %j', async ([patterns, expected], { onTestFinished }) => {
    const directory = folder({ onTestFinished });
    expect(await listFiles(patterns, directory)).toEqual(expected.map((file) => join(directory, file)));
  });

  it('that fits nothing is an error', async ({ onTestFinished }) => {
    await expect(listFiles(['*.xml'], folder({ onTestFinished }))).rejects.toThrow('no file fits "*.xml"');
  });
});

describe('customers from several files', () => {
  it('come one file after another, each with its own place', async ({ onTestFinished }) => {
    const rows = [];
    for await (const { value, at } of (await open(folder({ onTestFinished }), ['*.jsonl', 'c.csv'])).rows())
      rows.push([value, at]);
    expect(rows).toEqual([
      [{ id: 'a' }, 'a.jsonl line 1'],
      [{ id: 'b' }, 'b.jsonl line 1'],
      [{ id: 'c', name: 'Cy' }, 'c.csv line 2'],
    ]);
  });

  it('are not read at all when one file cannot be used', async ({ onTestFinished }) => {
    const directory = folder({ onTestFinished });
    writeFileSync(join(directory, 'z.csv'), 'id,nmae\n1,x\n');
    await expect(open(directory, '*.csv')).rejects.toThrow(
      'z.csv: "nmae" (did you mean "name"?) is not a field of the customer',
    );
  });

  it('are refused when a file changes while it is read', async ({ onTestFinished }) => {
    const directory = folder({ onTestFinished });
    const reading = async () => {
      for await (const { at } of (await open(directory, '*.jsonl')).rows())
        if (at === 'a.jsonl line 1') appendFileSync(join(directory, 'a.jsonl'), '{"id":"late"}\n');
    };
    await expect(reading()).rejects.toThrow('a.jsonl changed while it was read');
  });
});
