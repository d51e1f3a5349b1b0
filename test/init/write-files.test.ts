import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeFiles } from '../../src/cli/init/write-files.js';
import { folderWith } from '../cli/command-line.js';

const files = (folder: string) => [
  { path: `${folder}/a.yaml`, text: 'new a', option: '--config' as const },
  { path: `${folder}/b.json`, text: 'new b', option: '--out' as const },
];

it('writes none of them when somebody else has written the last one meanwhile', async (ending) => {
  const folder = folderWith({ 'b.json': 'theirs' }, ending);
  await expect(writeFiles(files(folder), false)).rejects.toThrow('b.json is there already');
  expect(readdirSync(folder)).toEqual(['b.json']);
  expect(readFileSync(`${folder}/b.json`, 'utf8')).toBe('theirs');
});

it('writes over all of them when it is told to', async (ending) => {
  const folder = folderWith({ 'b.json': 'theirs' }, ending);
  await writeFiles(files(folder), true);
  expect(readFileSync(`${folder}/a.yaml`, 'utf8')).toBe('new a');
  expect(readFileSync(`${folder}/b.json`, 'utf8')).toBe('new b');
});

it('says which option names another place when a folder is missing', async (ending) => {
  const folder = folderWith({}, ending);
  writeFileSync(`${folder}/file`, '');
  await expect(writeFiles(files(`${folder}/file`), false)).rejects.toMatchObject({
    details: { remedy: expect.stringContaining('--config') },
  });
});

it.runIf(existsSync('/dev/full'))(
  'leaves what was there, and no beginning of a file, when the disk is full',
  async (ending) => {
    const folder = folderWith({ 'a.yaml': 'mine' }, ending);
    symlinkSync('/dev/full', `${folder}/b.json.new`);
    await expect(writeFiles(files(folder), true)).rejects.toThrow('b.json cannot be written (ENOSPC)');
    expect(readdirSync(folder)).toEqual(['a.yaml']);
    expect(readFileSync(`${folder}/a.yaml`, 'utf8')).toBe('mine');
  },
);
