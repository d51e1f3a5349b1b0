import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { Plan } from '../../schemas/outcome.js';
import { createHtmlReport } from '../../src/cli/report/html/html-report.js';
import { createTally } from '../../src/cli/report/summary.js';
import { folderWith, runCli, startProviders } from './command-line.js';
import { openTerminal } from './terminal.js';

const ann = { id: 'a', name: 'Ann Example', email: 'ann@shop.example', currency: 'EUR', tax_exempt: false };
const offline = ['dry-run', '-', '--to', 'lago', '--offline', '--format', 'html'];
const linesOf = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu] } }
`;

/** What stands in the page's element of data. */
function planIn(page: string) {
  const [, text = ''] = page.match(/<script type="application\/json" id="plan">(.*?)<\/script>/s) ?? [];
  return JSON.parse(text);
}

describe('dry-run --format html', () => {
  it('is one page with counts, effects and every customer who changes or fails', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(offline, { input: linesOf(ann, { id: 'b', email: 'x' }) });
    expect(stdout).toMatch(/^<!doctype html>\n<html lang="en">[\s\S]*<\/html>\n$/);
    expect(stdout).toContain('<b>1</b> create</li>');
    expect(stdout).toContain('<b>1×</b> Lago sends the webhook customer.created.</li>');
    expect(planIn(stdout)).toMatchObject([
      { to: 'lago', verb: 'create', count: 1, customers: [{ id: 'a' }] },
      {
        to: 'lago',
        verb: 'invalid',
        count: 1,
        customers: [
          { id: 'b', at: 'stdin line 2', error: { message: 'email: is not an e-mail address [invalid_customer]' } },
        ],
      },
    ]);
    expect([stderr, code]).toEqual(['', 1]);
  });

  it('holds no value of a customer, but codes that are one of a few', async ({ expect }) => {
    const { stdout } = await runCli(offline, { input: linesOf(ann, { id: 'c', phone: 'call the office' }) });
    expect(stdout).not.toMatch(/Ann|shop\.example|office/);
    const values = Object.fromEntries(
      planIn(stdout)[0].customers[0].changes.map(({ field, to }: { field: string; to: string }) => [field, to]),
    );
    expect(values).toMatchObject({ id: 'a', name: '•••• (11)', email: '•••• (16)', currency: 'EUR' });
  });

  it('holds them with --show-values', async ({ expect }) => {
    const { stdout } = await runCli([...offline, '--show-values'], { input: linesOf(ann) });
    expect(stdout).toContain('"to":"Ann Example"');
    expect(stdout).toContain('This page holds personal data.');
  });

  it('lets nothing of a customer become markup', async ({ expect }) => {
    const hostile = '</script><img src=x onerror=alert(1)><!--';
    const row = { id: hostile, name: `"'&${hostile}`, metadata: { [hostile]: hostile } };
    const { stdout } = await runCli([...offline, '--show-values'], { input: linesOf(row) });
    expect(stdout).not.toContain('<img');
    expect(stdout.match(/<\/script>/g)).toHaveLength(2);
    expect(stdout.match(/<!--/g)).toBeNull();
    expect(planIn(stdout)[0].customers[0].id).toBe(hostile);
  });

  it('lets nothing of a name of a file or of a cleared field become markup', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const key = '<img src=x>';
    await runCli(['apply', '-', '--to', 'lago', '--yes'], { env, input: linesOf({ id: 'a', metadata: { [key]: 1 } }) });
    const file = '<b>in & out.jsonl';
    const cwd = folderWith({ [file]: linesOf({ id: 'a', metadata: { [key]: null } }) }, { onTestFinished });
    const { stdout } = await runCli(['dry-run', file, '--to', 'lago', '--format', 'html'], { env, cwd });
    expect(stdout).toContain('<h1>&#60;b&#62;in &#38; out.jsonl → lago</h1>');
    expect(stdout).toContain('<li class="clears"><b>1×</b> clears metadata.&#60;img src=x&#62;</li>');
  });

  it('allows its own style and script and nothing else', async ({ expect }) => {
    const { stdout } = await runCli(offline, { input: linesOf(ann) });
    const hash = (name: string, pattern: RegExp) => {
      const text = stdout.match(pattern)?.[1] ?? '';
      return `${name} 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    const style = hash('style-src', /<style>(.*?)<\/style>/s);
    const script = hash('script-src', /<script type="module">(.*?)<\/script>/s);
    expect(stdout).toContain(`content="default-src 'none'; ${style}; ${script}; base-uri 'none'; form-action 'none'"`);
    expect(stdout).not.toMatch(/(src|href)="(?!#)|url\(|@import|sourceMappingURL/);
  });

  it('goes to a file that nobody else can read', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': linesOf(ann) }, { onTestFinished });
    const args = ['dry-run', 'in.jsonl', '--to', 'lago', '--offline', '--format', 'html', '--out', 'plan.html'];
    const { stdout, stderr, code } = await runCli(args, { cwd });
    expect([stdout, stderr, code]).toEqual(['', 'The plan is in plan.html: open it in a browser.\n', 0]);
    expect(statSync(join(cwd, 'plan.html')).mode & 0o777).toBe(0o600);
    expect(planIn(readFileSync(join(cwd, 'plan.html'), 'utf8'))[0].customers).toHaveLength(1);
  });

  it('shows the plan of a job', async ({ expect, onTestFinished }) => {
    const { env } = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith(
      { 'customer-sync.yaml': configuration, 'customers.jsonl': linesOf(ann) },
      { onTestFinished },
    );
    const args = ['dry-run', '--job', 'nightly', '--format', 'html', '--out', 'plan.html'];
    const { stdout, code } = await runCli(args, { env, cwd });
    const page = readFileSync(join(cwd, 'plan.html'), 'utf8');
    expect(page).toContain('<h1>job nightly (crm) → lago-eu</h1>');
    expect(planIn(page)).toMatchObject([{ to: 'lago-eu', verb: 'create', customers: [{ id: 'a' }] }]);
    expect([stdout, code]).toEqual(['', 0]);
  });

  it('shows a plan that was kept, without asking anybody', async ({ expect, onTestFinished }) => {
    const stage = await startProviders(['lago'], { onTestFinished });
    const env = { ...stage.env, CUSTOMER_SYNC_LEDGER_KEY: 'k'.repeat(40) };
    const cwd = folderWith(
      { 'customer-sync.yaml': configuration, 'customers.jsonl': linesOf(ann) },
      { onTestFinished },
    );
    await runCli(['dry-run', '--job', 'nightly', '--out', 'plan.json'], { env, cwd });
    stage.emulator('lago').requests.length = 0;
    const text = await runCli(['dry-run', 'plan.json'], { env, cwd });
    expect(text.stdout).toContain('\n\n+ create: 1 customer\n  + a\n      id:       a\n      name:     Ann Example\n');
    await runCli(['dry-run', 'plan.json', '--format', 'html', '--out', 'plan.html'], { env, cwd });
    const page = readFileSync(join(cwd, 'plan.html'), 'utf8');
    expect(page).toMatch(/<h1>plan\.json, the plan of job nightly made at 20\S+Z → lago-eu<\/h1>/);
    expect(planIn(page)).toMatchObject([{ to: 'lago-eu', verb: 'create', customers: [{ id: 'a' }] }]);
    expect(stage.emulator('lago').requests).toEqual([]);
    expect((await runCli(['dry-run', 'plan.json', '--to', 'lago'], { env, cwd })).stderr).toContain(
      '--to does not go with a plan',
    );
  });

  it('is refused on a terminal without a file to go to', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({ 'in.jsonl': linesOf(ann) }, { onTestFinished });
    const terminal = openTerminal({});
    const args = ['dry-run', join(cwd, 'in.jsonl'), '--to', 'lago', '--offline', '--format', 'html'];
    expect(await terminal.run(args)).toBe(2);
    expect(terminal.stderr()).toContain('Name a file for it: --out plan.html.');
    expect(terminal.stdout()).toBe('');
  });

  it.for([
    [['dry-run', '-', '--to', 'lago', '--offline', '--show-values'], '--show-values is for --format html'],
    [[...offline, '--out', 'nowhere/plan.html'], 'nowhere/plan.html: the page cannot be written (ENOENT)'],
    [['apply', '-', '--to', 'lago', '--yes', '--format', 'html'], 'Allowed choices are text, json, csv, markdown.'],
  ] as const)('%j is refused', async ([args, says], { expect }) => {
    const { stdout, stderr, code } = await runCli(args, { input: linesOf(ann) });
    expect(stderr).toContain(says);
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('a page of very many', () => {
  const target = {
    connection: { name: 'lago' },
    account: { baseUrl: 'https://api.example', key: 'none', environment: 'live' as const },
    notes: [],
    definition: { effects: { create: [], update: [] } },
  };
  const planOf = (number: number): Plan => ({
    customer_id: `c${number}`,
    to: 'lago',
    action: 'update',
    compared: true,
    changes: [{ field: 'name', target: 'name', change: 'set', from: 'Ann', to: 'Anna' }],
    warnings: [],
  });

  it('holds 10,000 of an outcome, counts the others and says so', ({ expect }) => {
    const report = createHtmlReport({ showValues: false, verbose: false, now: new Date(0) });
    const tally = createTally([target]);
    report.head({ mode: 'dry_run', source: 'in.csv', targets: [target], offline: false });
    for (let number = 0; number < 12_345; number += 1) {
      const result = { row: {}, results: [{ kind: 'plan' as const, plan: planOf(number) }] };
      tally.add(result);
      report.row(result);
    }
    const page = report.foot(tally.summary());
    const [group] = planIn(page);
    expect([group.count, group.customers.length]).toEqual([12_345, 10_000]);
    expect(page).toContain(
      'Of 12,345 customers “update” at lago, the first 10,000 are on this page; --format csv and --format json have all.',
    );
    expect(page).toContain('<b>12,345</b> update</li>');
  });
});
