import { parse } from 'csv-parse/sync';
import { describe, it } from 'vitest';
import { z } from 'zod';
import { outcomeSchema, planSchema } from '../../schemas/outcome.js';
import { numberText } from '../../src/cli/report/summary.js';
import { endOf, folderWith, runBinary, runCli, type Stage, startBinary, startProviders } from './command-line.js';

const summarySchema = z.strictObject({
  rows: z.int(),
  targets: z.array(
    z.strictObject({
      to: z.string(),
      counts: z.record(z.string(), z.int()),
      clears: z.int(),
      warnings: z.int(),
      refused: z.boolean(),
      effects: z.array(z.strictObject({ effect: z.string(), times: z.int() })),
    }),
  ),
});

const reportSchema = z.strictObject({
  mode: z.enum(['dry_run', 'apply']),
  source: z.string(),
  offline: z.boolean(),
  targets: z.array(z.strictObject({ to: z.string(), base_url: z.string(), environment: z.string(), key: z.string() })),
  results: z.array(
    z.union([
      z.strictObject({ at: z.string(), plan: planSchema }),
      z.strictObject({ at: z.string(), outcome: outcomeSchema }),
    ]),
  ),
  summary: summarySchema,
});

const examples = ['examples/customers.jsonl', '--to', 'lago,autumn'];

describe('--format json', () => {
  it('is one document of plans, with a summary that adds up', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago', 'autumn'], { onTestFinished });
    const { stdout, stderr, code } = await runCli(['dry-run', ...examples, '--format', 'json'], { env });
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.mode).toBe('dry_run');
    expect(report.results).toHaveLength(80);
    expect(report.summary).toMatchObject({
      rows: 40,
      targets: [
        { to: 'lago', counts: { create: 38, invalid: 2 }, refused: false },
        { to: 'autumn', counts: { create: 38, invalid: 2 }, refused: false },
      ],
    });
    expect([stderr, code]).toEqual(['', 1]);
  });

  it('is one document of outcomes, the same for --json', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago', 'autumn'], { onTestFinished });
    const { stdout, stderr, code } = await runCli(['apply', ...examples, '--yes', '--json'], { env });
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.mode).toBe('apply');
    expect(report.results).toHaveLength(80);
    for (const { to, counts } of report.summary.targets) {
      const statuses = report.results.flatMap((result) =>
        'outcome' in result && result.outcome.to === to ? [result.outcome.status] : [],
      );
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(40);
      expect(statuses.filter((status) => status === 'created')).toHaveLength(counts['created'] ?? 0);
    }
    expect([stderr, code]).toEqual(['', 1]);
  });

  it('is a document even when there is nobody in it', async ({ expect }) => {
    const { stdout, code } = await runCli(['dry-run', '-', '--to', 'lago', '--offline', '--json'], { input: '[]' });
    expect(reportSchema.parse(JSON.parse(stdout)).summary.rows).toBe(0);
    expect(code).toBe(0);
  });
});

/** Values that mean something to a terminal, to a spreadsheet, to Markdown or to CSV. */
const nasty = {
  id: 'a',
  name: '\u001b[2J\u001b]0;title\u0007\u009b31m\u202eevil',
  legal_name: '=HYPERLINK("http://example.org","x")',
  metadata: { '\u001b[31m|key`': 'a|b\n<b>c</b>', 'plain.key': 'x' },
};
const nastyRows = `${JSON.stringify(nasty)}\n${JSON.stringify({ id: 'b', '\u001b[31mfield': 1 })}\n`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const actsOnTerminal = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe('what a customer is called', () => {
  it.for(['text', 'json', 'csv', 'markdown'])('cannot act on the terminal in %s', async (format, { expect }) => {
    const args = ['dry-run', '-', '--to', 'lago', '--offline', '--verbose', '--format', format];
    const { stdout, stderr, code } = await runCli(args, { input: nastyRows });
    expect(stdout).toContain('evil');
    expect(stdout).not.toMatch(actsOnTerminal);
    expect(stderr).not.toMatch(actsOnTerminal);
    expect(code).toBe(1);
  });

  it('cannot act on the terminal from the names of files, columns and ids', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in\u001b[31m.csv': 'id,na\u001b[31mme\n' }, { onTestFinished });
    const args = ['--to', 'lago', '--offline'];
    const column = await runCli(['dry-run', 'in\u001b[31m.csv', ...args], { cwd });
    expect(column.stderr).toContain('in\\u001b[31m.csv: "na\\u001b[31mme" ');
    const id = await runCli(['dry-run', '-', ...args, '--id', '\u001b[31m'], { input: '{"id":"a"}\n' });
    expect(id.stderr).toBe('note: stdin: no customer has the id "\\u001b[31m"\n');
  });

  it('is in JSON to the letter', async ({ expect }) => {
    const args = ['dry-run', '-', '--to', 'lago', '--offline', '--json'];
    const { stdout } = await runCli(args, { input: nastyRows });
    const { results } = reportSchema.parse(JSON.parse(stdout));
    expect(results[0]).toMatchObject({ plan: { payload: { name: nasty.name, legal_name: nasty.legal_name } } });
  });

  it('does not become a formula of a spreadsheet', async ({ expect }) => {
    const args = ['dry-run', '-', '--to', 'lago', '--offline', '--format', 'csv'];
    const { stdout } = await runCli(args, { input: nastyRows });
    expect(stdout).toContain(`,"'=HYPERLINK(""http://example.org"",""x"")",`);
  });

  it('does not break a table of Markdown', async ({ expect }) => {
    const args = ['dry-run', '-', '--to', 'lago', '--offline', '--format', 'markdown'];
    const { stdout } = await runCli(args, { input: nastyRows });
    const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(5);
    expect(stdout).not.toContain('<b>');
  });
});

describe('--format csv', () => {
  it('has a line for each change, note and failure', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const args = [
      'dry-run',
      'examples/crm-export.csv',
      '--source-mapping',
      'examples/crm-export.mapping.json',
      '--to',
      'lago',
    ];
    const [csv, json] = await Promise.all([
      runCli([...args, '--format', 'csv'], { env }),
      runCli([...args, '--format', 'json'], { env }),
    ]);
    const lines: Record<string, string>[] = parse(csv.stdout, { columns: true });
    const { results } = reportSchema.parse(JSON.parse(json.stdout));
    const entries = results.flatMap((result) => {
      const { changes, warnings } = 'plan' in result ? result.plan : result.outcome;
      return [...changes, ...warnings];
    });
    expect(lines).toHaveLength(entries.length);
    expect(lines[0]).toEqual({
      to: 'lago',
      customer_id: 'crm-1',
      result: 'create',
      field: 'id',
      change: 'set',
      from: '',
      to_value: 'crm-1',
      code: '',
      message: '',
      at: 'crm-export.csv line 2',
    });
    expect(lines.filter(({ code }) => code === 'unreadable_value')).toEqual([
      expect.objectContaining({ customer_id: 'crm-6', field: 'phone', from: 'call the office' }),
    ]);
  });

  it('has a line for a customer who changes nothing, and for one who is not attempted', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const run = (env: Stage['env']) =>
      runCli(['apply', '-', '--to', 'lago', '--yes', '--concurrency', '1', '--format', 'csv'], {
        env,
        input: '{"id":"a"}\n{"id":"b"}\n',
      });
    await run(stage.env);
    const again: string[][] = parse((await run(stage.env)).stdout);
    expect(again.slice(1).map(([, id, result]) => [id, result])).toEqual([
      ['a', 'unchanged'],
      ['b', 'unchanged'],
    ]);
    const refused: string[][] = parse((await run({ ...stage.env, LAGO_API_KEY: 'another' })).stdout);
    expect(refused.slice(1).map(([, id, result, , , , , code]) => [id, result, code])).toEqual([
      ['a', 'failed', 'auth'],
      ['b', 'not_attempted', ''],
    ]);
    expect(refused[2]?.[8]).toBe('stopped: Lago answered 401 to list');
  });
});

describe('--format markdown', () => {
  it('is a table of what changes or fails, then the counts', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago', 'autumn'], { onTestFinished });
    const { stdout, code } = await runCli(['dry-run', ...examples, '--format', 'markdown'], { env });
    const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.slice(0, 2)).toEqual(['| | customer | connection | what |', '| --- | --- | --- | --- |']);
    expect(rows).toHaveLength(2 + 80);
    expect(rows.find((row) => row.includes('acct&#95;1039') && row.includes('| lago |'))).toBe(
      '| x invalid | acct&#95;1039, customers.jsonl line 39 | lago | email: is not an e-mail address &#91;invalid&#95;customer&#93; _Correct the row and feed it again._ |',
    );
    expect(stdout).toContain('\n- **lago**: 38 create, 2 invalid\n- **autumn**: 38 create, 2 invalid\n');
    expect(code).toBe(1);
  });

  it('ends at 200 lines and says how many are left', async ({ expect }) => {
    const input = Array.from({ length: 250 }, (_, number) => `{"id":"c${number}"}\n`).join('');
    const { stdout } = await runCli(['dry-run', '-', '--to', 'lago', '--offline', '--format', 'markdown'], { input });
    expect(stdout.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(202);
    expect(stdout).toContain('\n… and 50 more.\n');
    expect(stdout).toContain('- **lago**: 250 create\n');
  });

  it('is grouped by outcome, and keeps room for the few among the many', async ({ expect }) => {
    const many = Array.from({ length: 250 }, (_, number) => `{"id":"c${number}"}\n`).join('');
    const input = `{"id":"x","email":"x"}\n${many}{"id":"y","email":"y"}\n`;
    const { stdout } = await runCli(['dry-run', '-', '--to', 'lago', '--offline', '--format', 'markdown'], { input });
    const outcomes = [...stdout.matchAll(/^\| ([+x] \w+) \|/gm)].map(([, outcome]) => outcome);
    expect(outcomes).toEqual([...Array(198).fill('+ create'), 'x invalid', 'x invalid']);
    expect(stdout).toContain('\n… and 52 more.\n');
  });
});

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
