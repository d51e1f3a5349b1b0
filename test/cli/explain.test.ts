import { describe, it } from 'vitest';
import { folderWith, runCli } from './command-line.js';

const files = {
  'in.csv': 'Nr,Full Name,Tel\n7, Ada Byron ,030-0174321\n8,,\n',
  'columns.json': [
    '{ "fields": {',
    '  "id": { "from": "Nr" },',
    '  "name": { "from": "Full Name", "transform": ["trim"] },',
    '  "phone": { "from": "Tel" },',
    '  "address.country": { "constant": "DE" }',
    '} }',
  ].join('\n'),
  'customers.jsonl':
    '{"id":"a","locale":"ja","phone":null}\n{"id":"b","phone":"0"}\n{"id":"c","name":1}\n{"id":"d","provider_fields":{"lago":{"tax_codes":"x"}}}\n',
};
const csv = ['explain', 'in.csv', '--source-mapping', 'columns.json', '--to', 'recharge'];

describe('explain', () => {
  it('shows the whole way of a field, from the cell to what is sent', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    const { stdout, stderr, code } = await runCli([...csv, '--id', '7', '--field', 'last_name'], { cwd });
    expect(stdout.replaceAll(/mapping\.json:\d+/g, 'mapping.json:0')).toMatchInlineSnapshot(`
      ""7" to recharge, as a create (in.csv line 2)

      last_name
        rule        providers/recharge/mapping.json:0
        column      name by columns.json:3
        cell        Full Name = " Ada Byron "
        trim        "Ada Byron"
        source      last_name = absent
        source      name = "Ada Byron"
        rest_words  "Byron"
        sent        "Byron"
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('shows what the normaliser made of a value', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    const { stdout } = await runCli([...csv, '--id', '7', '--field', 'phone'], { cwd });
    expect(stdout).toContain('  column      phone by columns.json:4\n  cell        Tel = "030-0174321"\n');
    expect(stdout).toMatch(/^ {2}cleaned {5}"030-0174321" -> "\+49300174321": written as E\.164/m);
    expect(stdout).toMatch(/^ {2}sent {8}"\+49300174321"$/m);
  });

  it.for<[string, string[], string]>([
    ['an empty cell', [...csv, '--id', '8', '--field', 'phone'], 'nothing     the customer has no phone'],
    ['no stand-in', [...csv, '--id', '8', '--field', 'first_name'], 'error       first_name: is required'],
    [
      'a stand-in',
      [...csv, '--id', '8', '--field', 'last_name'],
      'policy      fallback: has no value; a stand-in was sent',
    ],
    [
      'a field without a place',
      [...csv, '--id', '7', '--field', 'address.city'],
      'nothing     unsupported: since version',
    ],
    [
      'a value that was left out',
      ['explain', 'customers.jsonl', '--to', 'lago', '--id', 'a', '--field', 'locale'],
      'policy      dropped: cannot be converted by "locale_match"; left out',
    ],
    [
      'a field that an update clears',
      ['explain', 'customers.jsonl', '--to', 'lago', '--id', 'a', '--field', 'phone', '--on', 'update'],
      'sent        null',
    ],
    [
      'a value that the normaliser left out',
      ['explain', 'customers.jsonl', '--to', 'lago', '--id', 'b', '--field', 'phone'],
      'cleaned     "0": is a local number, and its country is not known; left out',
    ],
    [
      'a customer that is not valid',
      ['explain', 'customers.jsonl', '--to', 'lago', '--id', 'c', '--field', 'name'],
      '! name: must be text, not a number; the customer is not sent',
    ],
    [
      'a field of the provider that is not valid',
      ['explain', 'customers.jsonl', '--to', 'lago', '--id', 'd', '--field', 'tax_codes'],
      '! provider_fields.lago.tax_codes: must be a list, not text; the customer is not sent',
    ],
  ])('says why: %s', async ([, args, says], { expect, onTestFinished }) => {
    const { stdout, code } = await runCli(args, { cwd: folderWith(files, { onTestFinished }) });
    expect(stdout).toContain(says);
    expect(code).toBe(0);
  });

  it('keeps to the fields that are ours at a configured connection', async ({ expect, onTestFinished }) => {
    const configuration = [
      'connections:',
      '  billing:',
      '    provider: lago',
      '    fields: { ignore: [phone], create_only: [name] }',
    ].join('\n');
    const cwd = folderWith({ ...files, 'customer-sync.yaml': configuration }, { onTestFinished });
    const args = ['explain', 'in.csv', '--source-mapping', 'columns.json', '--to', 'billing', '--id', '7'];
    const phone = await runCli([...args, '--field', 'phone'], { cwd });
    const name = await runCli([...args, '--field', 'name'], { cwd });
    const update = await runCli([...args, '--field', 'name', '--on', 'update'], { cwd });
    expect(phone.stdout).toContain('nothing     not ours at this connection, so a create does not send it: phone');
    expect(name.stdout).toContain('sent        "Ada Byron"');
    expect(update.stdout).toContain('nothing     not ours at this connection, so an update does not send it: name');
  });

  it('prints JSON with the rule, where it stands, the raw value and the result', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    const { stdout } = await runCli([...csv, '--id', '7', '--field', 'first_name', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      customer_id: '7',
      at: 'in.csv line 2',
      fields: [
        {
          target: 'first_name',
          stands: [{ file: 'providers/recharge/mapping.json', line: expect.any(Number) }],
          given: [{ field: 'first_name' }, { field: 'name', rule: { file: 'columns.json', line: 3 } }],
          result: { kind: 'sent', value: 'Ada' },
        },
      ],
    });
  });

  it.for<[string[], string]>([
    [[...csv, '--id', '9'], 'in.csv: no customer has the id "9"'],
    [[...csv, '--id', '7', '--field', 'emial'], 'has a field "emial" (did you mean "email"?)'],
    [['explain', 'in.csv', '--to', 'lgao', '--id', '7'], 'there is no provider "lgao"'],
  ])('ends with 2 for %j', async ([args, says], { expect, onTestFinished }) => {
    const { stderr, code } = await runCli(args, { cwd: folderWith(files, { onTestFinished }) });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});
