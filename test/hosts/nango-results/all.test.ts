import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/**
 * What a real Nango server was seen to do and a client may easily miss, by the numbers of the list that came with the
 * recordings. Most have a test in this folder that begins with the number; the others cannot hurt, and here is why.
 */
const harmless: Readonly<Record<number, string>> = {
  2: 'gzip is always undone: we ask for no encoding and read what comes',
  4: 'Nango answers 304 to If-None-Match: we never send that header',
  16: 'OPTIONS is answered by Nango: no operation uses it',
  19: 'baseUrlOverride: never given; the integration has the base URL',
  21: 'input of actions is not validated: the actions validate it (test/nango)',
  25: 'scripts see true status and headers: the scripts run the same engine (test/nango)',
  29: 'metadata is replaced or merged in one level: we only read it',
  31: 'syncStatus: nothing here asks for it',
  35: 'Nango-Is-Script opens a second bucket: only Nango itself may say that of a call',
};

it('every result is tested, or cannot hurt', () => {
  const files = readdirSync(import.meta.dirname).map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const titles = files.flatMap((text) => [...text.matchAll(/\(\s*'(\d+(?:, \d+)*): /g)]);
  const tested = titles.flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
  const all = [...new Set([...tested, ...Object.keys(harmless).map(Number)])].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 35 }, (_, index) => index + 1));
  expect(tested.filter((number) => number in harmless)).toEqual([]);
});
