import { describe, expect, it } from 'vitest';
import { CustomerSyncError } from '../../src/core/errors.js';
import { compileSourceMapping } from '../../src/sources/mapping/compile-source-mapping.js';
import { openSource } from '../../src/sources/open-source.js';
import { blocks, failureOf, readText, rowsOf, temporaryFolder } from './reading.js';

const folder = temporaryFolder();

const mapped = (fields: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  compileSourceMapping({ fields: { id: { from: 'Nr' }, ...fields }, ...more }, 'columns.json');

const readOne = async (fields: Record<string, unknown>, text: string) =>
  (await readText(text, { sourceMapping: mapped(fields) }))[0];

describe('columns of CSV', () => {
  it.each([
    ['one column', { from: 'Firma' }, 'Nr;Firma\n1;Acme\n', 'Acme'],
    ['a column with a dot', { from: 'billing.name' }, 'Nr;billing.name\n1;Acme\n', 'Acme'],
    ['a column with a dot, quoted', { from: "['billing.name']" }, 'Nr;billing.name\n1;Acme\n', 'Acme'],
    ['a column whose name is a quoted path', { from: "metadata['crm.id']" }, "Nr;metadata['crm.id']\n1;Acme\n", 'Acme'],
    ['a column with spaces and brackets', { from: "['Firma (kurz) [2]']" }, 'Nr;Firma (kurz) [2]\n1;Acme\n', 'Acme'],
    ['the first column with a value', { from: ['A', 'B'] }, 'Nr;A;B\n1; ;Acme\n', 'Acme'],
    ['a template', { template: '{A} {B}' }, 'Nr;A;B\n1;Jane;Doe\n', 'Jane Doe'],
    ['a template with an empty part', { template: '{A} {B}' }, 'Nr;A;B\n1;;Doe\n', 'Doe'],
    ['a template in a list', { from: ['A', { template: '{B}!' }] }, 'Nr;A;B\n1;;Doe\n', 'Doe!'],
    ['a constant', { constant: 'Acme' }, 'Nr\n1\n', 'Acme'],
    ['transforms', { from: 'A', transform: ['trim', 'upper'] }, 'Nr;A\n1; acme \n', 'ACME'],
    ['a condition that is met', { from: 'A', when: { equals: ['Kind', 'x'] } }, 'Nr;A;Kind\n1;Acme;x\n', 'Acme'],
    ['a condition that is not met', { from: 'A', when: { equals: ['Kind', 'x'] } }, 'Nr;A;Kind\n1;Acme;y\n', undefined],
    ['a condition on an empty cell', { from: 'A', when: { present: 'Kind' } }, 'Nr;A;Kind\n1;Acme;\n', undefined],
    ['an empty cell', { from: 'A' }, 'Nr;A\n1;\n', undefined],
    ['an empty cell that clears', { from: 'A', on_empty: 'clear' }, 'Nr;A\n1; \n', null],
    ['a template without a value that clears', { template: '{A} {B}', on_empty: 'clear' }, 'Nr;A;B\n1;;\n', null],
    [
      'a transform without a result that clears',
      { from: 'A', transform: ['rest_words'], on_empty: 'clear' },
      'Nr;A\n1;Acme\n',
      null,
    ],
    [
      'an empty cell whose condition is not met',
      { from: 'A', on_empty: 'clear', when: { present: 'Kind' } },
      'Nr;A;Kind\n1;;\n',
      undefined,
    ],
    ['a constant null', { constant: null }, 'Nr\n1\n', null],
    ['a value that is allowed', { from: 'A', one_of: ['x', 'y'] }, 'Nr;A\n1;y\n', 'y'],
  ])('become the name by %s', async (_, name, text, expected) => {
    expect((await readOne({ name }, text))?.value).toStrictEqual(
      expected === undefined ? { id: '1' } : { id: '1', name: expected },
    );
  });

  it('become nested fields', async () => {
    const row = await readOne(
      { 'address.city': { from: 'Ort' }, "metadata['crm.id']": { from: 'CRM' } },
      'Nr;Ort;CRM\n1;Köln;7\n',
    );
    expect(row?.value).toEqual({ id: '1', address: { city: 'Köln' }, metadata: { 'crm.id': '7' } });
  });

  it.each([
    ['is not among the allowed', { from: 'A', one_of: ['x', 'y'] }, 'is not one of x, y'],
    ['cannot be converted', { from: 'A', transform: ['to_number'] }, 'cannot be converted by "to_number"'],
  ])('make a problem of the row when a value %s', async (_, name, message) => {
    const rows = await readText('Nr;A\n1;secret\n2;\n', { sourceMapping: mapped({ name }) });
    expect(rows[0]?.problems).toEqual([{ field: 'name', message }]);
    expect(rows[1]?.value).toEqual({ id: '2' });
  });

  it('are reported when they are neither mapped nor ignored', async () => {
    const sourceMapping = mapped(
      { name: { from: 'A', when: { present: 'Kind' } } },
      { ignored: { Fax: 'nobody faxes' } },
    );
    const source = await openSource({ path: '-', stdin: blocks('Nr;A;Kind;Fax;Notes;\n1;x;y;;;\n'), sourceMapping });
    expect(source.ignoredColumns).toEqual(['Notes']);
    expect(source.columns).toEqual(['Nr', 'A', 'Kind', 'Fax', 'Notes', '']);
  });

  it.each([
    [
      'near to another',
      { name: { from: 'Frima' } },
      'Nr;Firma\n',
      'stdin: it has no column "Frima" (did you mean "Firma"?), which columns.json names',
    ],
    [
      'in a condition',
      { name: { constant: 'x', when: { not: { all: [{ present: 'Kind' }] } } } },
      'Nr;Firma\n',
      'no column "Kind"',
    ],
    ['in a template', { name: { template: '{Firma} {Zusatz}' } }, 'Nr;Firma\n', 'no column "Zusatz"'],
    ['of another case', { name: { from: 'firma' } }, 'Nr;Firma\n', 'no column "firma" (did you mean "Firma"?)'],
    [
      'all of them, under data',
      { name: { from: 'Firma' } },
      '17;jane@example.test\n',
      'the first line looks like data, not like a header',
    ],
  ])('are an error when one is not there: %s', async (_, fields, text, expected) => {
    const { code, message } = await failureOf(readText(text, { sourceMapping: mapped(fields), format: 'csv' }));
    expect(code).toBe('config');
    expect(message).toContain(expected);
  });

  it('are an error when one lies inside another', async () => {
    const sourceMapping = mapped({ name: { from: 'A' }, legal_name: { from: 'A.B' } });
    expect((await failureOf(readText('Nr;A;A.B\n', { sourceMapping }))).message).toContain(
      'column "A.B" lies inside column "A"',
    );
  });
});

describe('keys of JSON', () => {
  it.each([
    ['a path', { from: 'billing.name' }, { billing: { name: 'Acme' } }, 'Acme'],
    ['the first with a value', { from: ['a', 'b', 'c'] }, { a: null, b: ' ', c: 'Acme' }, 'Acme'],
    ['null', { from: 'a' }, { a: null }, undefined],
    ['null that clears', { from: 'a', on_empty: 'clear' }, { a: null }, null],
    ['blank text that clears', { from: 'a', on_empty: 'clear' }, { a: ' ' }, null],
    ['an absent key that clears', { from: 'a', on_empty: 'clear' }, {}, null],
    ['a null above, that clears', { from: 'a.b', on_empty: 'clear' }, { a: null }, null],
    ['false', { from: 'a' }, { a: false }, false],
    ['zero', { from: 'a' }, { a: 0 }, 0],
    ['a condition on null', { from: 'a', when: { present: 'b' } }, { a: 'x', b: null }, undefined],
  ])('become the name by %s', async (_, name, row, expected) => {
    expect((await readOne({ name }, JSON.stringify({ Nr: 'x', ...row })))?.value).toStrictEqual(
      expected === undefined ? { id: 'x' } : { id: 'x', name: expected },
    );
  });

  it('drop null within an object that is taken whole', async () => {
    expect((await readOne({ metadata: { from: 'tags' } }, '{"Nr":"1","tags":{"a":"x","b":null}}'))?.value).toEqual({
      id: '1',
      metadata: { a: 'x' },
    });
  });

  it.each([
    ['one path', { from: 'Nr' }, 'id: is missing; columns.json takes it from "Nr"'],
    ['several', { from: ['Nr', 'crm.id'] }, 'id: is missing; columns.json takes it from "Nr", "crm.id"'],
  ])('say where the id was looked for, in %s, when a row has none', async (_, id, says) => {
    const [row] = await readText('{"nr":"1","name":"Ann"}\n', {
      sourceMapping: mapped({ id, name: { from: 'name' } }),
    });
    expect(row?.value).toEqual({ name: 'Ann' });
    expect(row?.problems?.map(({ field, message }) => `${field}: ${message}`)).toEqual([says]);
  });

  it('survive a row nested without end', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const rows = await readText(`{"Nr":"1","x":${deep}}\n{"Nr":"2"}\n`, { sourceMapping: mapped({}), format: 'jsonl' });
    expect(rows.map(({ value }) => value)).toEqual([{ id: '1' }, { id: '2' }]);
  });

  it('never reach a prototype', async () => {
    const rows = await readText('{"Nr":"1","__proto__":{"name":"x"}}', {
      sourceMapping: mapped({ name: { from: 'name' } }),
    });
    expect(rows[0]?.value).toStrictEqual({ id: '1' });
  });
});

describe('a source mapping that does not hold', () => {
  const failure = (mapping: unknown) => {
    try {
      compileSourceMapping(mapping, 'columns.json');
    } catch (error) {
      if (error instanceof CustomerSyncError) return [error.code, error.message];
      throw error;
    }
    return undefined;
  };
  const id = { from: 'Nr' };

  it.each([
    [
      'a target nearly right',
      { id, emial: { from: 'x' } },
      'fields.emial: is not a field of the customer (did you mean "email"?)',
    ],
    [
      'a target without its object',
      { id, city: { from: 'x' } },
      'fields.city: is not a field of the customer (did you mean "address.city"?)',
    ],
    ['a target that is no path', { id, 'a..b': { from: 'x' } }, 'fields.a..b: path "a..b" cannot be read'],
    ['a target that reaches a prototype', { id, 'metadata.__proto__': { from: 'x' } }, 'is not allowed'],
    ['a source that is no path', { id, name: { from: 'a[0' } }, 'fields.name: path "a[0" cannot be read'],
    [
      'a brace too many',
      { id, name: { template: '{First Name} {Last' } },
      'fields.name: template "{First Name} {Last" has a brace',
    ],
    ['no id', { name: { from: 'x' } }, 'fields.id: is missing; every customer needs an id of yours'],
    [
      'nothing to take a value from',
      { id, name: {} },
      'fields.name: needs exactly one of from, template, constant and object',
    ],
    [
      'two things to take a value from',
      { id, name: { from: 'x', constant: 'y' } },
      'fields.name: needs exactly one of from, template, constant and object',
    ],
    [
      'an unknown transform',
      { id, name: { from: 'x', transform: ['shout'] } },
      'fields.name.transform.0: must be one of',
    ],
    ['an unknown option', { id, name: { from: 'x', required: true } }, 'fields.name.required: is not a known field'],
    [
      'one target inside another',
      { id, address: { from: 'a' }, 'address.city': { from: 'b' } },
      'fields.address.city: lies inside fields.address; keep one of the two',
    ],
  ])('has %s', (_, fields, expected) => {
    const [code, message] = failure({ fields }) ?? [];
    expect(code).toBe('config');
    expect(message).toContain('columns.json: ');
    expect(message).toContain(expected);
  });

  it('names several problems at once', () => {
    expect(failure({ fields: { emial: { from: 'x' }, name: {} } })?.[1]).toMatch(
      /emial.*and 2 more: fields\.name.*fields\.id/,
    );
  });
});

describe('a source mapping file', () => {
  it('is read, byte order mark or not', async () => {
    const path = await folder.write('good.json', `\ufeff${JSON.stringify({ fields: { id: { from: 'Nr' } } })}`);
    const source = await openSource({ path: '-', stdin: blocks('Nr\n1\n'), format: 'csv', sourceMapping: path });
    expect((await rowsOf(source)).map(({ value }) => value)).toEqual([{ id: '1' }]);
  });

  it('is named with line and column when it is broken', async () => {
    const path = await folder.write('broken.json', '{\n  "fields": {\n    "id": {"from": "Nr"},\n  }\n}');
    expect(await failureOf(openSource({ path: 'in.csv', sourceMapping: path }))).toMatchObject({
      code: 'config',
      message: `${path}: line 4 column 3: expected a key in quotes`,
    });
  });

  it('is named when it does not hold', async () => {
    const path = await folder.write('list.json', '[]');
    expect(await failureOf(openSource({ path: 'in.csv', sourceMapping: path }))).toMatchObject({
      code: 'config',
      message: `${path}: must be an object, not a list`,
    });
  });

  it('is named with the nearest file when it is not there', async () => {
    await folder.write('mapping-crm.json', '{}');
    const path = folder.path('maping-crm.json');
    expect((await failureOf(openSource({ path: 'in.csv', sourceMapping: path }))).message).toBe(
      `${path}: there is no such file (did you mean "mapping-crm.json"?)`,
    );
  });
});
