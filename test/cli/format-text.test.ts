import { describe, it } from 'vitest';
import { numberText } from '../../src/cli/report/summary.js';
import { endOf, folderWith, runBinary, runCli, startBinary, startProviders } from './command-line.js';

describe('--format text', () => {
  it('groups customers by outcome at each connection, changes first', async ({ expect }) => {
    const input = '{"id":"a"}\n{"id":"b","email":"x"}\n{"id":"c"}\n{"id":"d","deleted":true}\n';
    const { stdout } = await runCli(['dry-run', '-', '--to', 'lago,flexprice', '--offline'], { input });
    expect(stdout.split('\n').filter((line) => / at /.test(line))).toEqual([
      '+ create at lago: 2 customers',
      '. skipped at lago: 1 customer',
      'x invalid at lago: 1 customer',
      '+ create at flexprice: 2 customers',
      '. skipped at flexprice: 1 customer',
      'x invalid at flexprice: 1 customer',
    ]);
    expect(stdout).toContain('+ create at lago: 2 customers\n  + a\n      id: a\n  + c\n      id: c\n\n');
    expect(stdout).toContain('\n  lago       offline\n  flexprice  offline\n\n');
  });

  it('shows twenty of an outcome, as many as --show says, and all with --show 0', async ({ expect }) => {
    const input = Array.from({ length: 1110 }, (_, number) => `{"id":"c${number}"}\n`).join('');
    const args = ['dry-run', '-', '--to', 'lago', '--offline'];
    const some = await runCli(args, { input });
    expect(some.stdout.match(/^ {2}\+ c/gm)).toHaveLength(20);
    expect(some.stdout).toContain(
      '\n  … and 1,090 more (--show 0 or --format html shows all)\n\nlago: 1,110 customers',
    );
    const few = await runCli([...args, '--show', '2'], { input });
    expect(few.stdout.match(/^ {2}\+ c/gm)).toHaveLength(2);
    const all = await runCli([...args, '--show', '0'], { input });
    expect(all.stdout.match(/^ {2}\+ c/gm)).toHaveLength(1110);
    expect(all.stdout).not.toContain('more');
  });

  it('counts which fields are cleared, also of customers that it does not show', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const rows = (change: object) =>
      ['a', 'b', 'c'].map((id) => `${JSON.stringify({ id, url: `https://${id}.example`, ...change })}\n`).join('');
    await runCli(['apply', '-', '--to', 'lago', '--yes'], { env, input: rows({}) });
    const args = ['dry-run', '-', '--to', 'lago', '--show', '1'];
    const { stdout } = await runCli(args, { env, input: rows({ url: null }) });
    expect(stdout).toContain(
      '\n  ~ a\n      url: https://a.example -> (cleared)\n  … and 2 more, 2 with cleared fields (',
    );
    expect(stdout).toContain('\nlago: 3 customers: 3 update; 3 fields cleared\n  clears, 3x: url\n  effect, 3x: ');
  });

  it('says how many of those it does not show have a value that could not be read', async ({ expect }) => {
    const phoneOf = (number: number) => (number === 3 || number > 20 ? 'call the office' : '+493012345678');
    const rows = Array.from({ length: 23 }, (_, number) => ({ id: `c${number}`, phone: phoneOf(number) }));
    const input = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const { stdout } = await runCli(['dry-run', '-', '--to', 'lago', '--offline'], { input });
    expect(stdout.match(/^ {6}! phone/gm)).toHaveLength(1);
    expect(stdout).toContain('\n  … and 3 more, 2 with notes on values (--show 0');
  });

  it('only counts what stays as it is, unless there is a note on it or --verbose asks', async ({
    expect,
    onTestFinished,
  }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const input = '{"id":"a","name":"Ann"}\n{"id":"b","name":"Bo","phone":"call the office"}\n';
    await runCli(['apply', '-', '--to', 'lago', '--yes'], { env, input });
    const args = ['dry-run', '-', '--to', 'lago'];
    const { stdout } = await runCli(args, { env, input });
    expect(stdout).toMatch(
      /\n\n= unchanged, with notes: 1 customer\n {2}= b\n {6}! phone .+\n\nlago: 2 customers: 2 un/,
    );
    const verbose = await runCli([...args, '--verbose'], { env, input });
    expect(verbose.stdout).toContain('\n\n= unchanged: 2 customers\n  = a\n  = b\n');
  });

  it('says of a customer who is left out why', async ({ expect }) => {
    const args = ['dry-run', '-', '--to', 'lago', '--offline'];
    const { stdout, code } = await runCli(args, { input: '{"id":"a","deleted":true}\n' });
    expect(stdout).toMatch(
      /\n\n\. skipped: 1 customer\n {2}\. a\n {6}deleted in the source; .+\n\nlago: 1 customer: 1 skipped\n$/,
    );
    expect(code).toBe(0);
  });

  it('of an apply tells each customer as it comes, the first of each outcome', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const args = ['apply', '-', '--to', 'lago', '--yes', '--show', '1'];
    const { stdout } = await runCli(args, { env, input: '{"id":"a"}\n{"id":"b","email":"x"}\n{"id":"c"}\n' });
    expect(stdout).toMatch(
      /\n\n\+ created a\n {4}id: a\nx invalid b {2}stdin line 2\n.+\n.+\n {2}… and 1 more of: lago created \(--show 0 shows all\)\n\nlago: 3/,
    );
  });

  it('has no colour when it is piped', async ({ expect }) => {
    const { stdout, stderr } = await runBinary(['dry-run', '-', '--to', 'lago', '--offline'], {
      input: '{"id":"a"}\n{"name":"b"}\n',
      env: { TERM: 'xterm-256color' },
    });
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('an output that cannot be written', () => {
  const many = Array.from({ length: 2000 }, (_, number) => `{"id":"c${number}","name":"Customer ${number}"}\n`).join(
    '',
  );

  it('ends a dry run quietly when its reader goes away', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': many }, { onTestFinished });
    const child = startBinary(['dry-run', 'in.jsonl', '--to', 'lago', '--offline', '--show', '0'], { cwd });
    child.stdout.once('data', () => child.stdout.destroy());
    const { stderr, code } = await endOf(child);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('ends an apply after what is in flight, and tells the counts elsewhere', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith({ 'in.jsonl': many }, { onTestFinished });
    const child = startBinary(['apply', 'in.jsonl', '--to', 'lago', '--yes', '--show', '0'], { cwd, env: stage.env });
    child.stdout.once('data', () => child.stdout.destroy());
    const { stderr, code } = await endOf(child, { env: stage.env });
    const held = stage.emulator('lago').customers().length;
    const counts =
      held === 0 ? '2,000 not_attempted' : `${numberText(held)} created, ${numberText(2000 - held)} not_attempted`;
    expect(stderr).toBe(`The report could not be written to its end, so the run was ended. lago: ${counts}\n`);
    expect(code).toBe(1);
  });
});
