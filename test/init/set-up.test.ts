import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readConfiguration } from '../../src/config/read-configuration.js';
import { folderWith, runCli, startProviders, writesTo } from '../cli/command-line.js';
import { type PostgresServer, startPostgres } from '../sources/postgres-server.js';

const rows = [
  [7, 'ann@example.com', 'Ann', 'Berlin', 'Germany', '$2b$10$abc', '2026-01-31T12:00:00Z'],
  [8, 'bo@example.com', 'Bo', 'Oslo', 'Norway', '$2b$10$def', '2026-02-01T12:00:00Z'],
] as const;
const columns = 'account_id, email, "Full Name", city, country, password_hash, updated_at';

const reference = (name: string) => `\${env:${name}}`;

/** A folder with `crm.db`: one table of customers among others. */
function sqliteFolder(ending: TestContext, others = ''): string {
  const folder = folderWith({}, ending);
  const database = new DatabaseSync(`${folder}/crm.db`);
  database.exec(
    `CREATE TABLE accounts (account_id INTEGER, email TEXT, "Full Name" TEXT, city TEXT, country TEXT, password_hash TEXT, updated_at TEXT); ${others}`,
  );
  const insert = database.prepare(`INSERT INTO accounts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  for (const row of rows) insert.run(...row);
  database.close();
  return folder;
}

function csvFolder(ending: TestContext): string {
  const folder = folderWith({}, ending);
  copyFileSync(resolve('examples/crm-export.csv'), `${folder}/crm.csv`);
  return folder;
}

/** Plans the job that was written against an emulator, and answers the customers that would be created. */
async function planWritten(cwd: string, job: string, ending: TestContext, env: Record<string, string> = {}) {
  const stage = await startProviders(['lago'], ending);
  const args = ['dry-run', '--job', job, '--json'];
  const { stdout, stderr, code } = await runCli(args, { cwd, env: { ...env, ...stage.env } });
  expect({ stderr, code }).toMatchObject({ code: 0 });
  expect(writesTo(stage, 'lago')).toEqual([]);
  return { stdout, requests: stage.emulator('lago').requests.length };
}

describe('customer-sync init --to', () => {
  it('writes a configuration for a CSV file that a dry run of its job takes as it is', async (ending) => {
    const cwd = csvFolder(ending);
    const written = await runCli(['init', '--from', 'crm.csv', '--to', 'lago'], { cwd });
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(readConfiguration(`${cwd}/customer-sync.yaml`).settings).toEqual({
      sources: { crm: { type: 'file', path: 'crm.csv', complete: true, source_mapping: 'crm.mapping.json' } },
      connections: { lago: { provider: 'lago', credentials: { api_key: reference('LAGO_API_KEY') } } },
      jobs: {
        crm: {
          source: 'crm',
          to: ['lago'],
          mode: 'upsert',
          guards: { max_changed_percent: 30, max_shrink_percent: 10 },
        },
      },
    });
    const { stdout, requests } = await planWritten(cwd, 'crm', ending);
    expect(stdout.match(/"action": ?"create"/g)).toHaveLength(6);
    expect(requests).toBeGreaterThan(0);
  });

  it('selects the columns of a SQLite table that the mapping names, and no others', async (ending) => {
    const cwd = sqliteFolder(ending);
    expect(await runCli(['init', '--from', 'crm.db', '--to', 'lago'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const { sources } = readConfiguration(`${cwd}/customer-sync.yaml`).settings;
    expect(sources).toEqual({
      accounts: {
        type: 'sqlite',
        path: 'crm.db',
        query: 'SELECT "account_id", "email", "Full Name", "city", "country", "updated_at" FROM "accounts"',
        source_mapping: 'accounts.mapping.json',
      },
    });
    expect(readFileSync(`${cwd}/customer-sync.yaml`, 'utf8')).toContain('watermark: { column: "updated_at" }');
    const { stdout } = await planWritten(cwd, 'accounts', ending);
    expect(stdout).toContain('ann@example.com');
    expect(stdout).not.toContain('$2b$10$abc');
  });

  it('asks for --table where a database has several and nobody can be asked', async (ending) => {
    const cwd = sqliteFolder(ending, 'CREATE TABLE invoices (id INTEGER); CREATE VIEW leads AS SELECT 1 AS id;');
    const { code, stderr } = await runCli(['init', '--from', 'crm.db', '--to', 'lago'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('crm.db has 3 tables');
    expect(stderr).toContain('--table: accounts, invoices, leads.');
    const wrong = await runCli(['init', '--from', 'crm.db', '--table', 'acounts', '--to', 'lago'], { cwd });
    expect(wrong.stderr).toContain('crm.db has no table "acounts" (did you mean "accounts"?)');
    const found = await runCli(['init', '--from', 'crm.db', '--table', 'accounts', '--to', 'lago'], { cwd });
    expect(found.code).toBe(0);
    const empty = await runCli(['init', '--from', 'crm.db', '--table', 'invoices'], { cwd });
    expect(empty.stderr).toContain('table invoices has no row that can be read');
  });

  it('says which variable to set and where its key is found, and what needs none', async (ending) => {
    const cwd = csvFolder(ending);
    const { stdout } = await runCli(['init', '--from', 'crm.csv', '--to', 'lago,autumn'], {
      cwd,
      env: { AUTUMN_SECRET_KEY: 'am_sk_test_1' },
    });
    expect(stdout).toMatch(/^Set LAGO_API_KEY in the environment to a key of Lago\. .*Developers/m);
    expect(stdout).not.toContain('Set AUTUMN_SECRET_KEY');
    const commands = [...stdout.matchAll(/^ {2}customer-sync (.*)$/gm)].map(([, command = '']) => command);
    expect(commands).toEqual([
      'dry-run crm.csv --source-mapping crm.mapping.json --to lago --offline',
      'doctor',
      'dry-run --job crm',
      'run crm --first-run',
    ]);
    // The configuration beside it wants a key, and offline nothing is sent.
    expect(await runCli((commands[0] ?? '').split(' '), { cwd })).toMatchObject({ code: 0 });
  });

  it('has no line about a key when all are set', async (ending) => {
    const { stdout } = await runCli(['init', '--from', 'crm.csv', '--to', 'lago'], {
      cwd: csvFolder(ending),
      env: { LAGO_API_KEY: 'secret-key-of-lago' },
    });
    expect(stdout).not.toContain('Set LAGO_API_KEY');
    expect(stdout).not.toContain('--offline');
  });

  it('names files from the folder of the configuration, and the configuration in what comes next', async (ending) => {
    const cwd = csvFolder(ending);
    const folder = folderWith({}, ending);
    const config = `${folder}/billing.yaml`;
    const { stdout, code } = await runCli(
      ['init', '--from', `${cwd}/crm.csv`, '--to', 'lago', '--config', config, '--json'],
      { cwd },
    );
    expect(code).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      out: `${folder}/crm.mapping.json`,
      configuration: config,
      job: 'crm',
      next: {
        variables: [{ name: 'LAGO_API_KEY', is_set: false }],
        commands: expect.arrayContaining([
          { command: `customer-sync dry-run --job crm --config ${config}`, does: expect.any(String) },
        ]),
      },
    });
    expect(readConfiguration(config).settings.sources).toEqual({
      crm: { type: 'file', path: `${cwd}/crm.csv`, complete: true, source_mapping: 'crm.mapping.json' },
    });
  });

  it.for(['customer-sync.yaml', 'crm.mapping.json'])(
    'writes nothing when %s is there, but with --force',
    async (name, ending) => {
      const cwd = csvFolder(ending);
      writeFileSync(`${cwd}/${name}`, 'mine');
      const refused = await runCli(['init', '--from', 'crm.csv', '--to', 'lago'], { cwd });
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toContain(`${name} is there already`);
      expect(readdirSync(cwd).sort()).toEqual(['crm.csv', name].sort());
      expect(readFileSync(`${cwd}/${name}`, 'utf8')).toBe('mine');
      expect(await runCli(['init', '--from', 'crm.csv', '--to', 'lago', '--force'], { cwd })).toMatchObject({
        code: 0,
      });
      expect(readFileSync(`${cwd}/${name}`, 'utf8')).not.toBe('mine');
    },
  );

  it.for([
    ['a b: "c".csv', 'a-b-c'],
    ['2026-10 export.csv', 'export'],
    ["it's #1.csv", 'it-s-1'],
    ['true.csv', 'true'],
  ] as const)('reads %j under the name %s', async ([file, name], ending) => {
    const cwd = folderWith({ [file]: 'id,email\n1,a@example.com\n2,b@example.com\n' }, ending);
    expect(await runCli(['init', '--from', file, '--to', 'lago'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(readConfiguration(`${cwd}/customer-sync.yaml`).settings.sources?.[name]).toMatchObject({ path: file });
    await planWritten(cwd, name, ending);
  });

  it('writes nothing for a file whose name the configuration would take for a reference', async (ending) => {
    const file = `${reference('HOME')}.csv`;
    const cwd = folderWith({ [file]: 'id,email\n1,a@example.com\n' }, ending);
    const { code, stderr } = await runCli(['init', '--from', file, '--to', 'lago'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be a reference');
    expect(readdirSync(cwd)).toEqual([file]);
  });

  it.for([
    [['--to', 'lago'], '--from is missing, and there is no terminal to ask on'],
    [['--from', 'crm.csv', '--to', 'lagoo'], 'there is no provider "lagoo" (did you mean "lago"?)'],
    [['--from', 'crm.csv', '--table', 'accounts'], '--table is for databases'],
    [['--from', '-', '--to', 'lago'], 'standard input cannot be read again'],
    [['--from', 'crm.csv', '--to', 'lago', '--out', '-'], 'a configuration needs the mapping in a file'],
    [['--from', reference('NOWHERE'), '--to', 'lago'], 'the variable NOWHERE is not set'],
    [['--from', reference('HOME'), '--to', 'lago'], 'is no URL of a PostgreSQL database'],
    [['--from', 'postgres://nobody@127.0.0.1:9/x', '--to', 'lago'], 'nothing answers where the database should be'],
  ] as const)('refuses %j and writes nothing', async ([flags, message], ending) => {
    const cwd = csvFolder(ending);
    const { code, stderr } = await runCli(['init', ...flags], { cwd, env: { HOME: '/home/ann' } });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(cwd)).toEqual(['crm.csv']);
  });
});

describe('customer-sync init --from postgres', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.sql('CREATE SCHEMA crm');
    await server.sql('CREATE TABLE public.notes (id int)');
    await server.sql(
      'CREATE TABLE crm.accounts (account_id bigint, email text, "Full Name" text, city text, country text, password_hash text, updated_at timestamptz, address jsonb, logo bytea)',
    );
    for (const row of rows)
      await server.sql(`INSERT INTO crm.accounts (${columns}) VALUES ($1,$2,$3,$4,$5,$6,$7)`, row);
    await server.sql(`UPDATE crm.accounts SET address = '{"street": "Storgata 5", "floor": 3}', logo = '\\x00ff'`);
  });
  afterAll(() => server.close());

  it('writes a configuration that a dry run of its job takes as it is, JSON columns included', async (ending) => {
    const cwd = folderWith({}, ending);
    const args = ['init', '--from', server.url, '--table', 'crm.accounts', '--to', 'lago'];
    const { code, stderr } = await runCli(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'note: logo holds binary data and is left out\n' });
    const { sources } = readConfiguration(`${cwd}/customer-sync.yaml`).settings;
    expect(sources).toEqual({
      'crm-accounts': {
        type: 'postgres',
        url: server.url,
        query: expect.stringMatching(/^SELECT "account_id", .*"address".* FROM "crm"\."accounts"$/),
        source_mapping: 'crm.accounts.mapping.json',
      },
    });
    expect(JSON.stringify(sources)).not.toMatch(/password_hash|logo/);
    const { stdout } = await planWritten(cwd, 'crm-accounts', ending);
    expect(stdout).toContain('ann@example.com');
    expect(stdout).toContain('Storgata 5');
  });

  it('names the tables, those of other schemas with their schema', async (ending) => {
    const { stderr } = await runCli(['init', '--from', server.url, '--to', 'lago'], { cwd: folderWith({}, ending) });
    expect(stderr).toContain('PostgreSQL has 2 tables');
    expect(stderr).toContain('--table: notes, crm.accounts.');
  });

  it('writes a reference where the URL has a password, and says which variable to set', async (ending) => {
    const cwd = folderWith({}, ending);
    const url = server.url.replace('owner@', 'owner:hunter2@');
    const args = ['init', '--from', url, '--table', 'crm.accounts', '--to', 'lago'];
    const { stdout, stderr } = await runCli(args, { cwd });
    const written = readdirSync(cwd).map((name) => readFileSync(`${cwd}/${name}`, 'utf8'));
    expect([stdout, stderr, ...written].join()).not.toContain('hunter2');
    expect(written.join()).toContain(`url: "${reference('DATABASE_URL')}"`);
    expect(stdout).toMatch(/^Set DATABASE_URL in the environment to the URL that was given with --from/m);
    await planWritten(cwd, 'crm-accounts', ending, { DATABASE_URL: url });
  });

  it('takes the URL from a variable, and writes its name', async (ending) => {
    const cwd = folderWith({}, ending);
    const args = ['init', '--from', reference('CRM_URL'), '--table', 'crm.accounts', '--to', 'lago'];
    const { stdout, code } = await runCli(args, { cwd, env: { CRM_URL: server.url } });
    expect(code).toBe(0);
    expect(stdout).not.toContain('Set CRM_URL');
    expect(readFileSync(`${cwd}/customer-sync.yaml`, 'utf8')).toContain(`url: "${reference('CRM_URL')}"`);
    expect(existsSync(`${cwd}/crm.accounts.mapping.json`)).toBe(true);
  });
});
