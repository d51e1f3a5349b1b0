import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, type TestContext } from 'vitest';
import { z } from 'zod';
import { takeWriterLock } from '../../../src/ledger/sqlite/writer-lock.js';
import { openNangoStage } from '../../connections/nango-stage.js';
import { closedPort, serve } from '../../hosts/loopback.js';
import { folderWith, providerIds, runCli, startProviders, writesTo } from '../command-line.js';
import { openTerminal } from '../terminal.js';

const reportSchema = z.strictObject({
  checks: z.array(
    z.strictObject({
      status: z.enum(['ok', 'warn', 'fail']),
      about: z.string(),
      name: z.string().optional(),
      message: z.string(),
      remedy: z.string().optional(),
      code: z.string().optional(),
    }),
  ),
  counts: z.strictObject({ ok: z.int(), warn: z.int(), fail: z.int() }),
});
type Env = Readonly<Record<string, string>>;

/** The checks about one thing, and the exit code. */
async function diagnose(about: string, { cwd, env = {} }: { cwd: string; env?: Env }) {
  const { stdout, code } = await runCli(['doctor', '--json'], { cwd, env });
  const { checks, counts } = reportSchema.parse(JSON.parse(stdout));
  expect(code).toBe(counts.fail > 0 ? 1 : 0);
  return checks.filter((check) => check.about === about);
}

const reference = (name: string) => `\${env:${name}}`;
const jobs = 'jobs: { nightly: { source: crm, to: [lago-eu] } }\n';
const smallest = `sources: { crm: { type: file, path: crm.jsonl } }\nconnections: { lago-eu: { provider: lago } }\n${jobs}`;
const customers = '{"id":"a","name":"Ann"}\n{"id":"b","name":"Bo"}\n';

function workplace(ending: TestContext, files: Readonly<Record<string, string>> = {}): string {
  return folderWith({ 'customer-sync.yaml': smallest, 'crm.jsonl': customers, ...files }, ending);
}

describe('customer-sync doctor', () => {
  it('says of everything how it is, and writes nothing anywhere', async (ending) => {
    const stage = await startProviders(['lago'], ending);
    const { env } = stage;
    const cwd = workplace(ending);
    const { stdout, stderr, code } = await runCli(['doctor'], { cwd, env });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.replace(/Node\.js [\d.]+/, 'Node.js 24')).toBe(
      'ok    node: Node.js 24 (>=22.16 is needed)\n' +
        'ok    configuration: customer-sync.yaml: 1 source, 1 connection, 1 job\n' +
        'ok    source crm: opens; its first 2 rows are valid customers\n' +
        `ok    connection lago-eu: ${env['LAGO_BASE_URL']} (this machine), key f5eeb194: shows customers; writing was not tried\n` +
        'ok    clock: within a minute of the providers\n' +
        'ok    ledger: .customer-sync/ledger.db is not there yet; the first run makes it: --first-run\n' +
        '\n6 ok, 0 warnings, 0 failed\n',
    );
    expect(stage.emulator('lago').requests.map(({ method }) => method)).toEqual(['GET']);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('asks every provider by a read that its definition declares', async (ending) => {
    const stage = await startProviders(providerIds, ending);
    const checks = await diagnose('connection', { cwd: folderWith({}, ending), env: stage.env });
    expect(checks.map(({ name, status }) => [name, status])).toEqual(providerIds.map((id) => [id, 'ok']));
    for (const id of providerIds) {
      expect(stage.emulator(id).requests).toHaveLength(1);
      expect(writesTo(stage, id)).toEqual([]);
    }
  });

  it('looks at the keys of the environment where there is no configuration', async (ending) => {
    const cwd = folderWith({}, ending);
    expect(await diagnose('configuration', { cwd })).toMatchObject([
      { status: 'warn', remedy: expect.stringMatching(/customer-sync init/) },
    ]);
    const [missing] = await diagnose('connection', { cwd });
    expect(missing).toMatchObject({ status: 'warn', message: 'no key of a provider is in the environment' });
    expect(missing?.remedy).toContain('LAGO_API_KEY');
  });

  it('has one line that can be redrawn on a terminal, and nothing of it in the report', async (ending) => {
    const { env } = await startProviders(['lago'], ending);
    const terminal = openTerminal({ ...env, TERM: 'xterm', NO_COLOR: '1' });
    expect(await terminal.run(['doctor'])).toBe(0);
    expect(terminal.stderr()).toContain('looking at files, sources and accounts');
    expect(terminal.stdout()).toMatch(/^ok {4}node: /);
  });

  it('ends with 2 for an option that it does not have', async () => {
    expect(await runCli(['doctor', '--jsn'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('doctor on the configuration', () => {
  it('says where it is wrong, and that the rest waits for it', async (ending) => {
    const cwd = workplace(ending, { 'customer-sync.yaml': 'sources: { crm: { type: file, pth: crm.jsonl } }\n' });
    const [check] = await diagnose('configuration', { cwd });
    expect(check).toMatchObject({ status: 'fail', code: 'config' });
    expect(check?.message).toContain('customer-sync.yaml:1:');
    expect(check?.message).toContain('did you mean "path"?');
    expect(check?.message).toContain('the rest is looked at once this is right');
    const named = await runCli(['doctor', '--config', 'nowhere.yaml'], { cwd });
    expect(named.code).toBe(1);
    expect(named.stdout).toContain('nowhere.yaml: there is no such file');
  });

  it('lints the mappings and the overlays that it names, and misses none', async (ending) => {
    const { env } = await startProviders(['lago'], ending);
    const cwd = workplace(ending, {
      'customer-sync.yaml': `sources:
  crm: { type: file, path: crm.jsonl, source_mapping: good.json }
  erp: { type: file, path: crm.jsonl, source_mapping: gone.json }
  shop: { type: file, path: crm.jsonl, source_mapping: bad.json }
connections:
  lago-eu: { provider: lago, overlay: overlay.json }
${jobs}`,
      'good.json': '{"fields":{"id":{"from":"id"},"name":{"from":"name"}}}',
      'bad.json': '{"fields":{"id":{"from":"id"},\n"nmae":{"from":"name"}}}',
      'overlay.json': '{"fields":{"nmae":{"from":"name"}}}',
    });
    const checks = await diagnose('mapping', { cwd, env });
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['good.json', 'ok'],
      ['gone.json', 'fail'],
      ['bad.json', 'fail'],
      ['overlays of lago-eu', 'fail'],
    ]);
    expect(checks[1]?.message).toContain('there is no such file');
    expect(checks[2]?.message).toContain('bad.json:2:');
    expect(checks[3]?.message).toContain('overlay.json:1:');
  });

  it('warns of one without a job', async (ending) => {
    const cwd = workplace(ending, { 'customer-sync.yaml': 'sources: { crm: { type: file, path: crm.jsonl } }\n' });
    expect(await diagnose('configuration', { cwd })).toMatchObject([{ status: 'warn' }]);
  });
});

describe('doctor on a source', () => {
  const source = (settings: string) =>
    `sources: { crm: ${settings} }\nconnections: { lago-eu: { provider: lago } }\n${jobs}`;

  it.for([
    ['a file that is not there', '{ type: file, path: crn.jsonl }', 'fail', 'did you mean "crm.jsonl"?'],
    ['one without rows', '{ type: file, path: empty.csv }', 'warn', 'opens, and has no rows'],
    [
      'a column that the mapping names and nobody has',
      '{ type: file, path: names.csv, source_mapping: m.json }',
      'fail',
      'Mail',
    ],
    [
      'rows of which one is no customer',
      '{ type: file, path: mixed.jsonl }',
      'warn',
      'of its first 2 rows 1 is no valid customer: mixed.jsonl line 2: email',
    ],
    [
      'rows of which none is a customer',
      '{ type: file, path: bad.jsonl }',
      'fail',
      'of its first row 1 is no valid customer',
    ],
    [
      'a program that fails',
      '{ type: command, command: [sh, -c, "echo no >&2; exit 3"] }',
      'fail',
      'ended with exit code 3: no',
    ],
    [
      'a database that is not there',
      '{ type: sqlite, path: crm.db, query: SELECT 1 AS id }',
      'fail',
      'there is no file',
    ],
    [
      'a variable that is not set',
      `{ type: postgres, url: "${reference('NOWHERE')}", query: SELECT 1 AS id }`,
      'fail',
      'the variable NOWHERE is not set',
    ],
  ] as const)('finds %s', async ([, settings, status, message], ending) => {
    const cwd = workplace(ending, {
      'customer-sync.yaml': source(settings),
      'empty.csv': 'id,email\n',
      'names.csv': 'id,E-mail\n1,a@example.com\n',
      'm.json': '{"fields":{"id":{"from":"id"},"email":{"from":"Mail"}}}',
      'mixed.jsonl': '{"id":"a","name":"Ann"}\n{"id":"b","email":"bo"}\n',
      'bad.jsonl': '{"id":"b","email":"bo"}\n',
    });
    const [check] = await diagnose('source', { cwd });
    expect(check).toMatchObject({ name: 'crm', status });
    expect(check?.message).toContain(message);
    expect(check?.remedy).not.toBe('');
  });

  it('finds a key that the mapping names and no object has', async (ending) => {
    const cwd = workplace(ending, {
      'customer-sync.yaml': source('{ type: file, path: crm.jsonl, source_mapping: m.json }'),
      'm.json':
        '{"fields":{"id":{"from":"id"},"name":{"from":"name"},"email":{"from":"mial"},"address.city":{"from":"home.city"}}}',
      'crm.jsonl': `${customers}not JSON\n{"id":"c","name":"Cy","home":{"city":null}}\n`,
    });
    expect(await diagnose('source', { cwd })).toMatchObject([
      { status: 'warn', message: expect.stringMatching(/of its first 4 rows 1 is no valid customer/) },
      { status: 'warn', message: 'none of these rows has "mial", which m.json names' },
    ]);
  });

  it('takes a column with a dot in its name for what it is', async (ending) => {
    const cwd = workplace(ending, {
      'customer-sync.yaml': source(
        `{ type: sqlite, path: crm.db, query: 'SELECT id, city AS "address.city" FROM a', source_mapping: m.json }`,
      ),
      'm.json': '{"fields":{"id":{"from":"id"},"address.city":{"from":"address.city"}}}',
    });
    const database = new DatabaseSync(`${cwd}/crm.db`);
    database.exec("CREATE TABLE a (id INTEGER, city TEXT); INSERT INTO a VALUES (1, 'Bonn')");
    database.close();
    expect(await diagnose('source', { cwd })).toMatchObject([{ status: 'ok' }]);
  });

  it('prints no password of a database', async (ending) => {
    const cwd = workplace(ending, {
      'customer-sync.yaml': source(`{ type: postgres, url: "${reference('DATABASE_URL')}", query: SELECT 1 AS id }`),
    });
    const url = `postgres://owner:hunter2@127.0.0.1:${await closedPort()}/x`;
    const { stdout, stderr } = await runCli(['doctor'], { cwd, env: { DATABASE_URL: url } });
    expect(stdout).toContain('source crm: nothing answers where the database should be');
    expect(stdout + stderr).not.toContain('hunter2');
  });
});

describe('doctor on a connection', () => {
  it.for([
    [401, 'auth', 'fail', /Check the key in LAGO_API_KEY.* Developers > API keys/],
    [403, 'forbidden', 'fail', /customers: read and write/],
    [429, 'rate_limited', 'warn', /rate share/],
    [500, 'unavailable', 'fail', /./],
    [302, 'protocol', 'fail', /LAGO_BASE_URL/],
  ] as const)('tells what a %i means', async ([status, code, level, remedy], ending) => {
    const stage = await startProviders(['lago'], ending);
    stage.emulator('lago').faults.add({ kind: 'respond', status, body: '{}' }, { times: 9 });
    const [check] = await diagnose('connection', { cwd: workplace(ending), env: stage.env });
    expect(check).toMatchObject({ name: 'lago-eu', status: level, code, remedy: expect.stringMatching(remedy) });
    expect(stage.emulator('lago').requests.length).toBeLessThanOrEqual(2);
  });

  it('tells a wrong key from a right one, and which key it is, without the key', async (ending) => {
    const { env } = await startProviders(['autumn'], ending);
    const wrong = { ...env, AUTUMN_SECRET_KEY: 'am_sk_test_wrong' };
    const [check] = await diagnose('connection', { cwd: folderWith({}, ending), env: wrong });
    expect(check).toMatchObject({ status: 'fail', code: 'auth' });
    expect(check?.message).toMatch(/key [0-9a-f]{8}: /);
    expect(check?.message).not.toContain('am_sk_test_wrong');
  });

  it('tells a host where nothing answers', async (ending) => {
    const env = { LAGO_BASE_URL: `http://127.0.0.1:${await closedPort()}`, LAGO_API_KEY: 'key-of-lago' };
    expect(await diagnose('connection', { cwd: workplace(ending), env })).toMatchObject([
      { status: 'fail', code: 'unavailable', message: expect.stringMatching(/: nothing answers there$/) },
    ]);
  });

  it('tells a server that speaks no TLS', async (ending) => {
    const { port } = await serve((response) => response.end());
    const env = { LAGO_BASE_URL: `https://127.0.0.1:${port}/api/v1`, LAGO_API_KEY: 'key-of-lago' };
    expect(await diagnose('connection', { cwd: workplace(ending), env })).toMatchObject([
      { status: 'fail', message: expect.stringMatching(/TLS fails/), remedy: expect.stringMatching(/https/) },
    ]);
  });

  it('tells an address that is none of the provider', async (ending) => {
    const { url } = await serve((response) => response.setHeader('content-type', 'text/html').end('<h1>Hello</h1>'));
    const env = { LAGO_BASE_URL: url, LAGO_API_KEY: 'key-of-lago' };
    expect(await diagnose('connection', { cwd: workplace(ending), env })).toMatchObject([{ status: 'fail' }]);
  });

  it('says where a key is made when there is none', async (ending) => {
    const [check] = await diagnose('connection', { cwd: workplace(ending) });
    expect(check?.message).toContain('LAGO_API_KEY is not set');
    expect(check?.remedy).toContain('Developers > API keys');
  });

  it('finds a connection of a provider that there is none of, and goes on with the others', async (ending) => {
    const { env } = await startProviders(['lago'], ending);
    const configuration = smallest.replace(
      'lago-eu: { provider: lago }',
      'lago-eu: { provider: lago }, x: { provider: lgo }',
    );
    const checks = await diagnose('connection', {
      cwd: workplace(ending, { 'customer-sync.yaml': configuration }),
      env,
    });
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['lago-eu', 'ok'],
      ['x', 'fail'],
    ]);
  });
});

describe('doctor on the clock', () => {
  const shifted = (minutes: number) => new Date(Date.now() + minutes * 60_000).toUTCString();

  it.for([
    [5, 'warn', '5 minutes behind the providers'],
    [-3, 'warn', '3 minutes ahead of the providers'],
    [0, 'ok', 'within a minute of the providers'],
  ] as const)('%i minutes away from the provider: %s', async ([minutes, status, message], ending) => {
    const stage = await startProviders(['lago'], ending);
    stage.emulator('lago').faults.add({ kind: 'alter', headers: { date: shifted(minutes) } });
    expect(await diagnose('clock', { cwd: workplace(ending), env: stage.env })).toMatchObject([{ status, message }]);
  });

  it('believes this clock when one of two providers agrees with it', async (ending) => {
    const stage = await startProviders(['lago', 'autumn'], ending);
    stage.emulator('lago').faults.add({ kind: 'alter', headers: { date: shifted(90) } });
    expect(await diagnose('clock', { cwd: folderWith({}, ending), env: stage.env })).toMatchObject([{ status: 'ok' }]);
  });

  it('says so when there was nothing to compare it with', async (ending) => {
    expect(await diagnose('clock', { cwd: workplace(ending) })).toMatchObject([
      { status: 'warn', message: 'not compared: no answer named the time' },
    ]);
  });
});

describe('doctor on the ledger', () => {
  /** A ledger after a first run. */
  async function withLedger(ending: TestContext) {
    const { env } = await startProviders(['lago'], ending);
    const cwd = workplace(ending);
    expect(await runCli(['run', 'nightly', '--first-run'], { cwd, env })).toMatchObject({ code: 0 });
    return { cwd, env, ledger: `${cwd}/.customer-sync/ledger.db` };
  }

  it('finds the account as it was', async (ending) => {
    const { cwd, env } = await withLedger(ending);
    expect(await diagnose('ledger', { cwd, env })).toEqual([
      { about: 'ledger', status: 'ok', message: expect.stringMatching(/^\.customer-sync\/ledger\.db: version \d+$/) },
      {
        about: 'ledger',
        name: 'lago-eu',
        status: 'ok',
        message: expect.stringMatching(/^the account that it knows, first written on \d{4}-\d\d-\d\d$/),
      },
    ]);
  });

  it('finds a connection that leads to another account than before', async (ending) => {
    const { cwd } = await withLedger(ending);
    const other = await startProviders(['lago'], ending);
    const checks = await diagnose('ledger', { cwd, env: other.env });
    expect(checks[1]).toMatchObject({
      name: 'lago-eu',
      status: 'fail',
      remedy: expect.stringMatching(/ledger rebind/),
    });
  });

  it('finds a key that is gone, and changes nothing about it', async (ending) => {
    const { cwd, env, ledger } = await withLedger(ending);
    rmSync(`${ledger}.key`);
    const wrong = { status: 'fail', message: expect.stringMatching(/its key is another one, or is gone/) };
    expect(await diagnose('ledger', { cwd, env })).toMatchObject([wrong, {}]);
    expect(await diagnose('ledger', { cwd, env })).toMatchObject([wrong, {}]);
  });

  it.skipIf(process.platform === 'win32')('finds a ledger that others may read', async (ending) => {
    const { cwd, env, ledger } = await withLedger(ending);
    chmodSync(ledger, 0o644);
    expect(await diagnose('ledger', { cwd, env })).toMatchObject([
      { status: 'warn', remedy: 'chmod 600 .customer-sync/ledger.db' },
      { status: 'ok' },
      { status: 'ok' },
    ]);
  });

  it('says who is writing to it', async (ending) => {
    const { cwd, env, ledger } = await withLedger(ending);
    const lock = takeWriterLock(ledger, 'run nightly');
    const [check] = await diagnose('ledger', { cwd, env });
    lock.release();
    expect(check?.status).toBe('ok');
    expect(check?.message).toMatch(/; being written by "run nightly" \(process \d+ on /);
    const [after] = await diagnose('ledger', { cwd, env });
    expect(after?.message).not.toContain('being written');
  });

  it.for([
    [99, 'fail', 'Install the newer customer-sync that wrote it.'],
    [1, 'warn', 'The next run brings it to the newer version.'],
  ] as const)('of version %i: %s', async ([version, status, remedy], ending) => {
    const { cwd, env, ledger } = await withLedger(ending);
    const database = new DatabaseSync(ledger);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    expect(await diagnose('ledger', { cwd, env })).toMatchObject([{ status, remedy }]);
  });

  it('finds a file that is no ledger', async (ending) => {
    const { cwd, env, ledger } = await withLedger(ending);
    for (const suffix of ['', '-wal', '-shm']) rmSync(ledger + suffix, { force: true });
    writeFileSync(ledger, 'not a database, but long enough to be looked at as one '.repeat(20), { mode: 0o600 });
    expect(await diagnose('ledger', { cwd, env })).toMatchObject([
      { status: 'fail', code: 'config', message: expect.stringMatching(/is not a ledger/) },
    ]);
  });
});

describe('doctor through Nango', () => {
  const through = (via: string, connection: string) =>
    `sources: { crm: { type: file, path: crm.jsonl } }
connections: { lago-eu: { provider: lago, via: ${via}, connection_id: ${connection} } }
${jobs}`;

  it.for([
    ['nango-proxy', 'acme', 'ok', /connection acme .*: shows customers/],
    ['nango-action', 'acme', 'ok', /connection acme .*: the deployed actions plan/],
    ['nango-proxy', 'acne', 'fail', /Nango has no connection "acne"/],
  ] as const)('%s to %s: %s', async ([via, connection, status, message], ending) => {
    const stage = await openNangoStage({ providers: ['lago'], actions: ['plan-customers'] });
    ending.onTestFinished(() => stage.close());
    const cwd = workplace(ending, { 'customer-sync.yaml': through(via, connection) });
    const [check] = await diagnose('connection', { cwd, env: stage.env });
    expect(check).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(stage.emulator('lago').requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('asks ten of a set, and says how many it did not ask', async (ending) => {
    const names = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
    const stage = await openNangoStage({
      providers: ['lago'],
      connections: names.map((connectionId) => ({
        connectionId,
        providerConfigKey: 'lago',
        tags: { plan: 'paid' },
      })),
    });
    ending.onTestFinished(() => stage.close());
    const set = through('nango-proxy', 'x').replace('connection_id: x', 'select: { tags: { plan: paid } }');
    const checks = await diagnose('connection', {
      cwd: workplace(ending, { 'customer-sync.yaml': set }),
      env: stage.env,
    });
    expect(checks.map(({ status }) => status)).toEqual(Array(11).fill('ok'));
    expect(checks[0]?.name).toBe('lago-eu/tenant-0');
    expect(checks[10]).toMatchObject({ name: 'lago-eu', message: '2 more were not asked' });
    expect(stage.emulator('lago').requests).toHaveLength(10);
  });

  it('finds actions that are not deployed', async (ending) => {
    const stage = await openNangoStage({ providers: ['lago'] });
    ending.onTestFinished(() => stage.close());
    const cwd = workplace(ending, { 'customer-sync.yaml': through('nango-action', 'acme') });
    expect(await diagnose('connection', { cwd, env: stage.env })).toMatchObject([{ status: 'fail' }]);
  });

  it('finds a key that Nango does not accept', async (ending) => {
    const stage = await openNangoStage({ providers: ['lago'] });
    ending.onTestFinished(() => stage.close());
    const cwd = workplace(ending, { 'customer-sync.yaml': through('nango-proxy', 'acme') });
    const env = { ...stage.env, NANGO_SECRET_KEY: '11111111-1111-4111-8111-111111111111' };
    expect(await diagnose('connection', { cwd, env })).toMatchObject([{ status: 'fail', code: 'auth' }]);
  });
});

it('finds nothing wrong with what init has just written, whatever the provider', async (ending) => {
  const { env } = await startProviders(providerIds, ending);
  const cwd = folderWith({}, ending);
  copyFileSync(resolve('examples/crm-export.csv'), `${cwd}/crm.csv`);
  const init = ['init', '--from', 'crm.csv', '--to', providerIds.join(',')];
  expect(await runCli(init, { cwd, env })).toMatchObject({ code: 0 });
  const { stdout } = await runCli(['doctor'], { cwd, env });
  expect(stdout).toContain(`\n${6 + providerIds.length} ok, 0 warnings, 0 failed\n`);
  expect(await runCli(['dry-run', '--job', 'crm'], { cwd, env })).toMatchObject({ code: 0 });
});
