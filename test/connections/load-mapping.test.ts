import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadMapping } from '../../src/index.js';
import { folderWith } from '../cli/command-line.js';

const good = {
  provider: 'shelf',
  fields: { ref: { from: 'id', required: true }, name: { from: 'name' } },
  examples: [{ name: 'one', customer: { id: 'a' }, payload: { ref: 'a' } }],
};

function fileWith(text: string): string {
  const file = join(folderWith({}, { onTestFinished }), 'shelf.mapping.json');
  writeFileSync(file, text);
  return file;
}

describe('loadMapping', () => {
  it('gives the mapping of a file, with a byte order mark or without', () => {
    const text = JSON.stringify(good);
    expect(loadMapping(fileWith(text))).toEqual(good);
    expect(loadMapping(fileWith(`\ufeff${text}`))).toEqual(good);
  });

  it.each([
    ['text that is no JSON', '{ "provider": shelf }', 'config', 'line 1 column 15'],
    ['a key that stands twice', JSON.stringify(good).replace('{', '{"provider":"shelf",'), 'config', 'twice'],
    ['a field that no mapping has', JSON.stringify({ ...good, rules: [] }), 'mapping', 'rules'],
    [
      'a path that leads nowhere',
      JSON.stringify({ ...good, fields: { ref: { from: 'id' }, name: { from: 'nam' } } }),
      'mapping',
      'shelf.mapping.json: fields.name: unknown path "nam" (did you mean "name"',
    ],
  ])('refuses %s', (_, text, code, message) => {
    const file = fileWith(text);
    expect(() => loadMapping(file)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('refuses a file that is not there', () => {
    expect(() => loadMapping('no-such.json')).toThrow(
      expect.objectContaining({ code: 'config', message: 'no-such.json: there is no such file' }),
    );
  });
});
