import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { errorText, folderWith, providerIds, runBinary, runCli, startProviders } from './command-line.js';

const offline = ['--to', 'lago', '--offline'];

interface BadRun {
  readonly what: string;
  readonly args: readonly string[];
  readonly says: string;
  readonly remedy: string;
}

const unusable: BadRun[] = [
  {
    what: 'a file that is not there',
    args: ['custmers.jsonl', ...offline],
    says: 'custmers.jsonl: there is no such file (did you mean "customers.jsonl"?)',
    remedy: 'Check the path. On the command line, "-" in its place reads from stdin.',
  },
  {
    what: 'a file that is not there, and no word on where to',
    args: ['plam.json'],
    says: 'plam.json: there is no such file',
    remedy: 'Check the path.',
  },
  { what: 'a directory', args: ['folder', ...offline], says: 'folder: is a directory', remedy: 'Name one file in it.' },
  {
    what: 'an empty file',
    args: ['empty.csv', ...offline],
    says: 'empty.csv is empty',
    remedy: 'Check what writes it.',
  },
  {
    what: 'a column that is not known',
    args: ['column.csv', ...offline],
    says: 'column.csv: "nmae" (did you mean "name"?) is not a field of the customer',
    remedy:
      'Rename the columns (what has no field of its own fits under metadata.<key>), or let "customer-sync init" guess what they are, and pass the file it writes with --source-mapping.',
  },
  {
    what: 'CSV without a header',
    args: ['headless.csv', ...offline],
    says: 'headless.csv: the first line looks like data, not like a header',
    remedy: 'Put a line on top that names the columns, for example: id,email,name,address.country',
  },
  {
    what: 'a JSON list that is broken',
    args: ['broken.json', ...offline],
    says: 'broken.json: line 2 column 1: expected a comma or ]',
    remedy: 'Correct the JSON. If the file holds one object a line, read it with --input-format jsonl.',
  },
  {
    what: 'a damaged gzip file',
    args: ['damaged.jsonl.gz', ...offline],
    says: 'damaged.jsonl.gz: is a gzip file that ends too early',
    remedy: 'Fetch or pack it again.',
  },
  {
    what: 'a delimiter for what is no CSV',
    args: ['customers.jsonl', ...offline, '--delimiter', ';'],
    says: 'customers.jsonl: a delimiter is given, but the file is read as jsonl',
    remedy: 'Leave the delimiter out, or say that the file is CSV (--input-format csv).',
  },
  {
    what: 'an encoding that is not known',
    args: ['customers.jsonl', ...offline, '--encoding', 'utf8'],
    says: 'the encoding "utf8" is not known (did you mean "utf-8"?)',
    remedy: 'Known encodings: utf-8, windows-1252, utf-16le, utf-16be.',
  },
  {
    what: 'a provider that is not known',
    args: ['customers.jsonl', '--to', 'lagoo', '--offline'],
    says: 'there is no provider "lagoo" (did you mean "lago"?)',
    remedy: `Known providers: ${providerIds.join(', ')}.`,
  },
  {
    what: 'no key',
    args: ['customers.jsonl', '--to', 'lago'],
    says: 'there is no key for Lago: LAGO_API_KEY is not set',
    remedy:
      'Set LAGO_API_KEY, or look at the payloads without a key: dry-run --offline. In the Lago app: Developers > API keys > Reveal. A server of your own has its own app.',
  },
  {
    what: 'an overlay that is not there',
    args: ['customers.jsonl', ...offline, '--overlay', 'lago=nowhere.json'],
    says: 'nowhere.json: there is no such file',
    remedy: 'An overlay is a JSON file with "fields" or "remove" in it.',
  },
  {
    what: 'an overlay that is a directory',
    args: ['customers.jsonl', ...offline, '--overlay', 'lago=folder'],
    says: 'folder: is a directory',
    remedy: 'Name one file in it.',
  },
  {
    what: 'an overlay that is not JSON',
    args: ['customers.jsonl', ...offline, '--overlay', 'lago=broken.json'],
    says: 'broken.json: line 2 column 1: expected a comma or ]',
    remedy: 'An overlay is a JSON file with "fields" or "remove" in it.',
  },
  {
    what: 'an overlay for a provider that is not asked for',
    args: ['customers.jsonl', ...offline, '--overlay', 'autumn=broken.json'],
    says: '--overlay names "autumn", which is not in --to',
    remedy: 'Use one of: lago.',
  },
  {
    what: 'a source mapping that is not there',
    args: ['customers.jsonl', ...offline, '--source-mapping', 'nowhere.json'],
    says: 'nowhere.json: there is no such file',
    remedy: 'Check the path: it must be that of the mapping, not of the customers.',
  },
  {
    what: 'a source mapping with a misspelt part',
    args: ['customers.jsonl', ...offline, '--source-mapping', 'misspelt.json'],
    says: 'misspelt.json: fields: is missing (and 1 more: feilds: is not a known field (did you mean "fields"?))',
    remedy: 'Correct the source mapping; its fields are described in the source mapping JSON Schema.',
  },
  {
    what: 'a source mapping that names no column',
    args: ['column.csv', ...offline, '--source-mapping', 'columns.json'],
    says: 'column.csv: it has no column "Name" (did you mean "nmae"?), which columns.json names',
    remedy: 'Correct the source mapping, or the header of the file.',
  },
];

const files = {
  'customers.jsonl': '{"id":"a","name":"Ann"}\n',
  'empty.csv': '',
  'column.csv': 'id,nmae\na,Ann\n',
  'headless.csv': '17,ann@example.org\n',
  'broken.json': '[{"id":"a"}\n',
  'columns.json': '{"fields":{"id":{"from":"id"},"name":{"from":"Name"}}}',
  'misspelt.json': '{"feilds":{}}',
  'damaged.jsonl.gz': gzipSync('{"id":"a","name":"Ann"}\n').subarray(0, 30),
};

describe('nothing is done, in one line and a remedy, with', () => {
  it.for(unusable)('$what', async ({ args, says, remedy }, { expect, onTestFinished }) => {
    const cwd = folderWith(files, { onTestFinished });
    mkdirSync(join(cwd, 'folder'));
    const result = await runCli(['dry-run', ...args], { cwd });
    expect(result.stderr).toBe(errorText('config', says, remedy));
    expect(result.stdout).toBe('');
    expect(result.code).toBe(2);
  });

  it('a file that may not be read', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'locked.jsonl': '{"id":"a"}\n' }, { onTestFinished });
    chmodSync(join(cwd, 'locked.jsonl'), 0);
    // Permissions do not stop the superuser, but nobody can read a process's memory from its first byte.
    const [file, says] =
      process.getuid?.() === 0
        ? ['/proc/self/mem', /^error \(config\): \/proc\/self\/mem: cannot be read \(EIO\)\n {2}-> .+\n.+\n$/]
        : ['locked.jsonl', /^error \(config\): locked.jsonl: may not be read by this user\n {2}-> .+\n.+\n$/];
    const result = await runBinary(['dry-run', file, ...offline], { cwd });
    expect(result.stderr).toMatch(says);
    expect(result.stdout).toBe('');
    expect(result.code).toBe(2);
  });

  it('an overlay with a path that is not known', async ({ expect, onTestFinished }) => {
    const overlay = '{"fields":{"name":{"from":"naem"}}}';
    const cwd = folderWith({ ...files, 'overlay.json': overlay }, { onTestFinished });
    const result = await runCli(['dry-run', 'customers.jsonl', ...offline, '--overlay', 'lago=overlay.json'], { cwd });
    expect(result.stderr).toBe(
      errorText(
        'mapping',
        'overlay.json: fields.name: unknown path "naem" (did you mean "name"?)',
        'Correct the mapping; its fields are described in the mapping JSON Schema.',
      ),
    );
    expect(result.code).toBe(2);
  });

  it('a key that is refused by the only provider', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith(files, { onTestFinished });
    const wrong = { ...env, LAGO_API_KEY: 'a-key-of-another-account' };
    const result = await runCli(['dry-run', 'customers.jsonl', '--to', 'lago'], { cwd, env: wrong });
    expect(result.stdout).toContain(
      '  x a  customers.jsonl line 1\n      Lago answered 401 to list [auth]\n' +
        '      -> Check the key in LAGO_API_KEY, and that it belongs to the account behind LAGO_BASE_URL.\n',
    );
    expect(result.code).toBe(2);
  });
});

describe('a base URL that cannot be used', () => {
  it.for(['ftp://lago.example', 'lago.example', 'http://lago.example/api/v1', 'https://me:secret@lago.example', 'EU'])(
    'is refused before anything is sent: %s',
    async (url, { expect, onTestFinished }) => {
      const cwd = folderWith(files, { onTestFinished });
      const env = { LAGO_BASE_URL: url, LAGO_API_KEY: 'key-of-the-test' };
      const result = await runCli(['dry-run', 'customers.jsonl', '--to', 'lago'], { cwd, env });
      expect(result).toEqual({
        stdout: '',
        stderr: errorText(
          'config',
          'the base URL for Lago is not usable',
          'Give LAGO_BASE_URL an https URL without user name and query, for example https://api.getlago.com/api/v1 or "eu". Plain http is accepted for this machine, and within your own network if the connection says "allow_http: true" or CUSTOMER_SYNC_ALLOW_HTTP is 1.',
        ),
        code: 2,
      });
    },
  );
});

describe('a run that breaks half-way', () => {
  it('tells what was done until then', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    // Too long to be seen whole before the first row is read, and not to be packed much smaller.
    const name = (number: number) => createHash('sha512').update(`${number}`).digest('base64');
    const lines = Array.from({ length: 1000 }, (_, number) => `{"id":"c${number}","name":"${name(number)}"}\n`);
    const cut = gzipSync(lines.join('')).subarray(0, -2000);
    const cwd = folderWith({ 'cut.jsonl.gz': cut }, { onTestFinished });
    const result = await runBinary(['apply', 'cut.jsonl.gz', '--to', 'lago', '--yes', '--json', '--id', 'c1,c900'], {
      cwd,
      env: stage.env,
    });
    expect(result.stderr).toBe(
      errorText('config', 'cut.jsonl.gz: is a gzip file that ends too early', 'Fetch or pack it again.'),
    );
    expect(result.code).toBe(2);
    const { summary } = JSON.parse(result.stdout);
    expect(summary).toMatchObject({ rows: 2, targets: [{ counts: { created: 2 } }] });
    expect(stage.emulator('lago').customers()).toHaveLength(2);
  });
});
