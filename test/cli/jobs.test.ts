import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runReportSchema } from '../../schemas/run-report.js';
import { createProgress, timeText } from '../../src/cli/jobs/watch-run.js';
import { runCli, startProviders, writesTo } from './command-line.js';
import { ann, bench, bo, configuration, lines } from './job-bench.js';

describe('run', () => {
  it('needs to be told when it is the first run', async ({ onTestFinished }) => {
    const { cli, stage } = await bench({ onTestFinished });
    const { stderr, code } = await cli('run', 'nightly');
    expect(stderr).toMatch(
      /error \(config\): there is no ledger .*ledger\.db\n {2}-> If this is the first run, say so with --first-run/,
    );
    expect(code).toBe(2);
    expect(stage.emulator('lago').requests).toEqual([]);
  });

  it('sends customers, then nothing, then what changed, and says so', async ({ onTestFinished }) => {
    const { cli, write, stage } = await bench({ onTestFinished });
    const first = await cli('run', 'nightly', '--first-run', '--allow', 'first_write');
    expect(first.stdout).toMatch(
      /^nightly: run 1 done after \d+\.\d s, 2 rows of crm\n {2}lago-eu: 2 created; \d+ requests\n$/,
    );
    expect(first.code).toBe(0);

    stage.emulator('lago').requests.length = 0;
    const second = await cli('run', 'nightly');
    expect(second.stdout).toMatch(/lago-eu: 2 unchanged; 0 requests\n$/);
    expect(stage.emulator('lago').requests).toEqual([]);

    write('customers.jsonl', lines({ ...ann, name: 'Anna' }, bo));
    expect((await cli('run', 'nightly')).stdout).toMatch(/lago-eu: 1 updated, 1 unchanged; 1 request\n$/);
    expect(writesTo(stage, 'lago')).toEqual(['POST /api/v1/customers']);
  });

  it('leaves a report that keeps to the published schema, on stdout with --json too', async ({ onTestFinished }) => {
    const { cli, folder } = await bench({ onTestFinished });
    const { stdout } = await cli('run', 'nightly', '--first-run', '--json');
    const file = join(folder, '.customer-sync/reports/nightly-000001.json');
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(JSON.parse(stdout)).toEqual([report]);
    expect(runReportSchema.parse(report)).toMatchObject({
      job: 'nightly',
      ended: 'done',
      targets: [{ to: 'lago-eu', rows: 2 }],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('tells events as JSON lines where there is no terminal, without a value of a customer', async ({
    onTestFinished,
  }) => {
    const { cli } = await bench({ onTestFinished });
    const { stderr } = await cli('run', 'nightly', '--first-run');
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['counted', 'outcome']));
    expect(events.find(({ customer_id: id }) => id === 'a')).toMatchObject({
      level: 'info',
      job: 'nightly',
      to: 'lago-eu',
      status: 'created',
      changed: expect.arrayContaining(['email', 'name']),
    });
    expect(stderr).not.toMatch(/Ann|mail\.example/);
  });

  it('ends with 1 while customers fail, or with --fail-on new when they are new', async ({ onTestFinished }) => {
    const { cli } = await bench({ onTestFinished }, { customers: lines(ann, { id: 'b', email: 'nonsense' }) });
    expect((await cli('run', 'nightly', '--first-run')).code).toBe(1);
    expect((await cli('run', 'nightly')).code).toBe(1);
    expect((await cli('run', 'nightly', '--fail-on', 'new')).code).toBe(0);
  });

  it('stops at a guard with the numbers, and passes it when that is allowed', async ({ onTestFinished }) => {
    const many = (count: number) =>
      lines(...Array.from({ length: count }, (_, index) => ({ id: `c-${index}`, name: 'x' })));
    const { cli, write } = await bench({ onTestFinished }, { customers: many(40) });
    await cli('run', 'nightly', '--first-run');
    write('customers.jsonl', many(10));
    const refused = await cli('run', 'nightly');
    expect(refused.stdout).toMatch(/^nightly: run 2 refused after .*\n {2}.*40.*10|10.*40/);
    expect(refused.stdout).toContain('--allow shrunk');
    expect(refused.code).toBe(1);
    expect((await cli('run', 'nightly', '--allow', 'shrunk')).code).toBe(0);
  });

  it.for<[string[], string]>([
    [['run', 'nightyl'], 'there is no job "nightyl" (did you mean "nightly"?)'],
    [['run', 'nightly', '--config', 'none.yaml'], 'none.yaml: there is no such file'],
    [['run', 'nightly', '--allow', 'changd'], 'There is no guard "changd" (did you mean "changed"?)'],
    [['status', 'x'], 'there is no job "x"'],
  ])('%j is refused', async ([args, expected], { onTestFinished }) => {
    const { cli } = await bench({ onTestFinished });
    const { stderr, code } = await cli(...args);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});

it('a folder of the ledger that cannot be made is said, by doctor before the first run', async ({ onTestFinished }) => {
  const { cli, write, stage } = await bench({ onTestFinished });
  write('.customer-sync', 'a file, where the folder is to be');
  const doctor = await cli('doctor');
  expect(doctor.stdout).toContain('fail  ledger: .customer-sync/ledger.db is not there yet, and cannot be made\n');
  expect(doctor.code).toBe(1);
  stage.emulator('lago').requests.length = 0;
  const { stdout, stderr, code } = await cli('run', 'nightly', '--first-run');
  expect(stderr).toMatch(/^error \(config\): .*\.customer-sync: the folder of the ledger cannot be made \(EEXIST\)\n/);
  expect([stdout, code]).toEqual(['', 2]);
  expect(stage.emulator('lago').requests).toEqual([]);
});

describe('what a job can be asked', () => {
  const mixed = lines(ann, { id: 'b', email: 'nonsense' });

  it('status shows the last run of each job, per connection', async ({ onTestFinished }) => {
    const { cli } = await bench({ onTestFinished });
    await cli('run', 'nightly', '--first-run');
    const { stdout } = await cli('status');
    expect(stdout).toMatch(
      /^nightly, due \d{4}-.*T03:00:00\.000Z\n {2}run 1 of .*Z: done\n {4}lago-eu: 2 created; \d+ requests\nother: never ran\n$/,
    );
  });

  it('failures shows who fails, why and what to do, and nobody once it is mended', async ({ onTestFinished }) => {
    const { cli, write } = await bench({ onTestFinished }, { customers: mixed });
    await cli('run', 'nightly', '--first-run');
    const { stdout } = await cli('failures');
    expect(stdout).toMatch(
      /^b {2}nightly -> lago-eu {2}invalid \(invalid_customer\)\n[\s\S]*email: is not an e-mail address[\s\S]* -> .*\n {2}since .*, 1 attempt; tried again when the customer or the mapping changes\n\n1 failing\n"customer-sync help invalid_customer" explains the code\.\n$/,
    );
    expect(stdout.match(/email: is not an e-mail address/g)).toHaveLength(1);
    expect(JSON.parse((await cli('failures', '--json', '--code', 'rejected')).stdout)).toEqual([]);
    write('customers.jsonl', lines(ann, bo));
    await cli('run', 'nightly');
    expect((await cli('failures')).stdout).toBe('No customer is failing.\n');
  });

  it.for([
    ['--job', 'nightyl', 'there is no job "nightyl" (did you mean "nightly"?)'],
    ['--to', 'lago-ue', 'there is no connection "lago-ue" (did you mean "lago-eu"?)'],
    ['--to', 'lago-ue/acme', 'there is no connection "lago-ue" (did you mean "lago-eu"?)'],
  ] as const)('failures %s %s is refused', async ([option, name, says], { onTestFinished }) => {
    const { cli } = await bench({ onTestFinished });
    await cli('run', 'nightly', '--first-run');
    const { stdout, stderr, code } = await cli('failures', option, name);
    expect(stderr).toContain(says);
    expect([stdout, code]).toEqual(['', 2]);
  });

  it('failures of a job that the configuration no longer has are listed still', async ({ onTestFinished }) => {
    const { cli, write } = await bench({ onTestFinished }, { customers: mixed });
    await cli('run', 'nightly', '--first-run');
    write('customer-sync.yaml', 'connections: { lago-eu: { provider: lago } }');
    const { stdout, code } = await cli('failures', '--job', 'nightly');
    expect(stdout).toMatch(/^b {2}nightly -> lago-eu/);
    expect(code).toBe(0);
  });

  it('retry tries failed customers again, and only those', async ({ onTestFinished }) => {
    const { cli, write, stage } = await bench({ onTestFinished }, { customers: mixed });
    await cli('run', 'nightly', '--first-run');
    write('customers.jsonl', lines({ ...ann, name: 'Anna' }, bo));
    stage.emulator('lago').requests.length = 0;
    const { stdout, code } = await cli('retry', '--id', 'b');
    expect(stdout).toMatch(/^nightly: retry run 2 done [\s\S]*lago-eu: 1 created/);
    expect(code).toBe(0);
    expect(JSON.stringify(stage.emulator('lago').customers())).not.toContain('Anna');
    expect((await cli('retry')).stdout).toBe('No customer to try again.\n');
  });

  it('history shows what was done to a customer, by the names of its fields', async ({ onTestFinished }) => {
    const { cli, write } = await bench({ onTestFinished });
    await cli('run', 'nightly', '--first-run');
    write('customers.jsonl', lines({ ...ann, name: 'Anna' }, bo));
    await cli('run', 'nightly');
    const { stdout } = await cli('history', 'a');
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/run 1 {2}nightly -> lago-eu {2}created: .*email/),
      expect.stringMatching(/run 2 {2}nightly -> lago-eu {2}updated: name$/),
    ]);
    expect(stdout).not.toContain('Anna');
    expect((await cli('history', 'nobody')).stdout).toBe('Nothing was done to this customer.\n');
  });

  it('ledger forget erases a customer', async ({ onTestFinished }) => {
    const { cli } = await bench({ onTestFinished });
    await cli('run', 'nightly', '--first-run');
    expect((await cli('ledger', 'forget', 'a')).stderr).toBe('a is forgotten.\n');
    expect((await cli('ledger', 'forget', 'a')).stderr).toBe('Nothing is known of a.\n');
    expect((await cli('history', 'a')).stdout).toBe('Nothing was done to this customer.\n');
  });

  it('a connection that leads to another account is refused until it is bound anew', async ({ onTestFinished }) => {
    const { cli, stage, folder } = await bench({ onTestFinished });
    await cli('run', 'other', '--first-run');
    const { env } = await startProviders(['autumn'], { onTestFinished });
    const there = (...args: string[]) => runCli(args, { env: { ...stage.env, ...env }, cwd: folder });
    const refused = await there('run', 'other');
    expect(refused.stderr).toContain('another account');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/with: customer-sync ledger rebind autumn\. .* add: --other-account\./);
    expect((await there('ledger', 'rebind', 'autumn', '--other-account')).stderr).toMatch(/^autumn is bound to http/);
    expect((await there('run', 'other')).stdout).toContain('2 created');
  });
});

describe('link', () => {
  it('notes whose record is whose, all or none', async ({ onTestFinished }) => {
    const { cli, write, folder } = await bench({ onTestFinished });
    write('ids.csv', 'id,provider_id\na,1\nb,\n');
    const refused = await cli('link', '--to', 'lago-eu', '--from', 'ids.csv', '--first-run');
    expect(refused.stderr).toContain('ids.csv line 3: needs an id and a provider_id');
    expect(existsSync(join(folder, '.customer-sync'))).toBe(false);
    write('ids.csv', 'id,provider_id\na,1\nb,2\n');
    const linked = await cli('link', '--to', 'lago-eu', '--from', 'ids.csv', '--first-run');
    expect(linked.stderr).toBe('2 customers linked at lago-eu, 0 known already.\n');
  });
});

describe('dry-run and apply', () => {
  it('take connections of the configuration', async ({ onTestFinished }) => {
    const { cli, stage } = await bench({ onTestFinished });
    const plan = await cli('dry-run', 'customers.jsonl', '--to', 'lago-eu');
    expect(plan.stdout).toContain('lago-eu: 2 customers: 2 create');
    await cli('apply', 'customers.jsonl', '--to', 'lago-eu', '--yes');
    expect(stage.emulator('lago').customers()).toHaveLength(2);
  });

  it('keep to the fields that the connection owns', async ({ onTestFinished }) => {
    const config = configuration.replace('{ provider: lago }', '{ provider: lago, fields: { ignore: [email] } }');
    const { cli, stage } = await bench({ onTestFinished }, { config });
    await cli('apply', 'customers.jsonl', '--to', 'lago-eu', '--yes');
    expect(JSON.stringify(stage.emulator('lago').customers())).not.toContain('ann@mail.example');
  });

  it('say which connections there are', async ({ onTestFinished }) => {
    const { cli } = await bench({ onTestFinished });
    const { stderr, code } = await cli('dry-run', 'customers.jsonl', '--to', 'lago-ue');
    expect(stderr).toContain('there is no connection and no provider "lago-ue" (did you mean "lago-eu"?)');
    expect(code).toBe(2);
  });

  it('say which variable of the configuration is missing', async ({ onTestFinished }) => {
    const config = configuration.replace(
      '{ provider: lago }',
      `{ provider: lago, credentials: { api_key: "\${env:NO_SUCH}" } }`,
    );
    const { cli } = await bench({ onTestFinished }, { config });
    const { stderr, code } = await cli('dry-run', 'customers.jsonl', '--to', 'lago-eu');
    expect(stderr).toContain('connections.lago-eu.credentials.api_key: the variable NO_SUCH is not set');
    expect(code).toBe(2);
  });
});

describe('progress', () => {
  const counts = {
    ...{ rows: 90_000, unchanged: 10_000, unknown: 70_000, changed: 9000, compared: 0, invalid: 1000, excluded: 0 },
    ...{ waiting: 0, leaving: 0, known: 0, cost: { reads: 0, writes: 0, seconds: 0 } },
  };
  const outcome = { to: 'lago-eu', status: 'created' as const, changes: [], warnings: [] };
  const error = { code: 'rejected' as const, message: '', remedy: '' };

  it('counts what was tried of what is to be tried, and says how long the rest takes', () => {
    const progress = createProgress(0);
    progress.note({ kind: 'progress', done: 500, total: 90_000, failed: 0 });
    expect(progress.text(1000)).toBe('500 rows read');
    progress.note({ kind: 'counted', to: 'lago-eu', counts });
    expect(progress.text(2000)).toBe('0 of 80000, 0.0/s');
    for (let done = 0; done < 1200; done += 1) progress.note({ kind: 'outcome', outcome, isNewFailure: false });
    progress.note({ kind: 'outcome', outcome: { ...outcome, error }, isNewFailure: true });
    expect(progress.text(60_000)).toBe('1201 of 80000, 20.0/s, 66 min left, 1 failed');
  });

  it.each([
    [0.2, '1 s'],
    [89, '89 s'],
    [3000, '50 min'],
    [10_000, '2.8 h'],
  ])('%d seconds read as %s', (seconds, expected) => {
    expect(timeText(seconds)).toBe(expected);
  });
});

describe('reports', () => {
  it('of runs that are long ago are removed', async ({ onTestFinished }) => {
    const { cli, folder } = await bench({ onTestFinished });
    await cli('run', 'nightly', '--first-run');
    const reports = join(folder, '.customer-sync/reports');
    for (let run = 200; run < 320; run += 1)
      writeFileSync(join(reports, `nightly-${String(run).padStart(6, '0')}.json`), '{}');
    writeFileSync(join(reports, 'notes.txt'), '');
    await cli('run', 'nightly');
    const files = readdirSync(reports);
    expect(files).toContain('notes.txt');
    expect(files).toHaveLength(101);
  });
});
