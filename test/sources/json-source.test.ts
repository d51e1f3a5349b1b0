import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open-source.js';
import { blocks, failureOf, readRows, readText, temporaryFolder } from './reading.js';

const folder = temporaryFolder();
const jsonl = { format: 'jsonl' } as const;
const outline = (rows: readonly { at?: string; value?: unknown; problems?: readonly { message: string }[] }[]) =>
  rows.map(({ at, value, problems }) => [at, problems?.[0]?.message ?? value]);

describe('JSONL', () => {
  it('takes each object as it is, null included', async () => {
    const path = await folder.write(
      'a.jsonl',
      '{"id":"a1","name":null}\r\n\n  \n{"id":"a2","address":{"city":"Köln"}}',
    );
    expect(outline(await readRows({ path }))).toEqual([
      ['a.jsonl line 1', { id: 'a1', name: null }],
      ['a.jsonl line 4', { id: 'a2', address: { city: 'Köln' } }],
    ]);
  });

  it.each([
    ['a broken line', '{"id":"a1",}', 'is not valid JSON (column 12: expected a key in quotes)'],
    ['a line that ends too early', '{"id":"a1"', 'is not valid JSON (column 11: expected a comma or })'],
    ['text that is no JSON', 'jane@example.test', 'is not valid JSON (column 1: expected a value)'],
    ['a list', '["a1"]', 'must be an object, not a list'],
    ['text', '"a1"', 'must be an object, not text'],
    ['null', 'null', 'must be an object, not null'],
    ['a NUL', '{"id":"a\0"}', 'holds a NUL character'],
    ['a line longer than 1 MB', `{"id":"a1","name":"${'x'.repeat(1_100_000)}"}`, 'is longer than 1 MB'],
  ])('reports %s and reads the others', async (_, line, message) => {
    const rows = await readText(`{"id":"a0"}\n${line}\n{"id":"a2"}\n`, jsonl);
    expect(outline(rows)).toEqual([
      ['stdin line 1', { id: 'a0' }],
      ['stdin line 2', message],
      ['stdin line 3', { id: 'a2' }],
    ]);
  });

  it('never quotes the text of a line in a message', async () => {
    const lines = [
      '{"email":"jane@example.test"',
      '{"email":jane@example.test}',
      'jane@example.test',
      '{"jane@example.test"}',
    ];
    const rows = await readText(lines.join('\n'), jsonl);
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows.map(({ problems }) => problems))).not.toContain('jane');
  });

  it('keeps the text of the line for a file of rejects', async () => {
    const rows = await readText('{"id":12345678901234567890}\nbroken\n', jsonl);
    expect(rows.map(({ original }) => original)).toEqual(['{"id":12345678901234567890}', 'broken']);
  });

  it('drops the keys of a file of rejects', async () => {
    const rows = await readText(
      '{"id":"a1","_reject_reason":"x","metadata":{"_reject_reason":"mine"},"_reject_text":""}',
      jsonl,
    );
    expect(rows[0]?.value).toEqual({ id: 'a1', metadata: { _reject_reason: 'mine' } });
  });

  it('reads a line that arrives in many blocks', async () => {
    const text = '{"id":"a1","name":"Köln"}\r\n{"id":"a2"}\n';
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    const rows = await readRows({ path: '-', stdin: blocks(...bytes), ...jsonl });
    expect(rows.map(({ value }) => value)).toEqual([{ id: 'a1', name: 'Köln' }, { id: 'a2' }]);
  });

  it('reports a line that is too long once, when it comes in blocks', async () => {
    const parts = ['{"id":"a1","x":"', ...Array.from({ length: 30 }, () => 'x'.repeat(100_000)), '"}\n', '{"id":"a2"}'];
    const rows = await readRows({ path: '-', stdin: blocks(...parts), ...jsonl });
    expect(outline(rows)).toEqual([
      ['stdin line 1', 'is longer than 1 MB'],
      ['stdin line 2', { id: 'a2' }],
    ]);
  });

  it('hands out a row before the next is written', async () => {
    let written = 0;
    async function* slow() {
      for (; written < 3; written += 1) yield `{"id":"a${written}"}\n`;
    }
    const source = await openSource({ path: '-', stdin: slow(), format: 'jsonl' });
    const rows = source.rows()[Symbol.asyncIterator]();
    expect((await rows.next()).value).toMatchObject({ value: { id: 'a0' } });
    expect(written).toBeLessThan(3);
  });
});

describe('a JSON document', () => {
  it('gives the items of an array', async () => {
    const path = await folder.write(
      'list.json',
      '[\n  {"id": "a1", "name": null},\n  {"id": "a2", "x": [1, {"y": "]"}]}\n]\n',
    );
    expect(outline(await readRows({ path }))).toEqual([
      ['list.json item 1', { id: 'a1', name: null }],
      ['list.json item 2', { id: 'a2', x: [1, { y: ']' }] }],
    ]);
  });

  it('reports an item that is not an object and reads the others', async () => {
    expect(outline(await readText('[{"id":"a1"}, "a2", {"id":"a3"}]'))).toEqual([
      ['stdin item 1', { id: 'a1' }],
      ['stdin item 2', 'must be an object, not text'],
      ['stdin item 3', { id: 'a3' }],
    ]);
  });

  it('may be one customer', async () => {
    const path = await folder.write('one.json', '{\n  "id": "a1"\n}\n');
    expect(outline(await readRows({ path }))).toEqual([['one.json', { id: 'a1' }]]);
  });

  it('has no rows when the array is empty', async () => {
    expect(await readText('[]')).toEqual([]);
  });

  it('keeps the text of an item for a file of rejects', async () => {
    const rows = await readText('[ {"id": 12345678901234567890} ]');
    expect(rows[0]?.original).toBe('{"id": 12345678901234567890}');
  });

  it.each([
    ['a missing bracket', '[{"id":"a1"}', 'broken.json: line 1 column 13: expected a comma or ]'],
    ['a comma too many', '[\n{"id":"a1"},\n]', 'broken.json: line 3 column 1: expected a value'],
    ['a broken item', '[{"id":"a1"},\n {"id":nope}]', 'broken.json: line 2 column 8: expected a value'],
    ['something behind it', '[{"id":"a1"}] x', 'broken.json: line 1 column 15: expected the end of the text'],
    ['text', '"a1"', 'broken.json: must be a list of customers, not text'],
    ['a number', '17', 'broken.json: must be a list of customers, not a number'],
    [
      'an object around the list',
      '{"total":1,"data":[{"id":"a1"}]}',
      'broken.json: must be a list of customers; the list seems to be inside, under "data"',
    ],
  ])('is refused as a whole with %s', async (_, text, message) => {
    const path = await folder.write('broken.json', text);
    expect(await failureOf(openSource({ path }))).toMatchObject({ code: 'config', message });
  });
});
