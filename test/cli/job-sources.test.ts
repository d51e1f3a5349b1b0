import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { runReportSchema } from '../../schemas/run-report.js';
import { openNangoStage } from '../connections/nango-stage.js';
import { folderWith, runCli, startProviders } from './command-line.js';

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

async function bench(source: string, ending: Ending, more = '') {
  const { env, emulator } = await startProviders(['lago'], ending);
  const configuration = `
sources:
  crm: ${source}
connections: { lago-eu: { provider: lago } }
jobs:
  nightly: { source: crm, to: [lago-eu]${more} }
`;
  const cwd = folderWith({ 'customer-sync.yaml': configuration }, ending);
  return {
    cwd,
    names: () =>
      emulator('lago')
        .customers()
        .map((customer) => Object(customer).name)
        .sort(),
    cli: (...args: string[]) => runCli(args, { env, cwd }),
    async run(...args: string[]) {
      const { stdout, stderr, code } = await runCli(['run', 'nightly', '--json', ...args], { env, cwd });
      const reports = stdout === '' ? [] : JSON.parse(stdout);
      return { report: runReportSchema.parse(reports[0]), code, stderr };
    },
  };
}

describe('a job from SQLite with a watermark', () => {
  it('reads only what changed since, and fetches failed customers by id', async ({ onTestFinished }) => {
    const source =
      '{ type: sqlite, path: crm.db, query: "SELECT id, name, email, updated_at FROM people", watermark: { column: updated_at, overlap: 1m } }';
    const { cwd, run, names, cli } = await bench(source, { onTestFinished });
    const database = new DatabaseSync(join(cwd, 'crm.db'));
    onTestFinished(() => database.close());
    database.exec('CREATE TABLE people (id, name, email, updated_at)');
    const insert = database.prepare('INSERT INTO people VALUES (?, ?, ?, ?)');
    insert.run('a', 'Ann', null, '2026-01-01T10:00:00Z');
    insert.run('b', 'Bo', 'nonsense', '2026-01-01T11:00:00Z');
    insert.run('c', 'Cy', null, '2026-01-01T12:00:00Z');
    const first = await run('--first-run');
    expect(first.report).toMatchObject({
      source: { rows: 3, complete: false },
      targets: [{ outcomes: { created: 2, invalid: 1 } }],
    });

    database.exec(`UPDATE people SET name = 'Cyd', updated_at = '2026-01-02T10:00:00Z' WHERE id = 'c'`);
    const second = await run();
    expect(second.report).toMatchObject({ source: { rows: 1 }, targets: [{ outcomes: { updated: 1 }, failing: 1 }] });
    expect(second.code).toBe(1);

    // A correction that does not move the watermark would never be read, but for the list of failures.
    database.exec(`UPDATE people SET email = NULL WHERE id = 'b'`);
    expect((await cli('retry', '--id', 'b')).stdout).toContain('1 created');
    expect(names()).toEqual(['Ann', 'Bo', 'Cyd']);
    expect((await run()).report).toMatchObject({
      source: { rows: 1 },
      targets: [{ outcomes: { unchanged: 1 }, failing: 0 }],
    });
  });
});

describe('a job from a command', () => {
  it('that breaks half-way keeps what was done, says why, and goes on the next time', async ({ onTestFinished }) => {
    const script = `const { existsSync, writeFileSync } = require('fs');
      console.log('{"id":"a","name":"Ann"}');
      if (!existsSync('mended')) { console.error('export: connection lost'); process.exit(4); }
      console.log('{"id":"b","name":"Bo"}');`;
    const hook = `, on_failure: { command: [${JSON.stringify(process.execPath)}, -e, "require('fs').writeFileSync('failed', '')"] }`;
    const command = JSON.stringify([process.execPath, '-e', script]);
    const { cwd, run, names } = await bench(`{ type: command, command: ${command} }`, { onTestFinished }, hook);
    const first = await run('--first-run');
    expect(first.report.ended).toBe('stopped');
    expect(first.report.reason).toContain('ended with exit code 4: export: connection lost');
    expect(first.code).toBe(1);
    writeFileSync(join(cwd, 'mended'), '');
    const second = await run();
    expect(second.report).toMatchObject({ ended: 'done', source: { rows: 2, complete: true } });
    expect(names()).toEqual(['Ann', 'Bo']);
  });
});

describe('a job from files', () => {
  it('that are written while they are read sends nothing', async ({ onTestFinished }) => {
    const { cwd, run, names } = await bench('{ type: file, path: "*.jsonl" }', { onTestFinished });
    const file = join(cwd, 'a.jsonl');
    writeFileSync(file, Array.from({ length: 20_000 }, (_, index) => `{"id":"c-${index}","name":"x"}\n`).join(''));
    const writing = setInterval(() => writeFileSync(file, '{"id":"late","name":"y"}\n', { flag: 'a' }), 1);
    onTestFinished(() => clearInterval(writing));
    const { report, code } = await run('--first-run');
    clearInterval(writing);
    expect(report).toMatchObject({
      ended: 'stopped',
      reason: expect.stringContaining('a.jsonl changed while it was read'),
    });
    expect(code).toBe(1);
    expect(names()).toEqual([]);
  });
});

describe('a job from Nango records', () => {
  it('whose set has grown: ledger rebind binds whom the ledger knows, and says who is new', {
    timeout: 60_000,
  }, async ({ onTestFinished }) => {
    const stage = await openNangoStage({
      providers: ['lago'],
      connections: [
        { connectionId: 'aperture', providerConfigKey: 'lago', tags: { all: 'yes' } },
        { connectionId: 'globex', providerConfigKey: 'lago', tags: { all: 'yes', plan: 'paid' } },
      ],
    });
    onTestFinished(() => stage.close());
    const configuration = (tags: string) => `
sources: { crm: { type: file, path: crm.jsonl } }
connections: { tenants: { provider: lago, via: nango-proxy, select: { tags: { ${tags} } } } }
jobs: { nightly: { source: crm, to: [tenants] } }
`;
    const files = { 'customer-sync.yaml': configuration('plan: paid'), 'crm.jsonl': '{"id":"a","name":"Ann"}\n' };
    const cwd = folderWith(files, { onTestFinished });
    const cli = (...args: string[]) => runCli(args, { env: stage.env, cwd });
    await cli('run', 'nightly', '--first-run');
    writeFileSync(join(cwd, 'customer-sync.yaml'), configuration("all: 'yes'"));
    const { stderr, code } = await cli('ledger', 'rebind', 'tenants');
    expect(stderr).toMatch(
      /^tenants\/globex is bound to http.*\ntenants\/aperture is not known to the ledger; nothing needs to be done before its first run\.\n$/,
    );
    expect(code).toBe(0);
    expect((await cli('dry-run', '--job', 'nightly')).stdout).toMatch(/\ntenants\/globex: 1 customer: 1 unchanged\n/);
  });

  it.for(['nango-proxy', 'nango-action'])(
    'to a set of connections through %s creates, updates and then sends nothing',
    { timeout: 60_000 },
    async (via, { onTestFinished }) => {
      const stage = await openNangoStage({
        providers: ['lago'],
        actions: ['upsert-customers-batch', 'plan-customers'],
        connections: [{ connectionId: 'globex', providerConfigKey: 'lago', tags: { plan: 'paid' } }],
      });
      onTestFinished(() => stage.close());
      const configuration = `
sources: { crm: { type: nango, integration: lago, connection_id: acme, model: Contact } }
connections: { tenants: { provider: lago, via: ${via}, rate_share: 1, select: { tags: { plan: paid } } } }
jobs: { nightly: { source: crm, to: [tenants], filter: { not: { equals: [name, Hidden] } } } }
`;
      const cwd = folderWith({ 'customer-sync.yaml': configuration }, { onTestFinished });
      const run = async (...args: string[]) =>
        (await runCli(['run', 'nightly', ...args], { env: stage.env, cwd })).stdout;
      const { connections, records } = stage.nango.state;
      const collection = { connection: connections.get('lago', 'acme')?.id ?? 0, model: 'Contact' };
      const save = (id: string, name: string) => records.save(collection, [{ id, name }], 1);

      save('a', 'Ann');
      save('b', 'Bo');
      save('c', 'Hidden');
      expect(await run('--first-run')).toMatch(/\n {2}tenants\/globex: 2 created, 1 skipped/);
      expect(await run()).toMatch(/\n {2}tenants\/globex: 2 unchanged, 1 skipped/);
      save('a', 'Anna');
      expect(await run()).toMatch(/\n {2}tenants\/globex: 1 updated, 1 unchanged, 1 skipped/);
      expect(
        stage
          .emulator('lago')
          .customers()
          .map((customer) => Object(customer).name)
          .sort(),
      ).toEqual(['Anna', 'Bo']);
    },
  );
});
