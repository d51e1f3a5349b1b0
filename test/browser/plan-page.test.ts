import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { folderWith, runCli, startProviders } from '../cli/command-line.js';
import { chromiumNote, chromiumPath, startChromium } from './chromium.js';

const linesOf = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const hostile = '</script><img src=x onerror="document.title=1">';

const before = [
  { id: 'acct_1001', name: 'Nordwind Energie', url: 'https://nordwind.example', currency: 'EUR' },
  { id: 'acct_1002', name: 'Piper & Sons', url: 'https://piper.example', phone: '+442079460018' },
  { id: 'acct_1003', name: hostile },
];
const after = [
  { ...before[0], name: 'Nordwind Energie GmbH', address: { city: 'Berlin', country: 'DE' } },
  { ...before[1], url: null, phone: '+442079460019' },
  { ...before[2], name: `${hostile} Ltd` },
  { id: 'acct_1004', name: 'Cactus Software', email: 'ap@cactus.example', currency: 'USD' },
  { id: 'acct_1005', name: 'Amélie Lefèvre', email: 'not an address' },
];

describe.skipIf(chromiumPath === undefined)(`the page of a plan in a browser${chromiumNote}`, () => {
  let browser: Browser;
  let folder: string;
  const cleanUp: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    const ending = { onTestFinished: (task: () => void | Promise<void>) => void cleanUp.push(task) };
    const { env } = await startProviders(['lago', 'flexprice'], ending);
    const rows = Array.from({ length: 250 }, (_, number) => ({ id: `c${number}`, name: `Customer ${number}` }));
    const files = { 'before.jsonl': linesOf(before), 'after.jsonl': linesOf(after), 'many.jsonl': linesOf(rows) };
    folder = folderWith(files, ending);
    const run = (...args: string[]) => runCli(args, { env, cwd: folder });
    await run('apply', 'before.jsonl', '--to', 'lago,flexprice', '--yes');
    const plan = ['dry-run', 'after.jsonl', '--to', 'lago,flexprice', '--format', 'html', '--out'];
    await run(...plan, 'masked.html');
    await run(...plan, 'open.html', '--show-values');
    await run('dry-run', 'many.jsonl', '--to', 'lago', '--offline', '--format', 'html', '--out', 'many.html');
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser.close();
    for (const task of cleanUp.reverse()) await task();
  });

  /** The page, and everything it asked for or complained about. */
  async function openPage(name: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, name)).href);
    return { page, complaints, requests };
  }

  const idsOn = (page: Page) => page.locator('.customer h3').allInnerTexts();

  it('asks the network for nothing and complains of nothing', async () => {
    const { complaints, requests } = await openPage('masked.html');
    expect(complaints).toEqual([]);
    expect(requests).toEqual([pathToFileURL(join(folder, 'masked.html')).href]);
  });

  it('shows who changes and who fails, grouped by outcome at each connection', async () => {
    const { page } = await openPage('masked.html');
    expect(await page.locator('.group').allTextContents()).toEqual([
      '+create at lago 1',
      '~update at lago 3',
      'xinvalid at lago 1',
      '+create at flexprice 1',
      '~update at flexprice 3',
      'xinvalid at flexprice 1',
    ]);
    expect(await page.locator('.callouts .clears').allTextContents()).toEqual(['1× clears url']);
  });

  it('filters by text, connection, outcome, field and clears', async () => {
    const { page } = await openPage('open.html');
    const shown = page.getByRole('status');
    await page.getByLabel('Find').fill('gmbh');
    expect(await idsOn(page)).toEqual(['~acct_1001', '~acct_1001']);
    await page.getByRole('combobox', { name: 'Connection' }).selectOption('lago');
    expect(await idsOn(page)).toEqual(['~acct_1001']);
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await shown.textContent()).toBe('10 of 10 customers shown');
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('invalid');
    expect(await idsOn(page)).toEqual(['xacct_1005 after.jsonl line 5', 'xacct_1005 after.jsonl line 5']);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('combobox', { name: 'Field' }).selectOption('address.city');
    expect(await idsOn(page)).toEqual(['~acct_1001', '~acct_1001']);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByLabel('clears only').check();
    expect(await idsOn(page)).toEqual(['~acct_1002']);
    expect(await shown.textContent()).toBe('1 of 1 customers shown (of 10 in all)');
  });

  it('masks values, and says what was cleared all the same', async () => {
    const { page } = await openPage('masked.html');
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/Nordwind|Piper|Cactus|piper\.example|\+44/);
    const rows = page.locator('.customer', { hasText: 'acct_1002' }).first().locator('tbody tr');
    expect(await rows.allInnerTexts()).toEqual(['phone\t•••• (13)\t•••• (13)', 'url\t•••• (21)\tcleared']);
  });

  it('shows a name that is markup as text', async () => {
    const { page, complaints } = await openPage('open.html');
    expect(await page.locator('.customer', { hasText: 'acct_1003' }).first().locator('.after').textContent()).toBe(
      `${hostile} Ltd`,
    );
    expect([await page.locator('img').count(), await page.title(), complaints]).toEqual([
      0,
      'Dry run: after.jsonl → lago, flexprice',
      [],
    ]);
  });

  it('shows a hundred at a time, and is used with the keyboard alone', async () => {
    const { page } = await openPage('many.html');
    expect(await page.locator('.customer').count()).toBe(100);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show 100 more of 150' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.customer').count()).toBe(200);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('status').textContent()).toBe('250 of 250 customers shown');
    expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0);
  });

  it('is on paper without its controls, all customers on it', async () => {
    const { page } = await openPage('many.html');
    await page.emulateMedia({ media: 'print' });
    await page.pdf();
    expect(await page.locator('.customer').count()).toBe(250);
    expect(await page.getByRole('searchbox').count()).toBe(0);
  });

  it.each([
    ['light', 'light', 1100],
    ['dark', 'dark', 1100],
    ['narrow', 'light', 360],
  ] as const)('fits its window: %s', async (name, colorScheme, width) => {
    const { page } = await openPage('open.html', { colorScheme, viewport: { width, height: 900 } });
    await page.screenshot({ path: `test-results/plan-${name}.png`, fullPage: true });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
