import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { errorText, folderWith, providerIds, runBinary, runCli, startProviders, writesTo } from './command-line.js';

const examples = ['examples/customers.jsonl'];
const crmExport = ['examples/crm-export.csv', '--source-mapping', 'examples/crm-export.mapping.json'];

/** `created` per provider; Recharge takes two customers with one e-mail address for one. */
const files = [
  { file: examples, created: { recharge: 37, lago: 38, flexprice: 38, autumn: 38, stripe: 38 } },
  { file: crmExport, created: { recharge: 6, lago: 6, flexprice: 6, autumn: 6, stripe: 6 } },
];

describe('apply', () => {
  it.for(files)(
    'of $file.0 twice creates once and then writes nothing, at all providers',
    async ({ file, created }, { expect, onTestFinished }) => {
      const stage = await startProviders(providerIds, { onTestFinished });
      const apply = ['apply', ...file, '--to', providerIds.join(','), '--yes', '--json'];
      const countsOf = (stdout: string) =>
        Object.fromEntries(
          JSON.parse(stdout).summary.targets.map(({ to, counts }: { to: string; counts: object }) => [to, counts]),
        );

      const first = countsOf((await runBinary(apply, { env: stage.env })).stdout);
      for (const [id, count] of Object.entries(created)) {
        expect(first[id]).toMatchObject({ created: count });
        expect(stage.emulator(id).customers()).toHaveLength(count);
        expect(writesTo(stage, id).length).toBeGreaterThanOrEqual(count);
      }

      const before = providerIds.map((id) => JSON.stringify(stage.emulator(id).customers()));
      for (const id of providerIds) stage.emulator(id).requests.length = 0;
      const second = countsOf((await runBinary(apply, { env: stage.env })).stdout);
      for (const [id, count] of Object.entries(created)) {
        const { created: _, ...failures } = first[id];
        expect(second[id]).toEqual({ ...failures, unchanged: count });
        expect(stage.emulator(id).requests.length).toBeGreaterThan(0);
        expect(writesTo(stage, id)).toEqual([]);
      }
      expect(providerIds.map((id) => JSON.stringify(stage.emulator(id).customers()))).toEqual(before);
    },
  );

  it('writes what changed and nothing else', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const run = (input: string) => runCli(['apply', '-', '--to', 'lago', '--yes'], { env: stage.env, input });
    await run('{"id":"a","name":"Ann","phone":"+493012345678"}\n{"id":"b","name":"Bo"}\n');
    stage.emulator('lago').requests.length = 0;
    const { stdout, code } = await run('{"id":"a","name":"Anna","phone":null}\n{"id":"b","name":"Bo"}\n');
    expect(stdout).toContain(
      '~ updated a\n    name:  Ann -> Anna\n    phone: +493012345678 -> (cleared)\n\n' +
        'lago: 2 customers: 1 updated, 1 unchanged; 1 field cleared\n',
    );
    expect(writesTo(stage, 'lago')).toEqual(['POST /api/v1/customers']);
    expect(code).toBe(0);
  });

  it('needs --yes without a terminal, and says how to go on', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    expect(await runBinary(['apply', ...examples, '--to', 'lago'], { env: stage.env })).toEqual({
      stdout: '',
      stderr: errorText(
        'config',
        'apply asks before it writes, and there is no terminal to ask on',
        'Look at the plan with dry-run, then add --yes.',
      ),
      code: 2,
    });
    expect(stage.emulator('lago').requests).toEqual([]);
  });
});

describe('a key that is refused at one of two providers', () => {
  it('does not stop the other', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago', 'autumn'], { onTestFinished });
    const env = { ...stage.env, LAGO_API_KEY: 'a-key-of-another-account' };
    const { stdout, stderr, code } = await runCli(['apply', ...examples, '--to', 'lago,autumn', '--yes'], { env });
    expect(stdout).toMatch(
      /^x failed acct_1001 {2}lago {2}customers.jsonl line 1\n {4}Lago answered 401 to list \[auth\]\n {4}-> Check the key in LAGO_API_KEY, and that it belongs to the account behind LAGO_BASE_URL\.$/m,
    );
    expect(stdout).toMatch(
      /^\. not_attempted acct_10\d\d {2}lago {2}customers.jsonl line \d\d\n {4}stopped: Lago answered 401 to list$/m,
    );
    expect(stdout).toMatch(/^lago: 40 customers: 2 invalid, \d+ failed, \d+ not_attempted$/m);
    expect(stdout).toMatch(/^autumn: 40 customers: 38 created, 2 invalid/m);
    expect(stage.emulator('lago').customers()).toEqual([]);
    expect(stage.emulator('autumn').customers()).toHaveLength(38);
    expect([stderr, code]).toEqual(['', 1]);
  });
});

describe('what is printed beside the report', () => {
  it('holds nothing of a customer, whatever went wrong', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const refusal = JSON.stringify({
      status: 422,
      code: 'validation_errors',
      error_details: { email: ['Quux7@example.org'] },
    });
    stage.emulator('lago').faults.add({ kind: 'respond', status: 422, body: refusal }, { method: 'POST' });
    const rows = [
      'id,name,email,phone,address.city\n',
      'c1,Quux1,quux1@example.org,+493012345678,Quux5\n',
      'c2,Quux2,Quux6 no address,call Quux3,Quux5\n',
      'c3,Quux4,quux4@example.org,,,Quux5\n',
      '"c4,Quux8\n',
    ];
    const cwd = folderWith({ 'in.csv': rows.join('') }, { onTestFinished });
    const args = ['apply', 'in.csv', '--to', 'lago', '--yes', '--json', '--rejects', 'rejected.csv'];
    const { stdout, stderr, code } = await runCli(args, { cwd, env: stage.env });
    expect(JSON.parse(stdout).summary.rows).toBe(4);
    expect(stderr).toBe('4 customers to mend and feed again: rejected.csv\n');
    expect(code).toBe(1);
  });
});

describe('--rejects', () => {
  it('writes CSV with the original columns, only for its owner, that can be mended and fed again', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith(
      {
        'in.csv': 'Nr;Naam;Mail\n1;Ann;ann@example.org\n2;"Bo; the ""second"""; bo at example\n3;Cy;cy@example.org\n',
        'columns.json': '{"fields":{"id":{"from":"Nr"},"name":{"from":"Naam"},"email":{"from":"Mail"}}}',
      },
      { onTestFinished },
    );
    const apply = (file: string, ...args: string[]) =>
      runCli(['apply', file, '--source-mapping', 'columns.json', '--to', 'lago', '--yes', '--strict', ...args], {
        cwd,
        env: stage.env,
      });

    const first = await apply('in.csv', '--rejects', 'rejected.csv');
    expect(first.stderr).toBe('1 customer to mend and feed again: rejected.csv\n');
    expect(first.code).toBe(1);
    const path = join(cwd, 'rejected.csv');
    const rejected = readFileSync(path, 'utf8');
    expect(rejected.split('\r\n')).toEqual([
      '\ufeffNr,Naam,Mail,_reject_reason,_reject_text',
      expect.stringMatching(/^2,"Bo; the ""second""", bo at example,lago: invalid: email: .+,$/),
      '',
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    writeFileSync(path, rejected.replace(' bo at example', 'bo@example.org'));
    const second = await apply('rejected.csv', '--rejects', 'left.csv');
    expect(second.stdout).toMatch(/^lago: 1 customer: 1 created$/m);
    expect([second.stderr, second.code]).toEqual(['', 0]);
    expect(existsSync(join(cwd, 'left.csv'))).toBe(false);
    expect(stage.emulator('lago').customers()).toHaveLength(3);
  });

  it('writes JSONL with the original objects, what a provider refused and did not reach included', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith(
      { 'in.jsonl': '{"id":"a","serial":12345678901234567890}\n{"id":"b"\n{"id":"c"}\n{"id":"d"}\n' },
      { onTestFinished },
    );
    const apply = (file: string, key: string, ...args: string[]) =>
      runCli(['apply', file, '--to', 'lago', '--yes', '--concurrency', '1', ...args], {
        cwd,
        env: { ...stage.env, LAGO_API_KEY: key },
      });
    await apply('in.jsonl', 'another', '--rejects', 'rejected.jsonl');
    const path = join(cwd, 'rejected.jsonl');
    const rejected = readFileSync(path, 'utf8');
    expect(rejected.split('\n')).toEqual([
      '{"id":"a","serial":12345678901234567890,"_reject_reason":"lago: invalid: serial: is not a known field [invalid_customer]"}',
      '{"_reject_reason":"lago: invalid: is not valid JSON (column 10: expected a comma or }) [invalid_customer]","_reject_text":"{\\"id\\":\\"b\\""}',
      '{"id":"c","_reject_reason":"lago: failed: Lago answered 401 to list [auth]"}',
      '{"id":"d","_reject_reason":"lago: not_attempted: stopped: Lago answered 401 to list"}',
      '',
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const mended = rejected.replace(/^.*serial.*\n.*\n/, '{"id":"a"}\n{"id":"b"}\n');
    writeFileSync(path, mended);
    const second = await apply('rejected.jsonl', stage.env['LAGO_API_KEY'] ?? '');
    expect(second.stdout).toMatch(/^lago: 4 customers: 4 created$/m);
    expect(second.code).toBe(0);
  });

  it.for([
    [
      'in a folder that is not there',
      'nowhere/rejected.jsonl',
      'nowhere/rejected.jsonl: the file of rejects cannot be written (ENOENT)',
    ],
    ['where a folder stands', 'folder', 'folder: the file of rejects cannot be written (EISDIR)'],
    ['over its own source', './in.jsonl', './in.jsonl: the file of rejects would replace the source'],
    [
      'under the name of another format',
      'rejected.csv',
      'rejected.csv: rejects have the format of their source, JSONL, which this name does not fit',
    ],
  ] as const)('%s is refused before anything is sent', async ([, path, says], { expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith({ 'in.jsonl': '{"id":"a"}\n' }, { onTestFinished });
    mkdirSync(join(cwd, 'folder'));
    const args = ['apply', 'in.jsonl', '--to', 'lago', '--yes', '--rejects', path];
    const { stdout, stderr, code } = await runCli(args, { cwd, env: stage.env });
    expect(stderr).toMatch(
      new RegExp(
        `^error \\(config\\): ${says.replace(/[.()]/g, '\\$&')}\n {2}-> .+\n {2}"customer-sync help config" explains the code\\.\n$`,
      ),
    );
    expect([stdout, code]).toEqual(['', 2]);
    expect(stage.emulator('lago').requests).toEqual([]);
  });
});
