import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { planFileSchema } from '../../schemas/plan-file.js';
import { folderWith, runCli, startProviders, writesTo } from './command-line.js';
import { openTerminal } from './terminal.js';

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu] } }
`;

const lines = (...customers: object[]) => customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
const ann = { id: 'a', name: 'Ann', url: 'https://a.example' };
const bo = { id: 'b', name: 'Bo' };

/** Two customers that a job has written, then three changes in the source, and the plan for them. */
async function planned(ending: Ending) {
  const stage = await startProviders(['lago'], ending);
  const folder = folderWith({ 'customer-sync.yaml': configuration, 'customers.jsonl': lines(ann, bo) }, ending);
  const cli = (...args: string[]) => runCli(args, { env: stage.env, cwd: folder });
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
  const stored = () => JSON.parse(JSON.stringify(stage.emulator('lago').customers()));
  await cli('run', 'nightly', '--first-run');
  write('customers.jsonl', lines({ ...ann, name: 'Anna', url: null }, { ...bo, name: 'Bob' }, { id: 'c', name: 'Cy' }));
  stage.emulator('lago').requests.length = 0;
  const plan = await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
  return { stage, folder, cli, write, stored, plan, path: join(folder, 'plan.json') };
}

describe('dry-run --job', () => {
  it('says first what it will cost, then what changes, and writes nothing', async ({ onTestFinished }) => {
    const { plan, stage } = await planned({ onTestFinished });
    expect(plan.stderr).toMatch(
      /^lago-eu: 3 rows: 1 unknown to the ledger, 2 changed; a run costs at most 1 read and 3 writes, about \d+ s at the working rate\n/,
    );
    expect(plan.stdout).toMatch(/\n {2}~ a\n {6}name: Ann -> Anna\n {6}url: {2}https:\/\/a\.example -> \(cleared\)\n/);
    expect(plan.stdout).toMatch(/\nlago-eu: 3 customers: 1 create, 2 update; 1 field cleared/);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('says before anything is planned that the plan cannot be kept', async ({ onTestFinished }) => {
    const { cli, stage } = await planned({ onTestFinished });
    stage.emulator('lago').requests.length = 0;
    const { stdout, stderr, code } = await cli('dry-run', '--job', 'nightly', '--out', 'nowhere/plan.json');
    expect(stderr).toContain('nowhere/plan.json: the plan cannot be written (ENOENT)\n');
    expect([stdout, code]).toEqual(['', 2]);
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('keeps no plan of a source that breaks', async ({ onTestFinished }) => {
    const { cli, write, path, stage } = await planned({ onTestFinished });
    rmSync(path);
    const source = '{ type: command, command: [sh, -c, "cat customers.jsonl; exit 1"] }';
    write('customer-sync.yaml', configuration.replace(/crm: \{.*?\}/, `crm: ${source}`));
    const { stderr, code } = await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    expect(stderr).toContain('nightly: stopped: crm: sh ended with exit code 1');
    expect(stderr).toContain('No plan was written to plan.json, since the planning did not come to its end.\n');
    expect([code, existsSync(path)]).toEqual([1, false]);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('keeps a plan that nobody else can read', async ({ onTestFinished }) => {
    const { path } = await planned({ onTestFinished });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = planFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(Date.parse(file.expires_at) - Date.parse(file.created_at)).toBe(24 * 3_600_000);
    expect(file.plans.map(({ customer_id: id, action }) => [id, action])).toEqual([
      ['a', 'update'],
      ['b', 'update'],
      ['c', 'create'],
    ]);
  });

  it('prints markdown for a pull request, and ends with 3 when asked to', async ({ onTestFinished }) => {
    const { cli } = await planned({ onTestFinished });
    const { stdout, code } = await cli('dry-run', '--job', 'nightly', '--format', 'markdown', '--exit-code');
    expect(stdout).toMatch(/^### Dry run: job nightly \(crm\) to `lago-eu`[\s\S]*\| ~ update \| a \|/);
    expect(stdout).toMatch(/\n- lago-eu: 3 rows: .*; a run costs at most 1 read and 3 writes, .*\n$/);
    expect(code).toBe(3);
  });

  it('keeps no plan where there is no key that would be known later', async ({ onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const files = { 'customer-sync.yaml': configuration, 'customers.jsonl': lines(ann) };
    const cwd = folderWith(files, { onTestFinished });
    const { stderr, code } = await runCli(['dry-run', '--job', 'nightly', '--out', 'plan.json'], { env, cwd });
    expect(stderr).toContain('there is no key yet to sign the plan with');
    expect(code).toBe(2);
    const keyed = { ...env, CUSTOMER_SYNC_LEDGER_KEY: 'k'.repeat(40) };
    expect((await runCli(['dry-run', '--job', 'nightly', '--out', 'plan.json'], { env: keyed, cwd })).code).toBe(0);
  });

  it.each([
    [['--job', 'nightly', 'customers.jsonl'], 'a file does not go with --job'],
    [['--job', 'nightly', '--to', 'lago'], '--to does not go with --job'],
    [['--job', 'nightly', '--reverse', 'plan.json'], '--reverse does not go with --job'],
    [['--job', 'nightly', '--id', 'a'], '--id does not go with --job'],
    [['customers.jsonl', '--to', 'lago', '--out', 'x.json'], '--out is for jobs and for --format html'],
    [[], 'no file is named'],
    [['examples/customers.jsonl'], '--to is missing'],
  ])('%j is refused', async (args, expected) => {
    const { stderr, code } = await runCli(['dry-run', ...args]);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});

describe('apply of a plan', () => {
  it('sends exactly what was planned', async ({ onTestFinished }) => {
    const { cli, stored, path } = await planned({ onTestFinished });
    const { stdout, code } = await cli('apply', path, '--yes');
    expect(stdout).toMatch(/lago-eu: 1 created, 2 updated/);
    expect(code).toBe(0);
    expect(
      stored()
        .map((customer: { name: string }) => customer.name)
        .sort(),
    ).toEqual(['Anna', 'Bob', 'Cy']);
    expect((await cli('run', 'nightly')).stdout).toMatch(/lago-eu: 3 unchanged; 0 requests/);
  });

  it('refuses what changed in the source or at the provider since, and sends the rest', async ({ onTestFinished }) => {
    const { cli, write, stage, stored, path } = await planned({ onTestFinished });
    write(
      'customers.jsonl',
      lines(
        { ...ann, name: 'Anna', url: null },
        { ...bo, name: 'Bobby' },
        { id: 'c', name: 'Cy' },
        { id: 'd', name: 'Di' },
      ),
    );
    await runCli(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env, input: lines({ id: 'a', name: 'Anne' }) });
    const { stdout, stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toContain('refused: lago-eu: a changed since the plan was made, in the source or at the provider\n');
    expect(stderr).toContain('refused: lago-eu: b changed since the plan was made, in the source or at the provider\n');
    expect(stdout).toMatch(/lago-eu: 1 created/);
    expect(code).toBe(1);
    expect(
      stored()
        .map((customer: { name: string }) => customer.name)
        .sort(),
    ).toEqual(['Anne', 'Bo', 'Cy']);
  });

  it('asks on a terminal, and takes no for an answer', async ({ onTestFinished }) => {
    const { folder, path, stage } = await planned({ onTestFinished });
    const terminal = openTerminal(stage.env);
    const ended = terminal.run(['apply', path, '--config', join(folder, 'customer-sync.yaml')]);
    expect(await terminal.question()).toMatch(
      /^About to write:\n {2}lago-eu {2}http:.* \(this machine\): 1 create, 2 update\nGo on\? \[y\/N\] $/,
    );
    terminal.type('n\n');
    expect(await ended).toBe(0);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('says of a plan without changes that there is nothing to write, and asks nothing', async ({ onTestFinished }) => {
    const { cli, folder, path, stage } = await planned({ onTestFinished });
    await cli('run', 'nightly');
    await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    const terminal = openTerminal(stage.env);
    expect(await terminal.run(['apply', path, '--config', join(folder, 'customer-sync.yaml')])).toBe(0);
    expect(terminal.stderr()).toBe(`${path} holds nothing to write.\n`);
    expect(terminal.stdout()).toBe('');
  });

  it('prints one document for machines', async ({ onTestFinished }) => {
    const { cli, path, write } = await planned({ onTestFinished });
    write(
      'customers.jsonl',
      lines({ ...ann, name: 'Anna', url: null }, { ...bo, name: 'Bert' }, { id: 'c', name: 'Cy' }),
    );
    const { stdout, code } = await cli('apply', path, '--yes', '--json');
    expect(JSON.parse(stdout)).toEqual({
      plan: path,
      reports: [
        expect.objectContaining({
          ended: 'done',
          targets: [expect.objectContaining({ to: 'lago-eu', outcomes: { created: 1, updated: 1 } })],
        }),
      ],
      refused: [
        {
          to: 'lago-eu',
          customer_id: 'b',
          reason: 'changed since the plan was made, in the source or at the provider',
        },
      ],
      unsent: [],
    });
    expect(code).toBe(1);
  });

  it('takes no options for files', async ({ onTestFinished }) => {
    const { cli, path } = await planned({ onTestFinished });
    expect((await cli('apply', path, '--yes', '--to', 'lago-eu')).stderr).toContain('--to does not go with a plan');
  });

  it('twice writes once', async ({ onTestFinished }) => {
    const { cli, stage, path } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    stage.emulator('lago').requests.length = 0;
    const { stderr } = await cli('apply', path, '--yes');
    expect(stderr).toContain('a changed since the plan was made, and needs nothing now');
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it.for<[string, (text: string) => string, RegExp]>([
    ['a value edited by hand', (text) => text.replace('"Anna"', '"Eve"'), /was changed since it was made/],
    [
      'a later end',
      (text) => text.replace(/"expires_at": "\d+/, '"expires_at": "9999'),
      /was changed since it was made/,
    ],
    ['half of it', (text) => `${text.slice(0, 300)}`, /is not a plan, or not a whole one/],
    ['more in it', (text) => text.replace('"kind"', '"extra": 1, "kind"'), /is not a plan, or not a whole one/],
  ])('refuses a plan with %s', async ([_, edit, expected], { onTestFinished }) => {
    const { cli, path, stage } = await planned({ onTestFinished });
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
    const { stderr, code } = await cli('apply', path, '--yes');
    expect(stderr).toMatch(expected);
    expect(code).toBe(2);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it('refuses a plan that is a day old', async ({ onTestFinished }) => {
    const { cli, path } = await planned({ onTestFinished });
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3_600_000 });
    expect((await cli('apply', path, '--yes')).stderr).toMatch(/has expired: it was made at .* and holds for 24 hours/);
  });

  it('refuses a plan for another account', async ({ onTestFinished }) => {
    const { cli, path, folder } = await planned({ onTestFinished });
    const other = await startProviders(['lago'], { onTestFinished });
    await runCli(['ledger', 'rebind', 'lago-eu', '--other-account'], { env: other.env, cwd: folder });
    const { stderr } = await runCli(['apply', path, '--yes'], { env: other.env, cwd: folder });
    expect(stderr).toContain('was made for another account: lago-eu led to');
    expect(writesTo(other, 'lago')).toEqual([]);
    expect(cli).toBeDefined();
  });

  it('refuses a plan of another mapping', async ({ onTestFinished }) => {
    const { cli, path, write } = await planned({ onTestFinished });
    write(
      'customer-sync.yaml',
      configuration.replace('{ provider: lago }', '{ provider: lago, fields: { ignore: [url] } }'),
    );
    expect((await cli('apply', path, '--yes')).stderr).toContain(
      'the mapping of lago-eu, or the rules of the job, changed',
    );
  });
});

describe('dry-run --reverse', () => {
  it('of an applied plan restores what was updated, and says what cannot be undone', async ({ onTestFinished }) => {
    const { cli, path, stored } = await planned({ onTestFinished });
    await cli('apply', path, '--yes');
    const reverse = await cli('dry-run', '--reverse', path, '--out', 'back.json');
    expect(reverse.stdout).toMatch(/\n {2}~ a\n {6}name: Anna -> Ann\n {6}url: {2}https:\/\/a\.example\n/);
    expect(reverse.stderr).toContain('cannot be undone: lago-eu: c was created and is not deleted\n');
    const { stdout, code } = await cli('apply', 'back.json', '--yes');
    expect(stdout).toBe('lago-eu: 2 updated\n');
    expect(code).toBe(0);
    const again = JSON.parse((await cli('apply', 'back.json', '--yes', '--json')).stdout);
    expect(again).toMatchObject({ outcomes: [], refused: [{ customer_id: 'a' }, { customer_id: 'b' }], unsent: [] });
    expect(stored().map(({ name, url }: Record<string, unknown>) => [name, url])).toEqual(
      expect.arrayContaining([
        ['Ann', 'https://a.example'],
        ['Bo', null],
        ['Cy', null],
      ]),
    );
  });
});
