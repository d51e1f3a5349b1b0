import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, folderWith, runBinary, runCli } from './command-line.js';

const offline = ['--to', 'lago', '--offline'];
const mend = '      -> Correct the row and feed it again.';
const hint = '"customer-sync help invalid_customer" explains the code.\n';

interface BadRow {
  readonly what: string;
  readonly row: string;
  readonly shown: string;
  readonly says: string;
}

const badLines: BadRow[] = [
  {
    what: 'a field that is not known',
    row: '{"id":"b","emial":"bo@example.org"}',
    shown: 'b',
    says: 'emial: is not a known field (did you mean "email"?)',
  },
  {
    what: 'a field that is not known within another',
    row: '{"id":"b","address":{"zip":"10115"}}',
    shown: 'b',
    says: 'address.zip: is not a known field',
  },
  {
    what: 'a value of the wrong type',
    row: '{"id":"b","name":true}',
    shown: 'b',
    says: 'name: must be text, not true or false',
  },
  { what: 'no id', row: '{"name":"Bo"}', shown: '(no readable id)', says: 'id: is missing' },
  {
    what: 'an empty id',
    row: '{"id":"","name":"Bo"}',
    shown: '(no readable id)',
    says: 'id: is empty text; every customer needs an id of yours',
  },
  {
    what: 'empty text',
    row: '{"id":"b","name":""}',
    shown: 'b',
    says: 'name: is empty text; leave it out to keep what is stored, or write null to clear it',
  },
  {
    what: 'an id that an earlier row has',
    row: '{"id":"a","name":"Bo"}',
    shown: 'a',
    says: 'id: stands in more than one row; the first is at in.jsonl line 1',
  },
  {
    what: 'a line that is not JSON',
    row: '{"id":"b","name":"Bo}',
    shown: '(no readable id)',
    says: 'is not valid JSON (column 22: expected a closing quote)',
  },
  { what: 'a line that is no object', row: '["b"]', shown: '(no readable id)', says: 'must be an object, not a list' },
  {
    what: 'an e-mail address that is none',
    row: '{"id":"b","email":"bo"}',
    shown: 'b',
    says: 'email: is not an e-mail address',
  },
  {
    what: 'a key that reaches a prototype',
    row: '{"id":"b","metadata":{"__proto__":"x"}}',
    shown: 'b',
    says: 'metadata.__proto__: is a key that is never accepted',
  },
];

/** What the good rows around the bad ones come to. */
const goodRows = ['a', 'c'].map((id) => `  + ${id}\n      id:   ${id}\n      name: Good\n`);

describe('a bad line of JSONL is named, and the others go on', () => {
  const rows = ['{"id":"a","name":"Good"}', ...badLines.map(({ row }) => row), '{"id":"c","name":"Good"}'];
  const cwd = folderWith({ 'in.jsonl': rows.map((row) => `${row}\n`).join('') }, { onTestFinished: afterAll });
  let result: CliResult;
  beforeAll(async () => {
    result = await runBinary(['dry-run', 'in.jsonl', ...offline], { cwd });
  });

  it.each(badLines.map((line, index) => ({ ...line, number: index + 2 })))('$what', ({ shown, says, number }) => {
    expect(result.stdout).toContain(
      `\n  x ${shown}  in.jsonl line ${number}\n      ${says} [invalid_customer]\n${mend}\n`,
    );
  });

  it('each row is there once, with nothing but the rows, and the exit code is 1', () => {
    const bad = badLines.map(
      ({ shown, says }, index) =>
        `  x ${shown}  in.jsonl line ${index + 2}\n      ${says} [invalid_customer]\n${mend}\n`,
    );
    expect(result.stdout).toBe(
      'Dry run: in.jsonl -> lago. No request is sent; every customer is shown as new.\n  lago  offline\n\n' +
        `+ create: 2 customers\n${goodRows.join('')}\n` +
        `x invalid: ${badLines.length} customers\n${bad.join('')}\n` +
        `lago: ${rows.length} customers: 2 create, ${badLines.length} invalid\n` +
        `  effect, 2x: Lago sends the webhook customer.created.\n${hint}`,
    );
    expect(result.stderr).toBe('');
    expect(result.code).toBe(1);
  });
});

const badCsvRows: BadRow[] = [
  {
    what: 'more cells than columns',
    row: 'b,Bo,more',
    shown: '(no readable id)',
    says: 'has 3 cells, the header has 2',
  },
  { what: 'no id', row: ',Bo', shown: '(no readable id)', says: 'id: is missing' },
  {
    what: 'an id that an earlier row has',
    row: 'a,Bo',
    shown: 'a',
    says: 'id: stands in more than one row; the first is at in.csv line 2',
  },
];

describe('a bad row of CSV is named, and the others go on', () => {
  const rows = ['id,name', 'a,Good', ...badCsvRows.map(({ row }) => row), 'c,Good'];
  const cwd = folderWith({ 'in.csv': rows.map((row) => `${row}\n`).join('') }, { onTestFinished: afterAll });
  let result: CliResult;
  beforeAll(async () => {
    result = await runCli(['dry-run', 'in.csv', ...offline], { cwd });
  });

  it.each(badCsvRows.map((row, index) => ({ ...row, number: index + 3 })))('$what', ({ shown, says, number }) => {
    expect(result.stdout).toContain(
      `\n  x ${shown}  in.csv line ${number}\n      ${says} [invalid_customer]\n${mend}\n`,
    );
  });

  it('the others are planned, and the exit code is 1', () => {
    for (const row of goodRows) expect(result.stdout).toContain(row);
    expect(result.stdout).toContain(`\nlago: 5 customers: 2 create, ${badCsvRows.length} invalid\n`);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(1);
  });

  it('an id that a spreadsheet has rounded is warned about', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.csv': 'id,name\n1.23E+15,Ann\n' }, { onTestFinished });
    const result = await runCli(['dry-run', 'in.csv', ...offline], { cwd });
    expect(result.stdout).toContain(
      '  + 1.23E+15\n      id:   1.23E+15\n      name: Ann\n' +
        '      ! id looks like a long number that a spreadsheet has rounded; the true id is lost\n',
    );
    expect(result.code).toBe(0);
  });
});
