import { readdir, readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CustomerSource, openSource } from '../../src/sources/open-source.js';
import { createRejectsWriter } from '../../src/sources/rejects.js';
import { blocks, readRows, rowsOf, temporaryFolder } from './reading.js';

const folder = temporaryFolder();
const mark = '\ufeff';

/** Rejects every row of a text and gives the file back. */
async function rejectAll(
  text: string | Uint8Array,
  name: string,
  reason = 'bad',
): Promise<{ path: string; text: string; source: CustomerSource }> {
  const source = await openSource({ path: '-', stdin: blocks(text) });
  const path = folder.path(name);
  const writer = createRejectsWriter({ path, source });
  for (const row of await rowsOf(source)) writer.write(row, reason);
  writer.close();
  return { path, text: await readFile(path, 'utf8'), source };
}

describe('rejects of CSV', () => {
  it('have the columns and the text of the source, with commas between', async () => {
    const { text } = await rejectAll(
      'id;name;phone\na1;" Acme, ""Inc"" ";0171 1\na2;=1+1;\n',
      'a.csv',
      'no phone, sorry',
    );
    expect(text).toBe(
      `${mark}id,name,phone,_reject_reason,_reject_text\r\na1," Acme, ""Inc"" ",0171 1,"no phone, sorry",\r\na2,=1+1,,"no phone, sorry",\r\n`,
    );
  });

  it.each([
    ['too few cells', 'id,name\na1\n', 'a1,,bad,'],
    ['too many cells', 'id,name\na1,"x,y",z\n', 'a1,"x,y",bad,"a1,""x,y"",z"'],
    ['a quote out of place', 'id,name,phone\na1,x"y,z\n', 'a1,"x""y",z,bad,'],
  ])('keep a row with %s as far as its cells go', async (_, source, line) => {
    expect((await rejectAll(source, 'b.csv')).text.split('\r\n')[1]).toBe(line);
  });

  it('do not carry the reason of an earlier run along', async () => {
    const { text } = await rejectAll('id,name,_reject_reason,_reject_text\na1,x,old,older\n', 'c.csv');
    expect(text).toBe(`${mark}id,name,_reject_reason,_reject_text\r\na1,x,bad,\r\n`);
  });

  it('are written in UTF-8 when the source was not', async () => {
    const { path, text } = await rejectAll(Buffer.from('id,name\na1,M\u00fcller\n', 'latin1'), 'd.csv');
    expect(text).toContain('Müller');
    expect((await readRows({ path }))[0]?.value).toEqual({ id: 'a1', name: 'Müller' });
  });

  it('read again are the rows that were rejected', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ',', ';', '"', '\n', '\r', ' '), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (cells) => {
        const quoted = cells.map(
          ([name, city], index) => `a${index},"${name.replaceAll('"', '""')}","${city.replaceAll('"', '""')}"`,
        );
        const { path, source } = await rejectAll(
          ['id,name,address.city', ...quoted].join('\n'),
          'e.csv',
          'a "reason",\nlong',
        );
        const again = await openSource({ path });
        expect(again.columns).toEqual(source.columns);
        expect((await rowsOf(again)).map(({ original }) => original)).toEqual(
          cells.map(([name, city], index) => [`a${index}`, name, city]),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('rejects of JSON', () => {
  it.each([
    ['an object', '{"id":"a1"}\n{"id":"a2"}', '{"id":"a1","_reject_reason":"bad"}'],
    ['an empty object', '{}\n{"id":"a2"}', '{"_reject_reason":"bad"}'],
    [
      'a long number, to the digit',
      '{"id":12345678901234567890}\n{}',
      '{"id":12345678901234567890,"_reject_reason":"bad"}',
    ],
    [
      'an object of a list',
      '[{\n  "id": "a1",\r\n  "name": "x"\n}]',
      '{ "id": "a1", "name": "x","_reject_reason":"bad"}',
    ],
    ['an earlier reason', '{"id":"a1","_reject_reason":"it said \\"no\\""}\n{}', '{"id":"a1","_reject_reason":"bad"}'],
    ['a broken line', '{"id":"a1"}\n{"id":', '{"_reject_reason":"bad","_reject_text":"{\\"id\\":"}', 1],
    ['an item that is no object', '["a1"]', '{"_reject_reason":"bad","_reject_text":"\\"a1\\""}'],
  ])('are lines: %s', async (_, source, line, index = 0) => {
    expect((await rejectAll(source, 'a.jsonl')).text.split('\n')[index]).toBe(line);
  });

  it('read again are the customers that were rejected', async () => {
    const customer = fc.record({
      id: fc.string(),
      name: fc.oneof(fc.string(), fc.constant(null)),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(customer, { minLength: 1, maxLength: 5 }), fc.string(), async (customers, reason) => {
        const text = JSON.stringify(customers, undefined, 1);
        const { path } = await rejectAll(text, 'b.jsonl', reason);
        expect((await readRows({ path })).map(({ value }) => value)).toEqual(JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it('of another kind of source are what it had', async () => {
    const path = folder.path('sql.jsonl');
    const writer = createRejectsWriter({ path, source: { format: 'jsonl' } });
    writer.write({ original: { Nr: 1 }, value: { id: '1' } }, 'bad');
    writer.write({ value: { id: '2' } }, 'bad');
    writer.close();
    expect(await readFile(path, 'utf8')).toBe('{"Nr":1,"_reject_reason":"bad"}\n{"id":"2","_reject_reason":"bad"}\n');
  });
});

describe('the file of rejects', () => {
  const source = { format: 'jsonl' } as const;
  const row = { original: '{"id":"a1"}' };

  it('can be read by its owner only', async () => {
    const { path } = await rejectAll('[{"id":"a1"}]', 'private.jsonl');
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  });

  it('appears when it is complete, and leaves nothing beside it', async () => {
    const path = folder.path('complete.jsonl');
    const writer = createRejectsWriter({ path, source });
    writer.write(row, 'bad');
    const before = await readdir(folder.path('.'));
    expect(writer.close()).toBe(1);
    const after = await readdir(folder.path('.'));
    expect(before).not.toContain('complete.jsonl');
    expect(after).toContain('complete.jsonl');
    expect(after.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is on the disk row by row while it is written', async () => {
    const writer = createRejectsWriter({ path: folder.path('partial.jsonl'), source });
    writer.write(row, 'bad');
    const temporary = (await readdir(folder.path('.'))).find((name) => name.startsWith('partial.jsonl.'));
    expect(await readFile(folder.path(temporary ?? ''), 'utf8')).toBe('{"id":"a1","_reject_reason":"bad"}\n');
    writer.close();
  });

  it('is not there when there were none', async () => {
    const writer = createRejectsWriter({ path: folder.path('none.jsonl'), source });
    expect(writer.close()).toBe(0);
    expect((await readdir(folder.path('.'))).filter((name) => name.startsWith('none.jsonl'))).toEqual([]);
  });

  it('of an earlier run is replaced, and taken away when there are none', async () => {
    const path = await folder.write('earlier.jsonl', 'old');
    const writer = createRejectsWriter({ path, source });
    writer.write(row, 'bad');
    writer.close();
    expect(await readFile(path, 'utf8')).toBe('{"id":"a1","_reject_reason":"bad"}\n');
    createRejectsWriter({ path, source }).close();
    expect(await readdir(folder.path('.'))).not.toContain('earlier.jsonl');
  });

  it('may not be the source itself', async () => {
    const path = await folder.write('customers.jsonl', '{"id":"a1"}\n');
    const opened = await openSource({ path });
    expect(() => createRejectsWriter({ path: folder.path('./x/../customers.jsonl'), source: opened })).toThrow(
      'customers.jsonl: the file of rejects would replace the source',
    );
  });

  it('names itself when it cannot be written', () => {
    const path = folder.path('no/such/rejects.jsonl');
    const writer = createRejectsWriter({ path, source });
    expect(() => writer.write(row, 'bad')).toThrow(`${path}: the file of rejects cannot be written (ENOENT)`);
  });
});
