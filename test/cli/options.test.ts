import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { folderWith, runBinary, runCli, startProviders, writesTo } from './command-line.js';

const offline = ['--to', 'lago', '--offline'];
const twoCustomers = '{"id":"a","name":"Ann"}\n{"id":"b","name":"Bo"}\n';

describe('an option outside its bounds is refused', () => {
  it.for([
    ['--rate-share', '0', 'Give a number above 0 and at most 1.'],
    ['--rate-share', '-0.5', 'Give a number above 0 and at most 1.'],
    ['--rate-share', '1.01', 'Give a number above 0 and at most 1.'],
    ['--rate-share', 'half', 'Give a number above 0 and at most 1.'],
    ['--limit', '-1', 'Give a whole number of at least 0.'],
    ['--limit', '1.5', 'Give a whole number of at least 0.'],
    ['--concurrency', 'ten', 'Give a whole number of at least 1.'],
    ['--concurrency', '0', 'Give a whole number of at least 1.'],
    ['--format', 'xml', 'Allowed choices are text, json, csv, markdown, html.'],
    ['--input-format', 'xlsx', 'Allowed choices are jsonl, json, csv.'],
    ['--overlay', 'lago', 'Write it as provider=file, for example autumn=escape-ids.json.'],
    ['--overlay', 'lago=', 'Write it as provider=file, for example autumn=escape-ids.json.'],
    ['--to', ' , ', 'Name at least one.'],
  ] as const)('%s %s', async ([option, value, says], { expect }) => {
    // In one word, since a value of its own may not begin with a dash.
    const { stdout, stderr, code } = await runCli(['dry-run', 'in.jsonl', ...offline, `${option}=${value}`]);
    expect(stderr).toMatch(new RegExp(`^error: option '${option} <\\S+>' argument '${value}' is invalid\\. `));
    expect(stderr).toContain(`${says}\n`);
    expect([stdout, code]).toEqual(['', 2]);
  });

  it('--json next to --format', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['dry-run', 'in.jsonl', ...offline, '--json', '--format', 'csv']);
    expect(stderr).toBe(
      "error: option '--json' cannot be used with option '--format <format>'\n(--help shows the options)\n",
    );
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('which customers', () => {
  it('--limit 0 takes none, and --rate-share 1 is within bounds', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const args = ['dry-run', 'in.jsonl', ...offline, '--limit', '0', '--rate-share', '1'];
    expect(await runCli(args, { cwd })).toEqual({
      stdout:
        'Dry run: in.jsonl -> lago. No request is sent; every customer is shown as new.\n  lago  offline\n\n' +
        'lago: 0 customers: nothing\n',
      stderr: '',
      code: 0,
    });
  });

  it('--id takes those it names, wherever they stand, and says which are not there', async ({
    expect,
    onTestFinished,
  }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const { stdout, stderr, code } = await runCli(['dry-run', 'in.jsonl', ...offline, '--id', 'b,zoe', '--id', 'yan'], {
      cwd,
    });
    expect(stdout).toContain(
      '\n\n+ create: 1 customer\n  + b\n      id:   b\n      name: Bo\n\nlago: 1 customer: 1 create\n',
    );
    expect(stderr).toBe('note: in.jsonl: no customer has one of the ids "zoe", "yan"\n');
    expect(code).toBe(0);
  });

  it('--id says nothing of an id that --limit did not let it reach', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const { stdout, stderr } = await runCli(['dry-run', 'in.jsonl', ...offline, '--id', 'a,b', '--limit', '1'], {
      cwd,
    });
    expect(stdout).toContain('\nlago: 1 customer: 1 create\n');
    expect(stderr).toBe('');
  });

  it('--id of one that is not there is told in the singular', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const { stderr, code } = await runCli(['dry-run', 'in.jsonl', ...offline, '--id', 'zoe'], { cwd });
    expect(stderr).toBe('note: in.jsonl: no customer has the id "zoe"\n');
    expect(code).toBe(0);
  });

  it('several targets get one outcome each for every customer, each target once', async ({
    expect,
    onTestFinished,
  }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const { stdout } = await runCli(['dry-run', 'in.jsonl', '--to', 'lago,autumn, lago', '--offline', '--json'], {
      cwd,
    });
    const { results } = JSON.parse(stdout);
    expect(
      results.map(({ plan }: { plan: { customer_id: string; to: string } }) => [plan.customer_id, plan.to]),
    ).toEqual([
      ['a', 'lago'],
      ['a', 'autumn'],
      ['b', 'lago'],
      ['b', 'autumn'],
    ]);
  });
});

describe('what the source may be', () => {
  const created = '+ create: 1 customer\n  + a\n      id:   a\n      name: Zoë\n\nlago: 1 customer: 1 create\n';

  it.for([
    ['JSONL on stdin', ['-'], '{"id":"a","name":"Zoë"}\n'],
    ['CSV on stdin', ['-'], 'id,name\na,Zoë\n'],
    ['a JSON list on stdin', ['-'], '[{"id":"a","name":"Zoë"}]'],
    ['CSV with semicolons', ['-'], 'id;name\na;Zoë\n'],
    ['CSV with tabs and a byte order mark', ['-'], '\ufeffid\tname\na\tZoë\n'],
    ['CSV with a separator that is named', ['-', '--delimiter', 'tab', '--input-format', 'csv'], 'id\tname\na\tZoë\n'],
    ['Windows-1252 that is named', ['-', '--encoding', 'windows-1252'], Buffer.from('id,name\na,Zoë\n', 'latin1')],
  ] as const)('%s', async ([, args, input], { expect }) => {
    const { stdout, stderr, code } = await runCli(['dry-run', ...args, ...offline], { input });
    expect(stdout).toContain(created);
    expect(stdout).toMatch(/^Dry run: stdin -> lago\. /);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it.for([
    ['JSONL', '{"id":"a","name":"Zoë"}\n'],
    ['packed CSV', gzipSync('id,name\na,Zoë\n')],
  ] as const)('%s in a pipe', async ([, input], { expect }) => {
    const { stdout, stderr, code } = await runBinary(['dry-run', '-', ...offline], { input });
    expect(stdout).toContain(created);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it.for([
    ['in.jsonl.gz', gzipSync('{"id":"a","name":"Zoë"}\n')],
    ['in.csv.gz', gzipSync('id,name\na,Zoë\n')],
    ['in.json', '{"id":"a","name":"Zoë"}'],
  ] as const)('%s', async ([name, content], { expect, onTestFinished }) => {
    const cwd = folderWith({ [name]: content }, { onTestFinished });
    const { stdout, stderr, code } = await runCli(['dry-run', name, ...offline], { cwd });
    expect(stdout).toContain(created);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('Windows-1252 that is recognised is said to be', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.csv': Buffer.from('id,name\na,Zoë\n', 'latin1') }, { onTestFinished });
    const { stdout, stderr, code } = await runCli(['dry-run', 'in.csv', ...offline], { cwd });
    expect(stdout).toContain(created);
    expect(stderr).toBe('note: in.csv is not UTF-8 and was read as Windows-1252; --encoding says otherwise\n');
    expect(code).toBe(0);
  });

  it('a column that the source mapping does not use is named', async ({ expect, onTestFinished }) => {
    const cwd = folderWith(
      {
        'in.csv': 'Nr,Naam,Fax,Kleur\na,Zoë,1,2\n',
        'columns.json': '{"fields":{"id":{"from":"Nr"},"name":{"from":"Naam"}},"ignored":{"Fax":"out of use"}}',
      },
      { onTestFinished },
    );
    const args = ['dry-run', 'in.csv', ...offline, '--source-mapping', 'columns.json'];
    const { stdout, stderr, code } = await runCli(args, { cwd });
    expect(stdout).toContain(created);
    expect(stderr).toBe(
      'note: in.csv: not used by the source mapping: "Kleur"; name them under "ignored" to say that this is right\n',
    );
    expect(code).toBe(0);
  });
});

describe('values that cannot be read', () => {
  const csv = 'id,name,phone,address.country\na,Ann,call the office,Germany\n';

  it('are left out and reported, like those that were cleaned', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.csv': csv }, { onTestFinished });
    const { stdout, code } = await runCli(['dry-run', 'in.csv', ...offline, '--verbose'], { cwd });
    expect(stdout).toContain(
      '  + a\n      id:              a\n      name:            Ann\n      address.country: DE\n' +
        '      ! address.country written as an ISO 3166-1 alpha-2 code (Germany -> DE)\n' +
        '      ! phone is not a phone number; left out (call the office)\n',
    );
    expect(code).toBe(0);
  });

  it('make the customer invalid with --strict', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.csv': csv }, { onTestFinished });
    const { stdout, code } = await runCli(['dry-run', 'in.csv', ...offline, '--strict'], { cwd });
    expect(stdout).toContain('x invalid');
    expect(stdout).toContain('    phone: is not a phone number');
    expect(code).toBe(1);
  });
});

describe('dry-run', () => {
  it('sends no write, and reports the same under the name plan', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago', 'autumn'], { onTestFinished });
    const args = ['examples/customers.jsonl', '--to', 'lago,autumn'];
    const dryRun = await runCli(['dry-run', ...args], { env: stage.env });
    const plan = await runCli(['plan', ...args], { env: stage.env });
    expect(plan).toEqual(dryRun);
    for (const id of ['lago', 'autumn']) {
      expect(stage.emulator(id).requests.length).toBeGreaterThan(0);
      expect(writesTo(stage, id)).toEqual([]);
      expect(stage.emulator(id).customers()).toEqual([]);
    }
  });

  it('--offline needs no key and sends nothing', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const { LAGO_API_KEY: _, ...env } = stage.env;
    const { stdout, code } = await runCli(['dry-run', 'examples/customers.jsonl', ...offline], { env });
    expect(stdout).toContain('\nlago: 40 customers: 38 create, 2 invalid');
    expect(code).toBe(1);
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('--exit-code ends with 3 when there are changes, and with 0 when there are none', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    const run = (...args: string[]) => runCli([...args, 'in.jsonl', '--to', 'lago'], { cwd, env: stage.env });
    expect((await run('dry-run', '--exit-code')).code).toBe(3);
    expect((await run('dry-run')).code).toBe(0);
    expect((await run('apply', '--yes')).code).toBe(0);
    const after = await run('dry-run', '--exit-code');
    expect(after.code).toBe(0);
    expect(after.stdout).toBe(
      `Dry run: in.jsonl -> lago. Reads only; nothing is written.\n  lago  ${stage.env['LAGO_BASE_URL']} (this machine), key f5eeb194\n\n` +
        'lago: 2 customers: 2 unchanged\n',
    );
  });

  it('--exit-code ends with 1 when a customer failed', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': `${twoCustomers}{"id":"c","name":1}\n` }, { onTestFinished });
    const { code } = await runCli(['dry-run', 'in.jsonl', ...offline, '--exit-code'], { cwd });
    expect(code).toBe(1);
  });

  it('--overlay given twice lays the second over the first', async ({ expect, onTestFinished }) => {
    const files = {
      'in.jsonl': '{"id":"a.b","name":"Ada","legal_name":"Acme AG"}\n',
      'ids.json': '{"fields":{"customer_id":{"transform":["escape_id"]}}}',
      'names.json': '{"fields":{"name":{"from":["legal_name","name"],"reverse":"name"}}}',
    };
    const cwd = folderWith(files, { onTestFinished });
    const layers = ['--overlay', 'autumn=ids.json', '--overlay', 'autumn=names.json'];
    const { stdout } = await runCli(['dry-run', 'in.jsonl', '--to', 'autumn', '--offline', '--json', ...layers], {
      cwd,
    });
    expect(JSON.parse(stdout).results[0].plan.payload).toEqual({ customer_id: 'a:2eb', name: 'Acme AG' });
  });

  it('--overlay changes what is sent', async ({ expect, onTestFinished }) => {
    const overlay = '{"fields":{"customer_id":{"from":"id","required":true,"read":"id","transform":["escape_id"]}}}';
    const cwd = folderWith({ 'in.jsonl': '{"id":"a.b"}\n', 'ids.json': overlay }, { onTestFinished });
    const args = ['dry-run', 'in.jsonl', '--to', 'autumn', '--offline', '--json'];
    const plain = await runCli(args, { cwd });
    const changed = await runCli([...args, '--overlay', 'autumn=ids.json'], { cwd });
    expect(plain.code).toBe(1);
    expect(changed.code).toBe(0);
    expect(JSON.parse(changed.stdout).results[0].plan.payload.customer_id).toMatch(/^[\w:-]+$/);
  });

  it('leaves the source as it is', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
    await runCli(['dry-run', 'in.jsonl', ...offline], { cwd });
    expect(readFileSync(join(cwd, 'in.jsonl'), 'utf8')).toBe(twoCustomers);
  });
});
