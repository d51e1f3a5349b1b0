import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open-source.js';
import { blocks, failureOf, readRows, readText, rowsOf, temporaryFolder } from './reading.js';

const folder = temporaryFolder();

const valuesOf = async (rows: Promise<{ value?: unknown }[]>) => (await rows).map(({ value }) => value);
const csv = { format: 'csv' } as const;

describe('columns with the names of canonical fields', () => {
  it('builds the nested customer', async () => {
    const text = `id,address.city,metadata.plan,metadata['crm.id'],external_ids.shopify,provider_fields.lago.net_payment_term\na1,Berlin,pro,7,562,30\n`;
    expect(await valuesOf(readText(text))).toEqual([
      {
        id: 'a1',
        address: { city: 'Berlin' },
        metadata: { plan: 'pro', 'crm.id': '7' },
        external_ids: { shopify: '562' },
        provider_fields: { lago: { net_payment_term: 30 } },
      },
    ]);
  });

  it('trims the names of the header and leaves values as they are', async () => {
    expect(await valuesOf(readText(' id , name\n a1 , Acme \n'))).toEqual([{ id: ' a1 ', name: ' Acme ' }]);
  });

  it.each([
    ['empty', ''],
    ['blank', '   '],
    ['quoted empty', '""'],
    ['no-break spaces', '\u00a0\u00a0'],
  ])('takes a cell that is %s as absent', async (_, cell) => {
    expect(await valuesOf(readText(`id,name,email\na1,${cell},x@y.example\n`))).toEqual([
      { id: 'a1', email: 'x@y.example' },
    ]);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['30', 30],
    ['-12.5', -12.5],
    ['"[1, 2]"', [1, 2]],
    ['"{""a"": null}"', { a: null }],
    ['"""30"""', '30'],
    ['007', '007'],
    ['1e5', '1e5'],
    ['12.50', '12.50'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', '9007199254740992'],
    ['null', 'null'],
    ['[broken', '[broken'],
    ['yes', 'yes'],
  ])('reads %s as a field of a provider', async (cell, expected) => {
    expect(await valuesOf(readText(`id,provider_fields.lago.x\na1,${cell}\n`))).toEqual([
      { id: 'a1', provider_fields: { lago: { x: expected } } },
    ]);
  });

  it.each(['metadata.x', 'external_ids.x'])('keeps a number under %s as text', async (column) => {
    const [key, name] = column.split('.');
    expect(await valuesOf(readText(`id,${column}\na1,30\n`))).toEqual([
      { id: 'a1', [`${key}`]: { [`${name}`]: '30' } },
    ]);
  });

  it('accepts a column without a name as long as it is empty', async () => {
    const rows = await readText('id,name,\na1,Acme,\na2,Foo,x\n');
    expect(rows.map(({ problems }) => problems)).toEqual([
      undefined,
      [{ field: '', message: 'has a value in cell 3, whose column has no name' }],
    ]);
  });

  it('names file and line, with line ends in cells counted', async () => {
    const path = await folder.write('lines.csv', 'id,name\na1,"two\nlines"\na2,x\n');
    expect((await readRows({ path })).map(({ at }) => at)).toEqual(['lines.csv line 2', 'lines.csv line 4']);
  });

  it('names the column of a cell at fault', async () => {
    const [row] = await readText('id,name\na1,x"y\n');
    expect(row?.problems?.[0]?.field).toBe('name');
    expect(row?.at).toBe('stdin line 2');
    expect(row?.value).toBeUndefined();
  });

  it('keeps the cells as they were for a file of rejects', async () => {
    expect((await readText('id,name\na1," Acme, Inc. "\n'))[0]?.original).toEqual(['a1', ' Acme, Inc. ']);
  });

  it('drops the columns of a file of rejects', async () => {
    const source = await openSource({
      path: '-',
      stdin: blocks('id,_reject_reason,name,_reject_text\na1,bad,Acme,\n'),
    });
    expect(source.columns).toEqual(['id', 'name']);
    expect(await rowsOf(source)).toEqual([
      { value: { id: 'a1', name: 'Acme' }, at: 'stdin line 2', original: ['a1', 'Acme'] },
    ]);
  });

  it.each(['1.23E+15', '1,23E+15', '4E+09', '1.23e+15'])(
    'notes the id %s that a spreadsheet has rounded',
    async (id) => {
      const [row] = await readText(`id;name\n${id};Acme\n`);
      expect(row?.notes).toEqual([
        {
          code: 'notice',
          field: 'id',
          message: 'looks like a long number that a spreadsheet has rounded; the true id is lost',
        },
      ]);
    },
  );

  it.each(['7E10', '123456789012345', 'E+15', '12.3E+15'])('notes nothing about the id %s', async (id) => {
    expect((await readText(`id;name\n${id};Acme\n`))[0]).not.toHaveProperty('notes');
  });

  it('notes a row so long that a quote in it may be open', async () => {
    const [long, short] = await readText(`id,name\na1,"${'x\n'.repeat(20)}"\na2,"${'x\n'.repeat(19)}"\n`);
    expect(long?.notes).toEqual([
      { code: 'notice', message: 'the row takes 21 lines; if it should not, a quote in it is not closed' },
    ]);
    expect(short).not.toHaveProperty('notes');
  });

  it('has no rows when there is a header only', async () => {
    expect(await readText('id,name\n', csv)).toEqual([]);
  });
});

describe('the separator', () => {
  it.each([
    ['a comma', 'id,name\na1,Acme\n'],
    ['a semicolon', 'id;name\na1;Acme\n'],
    ['a tab', 'id\tname\na1\tAcme\n'],
    ['a bar', 'id|name\na1|Acme\n'],
    ['the one outside of quotes', '"id";"name"\na1;Acme\n'],
  ])('is %s, by the header', async (_, text) => {
    expect(await valuesOf(readText(text))).toEqual([{ id: 'a1', name: 'Acme' }]);
  });

  it('is not guessed from what is quoted in the header', async () => {
    expect(await valuesOf(readText(`id;"metadata['a,b,c']"\na1;x\n`))).toEqual([
      { id: 'a1', metadata: { 'a,b,c': 'x' } },
    ]);
  });

  it('is the one that is given', async () => {
    expect(await valuesOf(readText('id~name\na1~A,B;C\n', { delimiter: '~' }))).toEqual([{ id: 'a1', name: 'A,B;C' }]);
  });

  it.each(['', ',,', '"', '\n'])('cannot be %j', async (delimiter) => {
    expect((await failureOf(readText('id\na1\n', { delimiter }))).message).toContain('must be one character');
  });
});

describe('a header that does not fit', () => {
  const headerFailure = (text: string) => failureOf(openSource({ path: '-', stdin: blocks(text), format: 'csv' }));

  it.each([
    ['a name nearly right', 'id,e-mail', '"e-mail" (did you mean "email"?) is not a field of the customer'],
    ['another case', 'ID,name', '"ID" (did you mean "id"?) is not a field of the customer'],
    ['a field without its object', 'id,city', '"city" (did you mean "address.city"?) is not a field of the customer'],
    [
      'another way of writing',
      'id,PostalCode',
      '"PostalCode" (did you mean "address.postal_code"?) is not a field of the customer',
    ],
    ['spaces in a name', 'id,First Name', '"First Name" (did you mean "first_name"?) is not a field of the customer'],
    ['several names', 'id,plan,Firma', '"plan", "Firma" are not fields of the customer'],
    ['an object', 'id,address', '"address" (did you mean "address.line1"?) is not a field of the customer'],
    ['open fields without a key', 'id,metadata', '"metadata" (did you mean "metadata.<key>"?)'],
    ['metadata within metadata', 'id,metadata.a.b', '"metadata.a.b" is not a field of the customer'],
    ['a provider without a field', 'id,provider_fields.lago', '"provider_fields.lago" is not a field of the customer'],
    ['a key that is never accepted', 'id,metadata.__proto__', '"metadata.__proto__" is not a field of the customer'],
    ['the same name twice', 'id,name,email,name', 'the header has "name" more than once'],
    [
      'one inside another',
      'id,provider_fields.x.a,provider_fields.x.a.b',
      '"provider_fields.x.a.b" lies inside column "provider_fields.x.a"',
    ],
    ['a broken quote', 'id,"name\nx,y\n', 'its header cannot be read (it begins with a quote that is never closed)'],
    ['a NUL, as in a workbook', 'PK\u0003\u0004\0,x\n', 'its header cannot be read (it holds a NUL character)'],
    [
      'data with an e-mail address',
      'a1,jane@example.test,Jane\na2,x@y.test,X',
      'the first line looks like data, not like a header',
    ],
    ['data with a number', '17;Jane;Doe', 'the first line looks like data, not like a header'],
  ])('has %s', async (_, text, expected) => {
    const { code, message, remedy } = await headerFailure(text);
    expect(code).toBe('config');
    expect(message).toContain(expected);
    expect(remedy).not.toBe('');
  });

  it('offers both ways out of an unknown column', async () => {
    expect((await headerFailure('id,plan')).remedy).toMatch(/Rename the columns.*metadata\.<key>.*--source-mapping/);
  });

  it('quotes no cell of a first line that is data', async () => {
    const { message, remedy } = await headerFailure('a1,jane@example.test,Jane');
    expect(message + remedy).not.toMatch(/jane/i);
  });

  it('is longer than what is looked at', async () => {
    expect((await headerFailure(`id,${'x'.repeat(1_100_000)}`)).message).toContain('its header cannot be read');
  });
});
