import { createWriteStream, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open-source.js';
import { temporaryFolder } from './reading.js';

const folder = temporaryFolder();
const rowCount = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const id = (index: number) => `acct_${String(index).padStart(12, '0')}`;
const note = 'A long note. '.repeat(20);
const files = {
  'large.csv': {
    head: 'id,email,name,metadata.note\n',
    line: (index: number) => `${id(index)},user${index}@example.test,"Company, Nr ${index}",${note}\n`,
  },
  'large.jsonl': {
    head: '',
    line: (index: number) =>
      `{"id":"${id(index)}","email":"user${index}@example.test","name":"Company, Nr ${index}","metadata":{"note":"${note}"}}\n`,
  },
};

async function writeLarge(name: keyof typeof files): Promise<void> {
  const { head, line } = files[name];
  function* lines() {
    yield head;
    for (let index = 0; index < rowCount; index += 1) yield line(index);
  }
  await finished(Readable.from(lines()).pipe(createWriteStream(folder.path(name))));
}

/** Linux tells which files a process has open. */
const openFilesFolder = '/proc/self/fd';

function isOpen(path: string): boolean {
  return readdirSync(openFilesFolder).some((descriptor) => {
    try {
      return readlinkSync(`${openFilesFolder}/${descriptor}`) === path;
    } catch {
      return false;
    }
  });
}

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_000_000;
}

describe.each(['large.csv', 'large.jsonl'] as const)('%s with 60,000 rows', (name) => {
  const path = () => folder.path(name);

  beforeAll(() => writeLarge(name));

  it('is read with the memory of a small one', async () => {
    const source = await openSource({ path: path() });
    const before = heapMegabytes();
    let rows = 0;
    let most = 0;
    for await (const row of source.rows()) {
      if (row.problems === undefined) rows += 1;
      if (rows % 12_000 === 0) most = Math.max(most, heapMegabytes() - before);
    }
    expect(rows).toBe(rowCount);
    expect(most).toBeLessThan(5);
  });

  it('costs those who keep ids and e-mail addresses no more than these', async () => {
    const source = await openSource({ path: path() });
    const kept: unknown[] = [];
    const before = heapMegabytes();
    for await (const { value } of source.rows()) {
      if (typeof value === 'object' && value !== null && 'id' in value && 'email' in value)
        kept.push(value.id, value.email);
    }
    const growth = heapMegabytes() - before;
    expect(kept).toHaveLength(2 * rowCount);
    // A text that were a view into the file would keep all of it, about 20 MB.
    expect(growth).toBeLessThan(14);
  });

  it.skipIf(!existsSync(openFilesFolder))('is closed once nobody wants more', async () => {
    const source = await openSource({ path: path() });
    const openAtFirst: boolean[] = [];
    for await (const _ of source.rows()) {
      openAtFirst.push(isOpen(path()));
      break;
    }
    expect(openAtFirst).toEqual([true]);
    await expect.poll(() => isOpen(path())).toBe(false);
  });
});
