import { parse } from 'csv-parse/sync';
import { describe, it } from 'vitest';
import { z } from 'zod';
import { outcomeSchema, planSchema } from '../../schemas/outcome.js';
import { folderWith, runCli, type Stage, startProviders } from './command-line.js';

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
