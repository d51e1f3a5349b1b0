import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endOf, folderWith, runCli, startBinary, startProviders, writesTo } from './command-line.js';
import { openTerminal } from './terminal.js';

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs:
  nightly: { source: crm, to: [lago-eu], mode: mirror, allow_archive: true, consents: [end_subscriptions], guards: { max_archived: 50 } }
`;

const size = 40;
const customers = (name: string) =>
  Array.from({ length: size }, (_, number) => `${JSON.stringify({ id: `c${number}`, name: `${name} ${number}` })}\n`);

/** A job that has written forty customers; while something is interrupted, every answer takes a while. */
async function written(ending: Ending, delayMs = 30) {
  const stage = await startProviders(['lago'], ending);
  const files = { 'customer-sync.yaml': configuration, 'customers.jsonl': customers('Old').join('') };
  const cwd = folderWith(files, ending);
  const cli = (...args: string[]) => runCli(args, { env: stage.env, cwd });
  const feed = (lines: readonly string[]) => writeFileSync(join(cwd, 'customers.jsonl'), lines.join(''));
  await cli('run', 'nightly', '--first-run');
  const lago = stage.emulator('lago');
  /** The built program, with a signal as soon as the provider has been asked so often in this way. */
  const interrupted = async (method: string, signal: NodeJS.Signals, ...args: string[]) => {
    lago.requests.length = 0;
    lago.faults.add({ kind: 'delay', ms: delayMs }, { method, times: Number.POSITIVE_INFINITY });
    const child = startBinary([...args, '--concurrency', '2'], { env: stage.env, cwd });
    ending.onTestFinished(() => void child.kill('SIGKILL'));
    const ended = endOf(child, { env: stage.env });
    const asked = () => lago.requests.filter((request) => request.method === method).length;
    await expect.poll(asked, { timeout: 15_000, interval: 5 }).toBeGreaterThan(4);
    child.kill(signal);
    const result = await ended;
    lago.faults.clear();
    return { ...result, asked: asked() };
  };
  return { stage, cwd, cli, feed, lago, interrupted };
}

it('an interrupt ends the planning of a reverse plan, and nothing is sent', async ({ onTestFinished }) => {
  const { stage, cli, feed, interrupted } = await written({ onTestFinished });
  feed(customers('New'));
  await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
  await cli('apply', 'plan.json', '--yes');
  await cli('dry-run', '--reverse', 'plan.json', '--out', 'back.json');
  const { code, stdout, stderr, asked } = await interrupted('GET', 'SIGINT', 'apply', 'back.json', '--yes');
  expect(code).toBe(130);
  expect(asked).toBeLessThan(size);
  expect(stderr).toBe('Finishing what is in flight; once more ends at once.\nlago-eu: nothing was sent: interrupted\n');
  expect(stdout).toBe('');
  expect(writesTo(stage, 'lago')).toEqual([]);
});

it('an interrupt in the middle of archives says how many were, and leaves the rest', async ({ onTestFinished }) => {
  const { cli, feed, lago, interrupted } = await written({ onTestFinished });
  feed(customers('Old').slice(30));
  await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
  const options = ['apply', 'plan.json', '--yes', '--allow', 'shrunk'];
  const { code, stdout, stderr } = await interrupted('DELETE', 'SIGTERM', ...options);
  const archived = size - lago.customers().length;
  expect(code).toBe(143);
  expect(archived).toBeGreaterThan(3);
  expect(archived).toBeLessThan(30);
  expect(stdout).toMatch(/^nightly: run 2 interrupted after /);
  expect(stdout).toContain(`; ${archived} archived that left the source; `);
  expect(stderr).not.toContain('refused');
  expect(stderr).toContain(
    `lago-eu: interrupted; left of the plan: ${30 - archived} archive. Apply it again to go on.\n`,
  );
  const next = await cli(...options);
  expect(next.stdout).toContain(`; ${30 - archived} archived that left the source; `);
  expect(lago.customers()).toHaveLength(10);
});

/** Five customers changed and ten left; the plan for that is kept, and interrupted when the fifth update is under way. */
async function interruptedBetween(ending: Ending, ...options: string[]) {
  const { cli, feed, lago, interrupted } = await written(ending, 250);
  feed([...customers('New').slice(0, 5), ...customers('Old').slice(5, 30)]);
  await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
  const apply = ['apply', 'plan.json', '--yes', '--allow', 'shrunk', ...options];
  const result = await interrupted('POST', 'SIGINT', ...apply);
  expect(lago.customers()).toHaveLength(size);
  return { ...result, cli, lago };
}

it('an interrupt between the updates and the archives says how many archives are left', async ({ onTestFinished }) => {
  const { code, stdout, stderr, cli, lago } = await interruptedBetween({ onTestFinished });
  expect(code).toBe(130);
  expect(stdout).toMatch(/^nightly: run 2 interrupted after .*\n {2}lago-eu: 5 updated; \d+ requests\n$/);
  expect(stderr).toContain('\nlago-eu: interrupted; left of the plan: 10 archive. Apply it again to go on.\n');
  const again = await cli('apply', 'plan.json', '--yes', '--allow', 'shrunk');
  expect(again.stdout).toContain('; 10 archived that left the source; ');
  expect(lago.customers()).toHaveLength(30);
});

it('an interrupt between the updates and the archives is in the JSON', async ({ onTestFinished }) => {
  const { code, stdout } = await interruptedBetween({ onTestFinished }, '--json');
  expect(JSON.parse(stdout)).toEqual({
    plan: 'plan.json',
    interrupted: true,
    reports: [expect.objectContaining({ ended: 'interrupted' })],
    refused: [],
    unsent: [{ to: 'lago-eu', reason: 'interrupted', actions: { archive: 10 } }],
  });
  expect(code).toBe(130);
});

describe('a dry run that is interrupted', () => {
  it.for([
    ['of a file', 'SIGINT', 130, ['customers.jsonl', '--to', 'lago-eu']],
    ['of a job', 'SIGTERM', 143, ['--job', 'nightly']],
  ] as const)('%s shows what was planned, and how many were not looked at', async (row, { onTestFinished }) => {
    const [_, signal, ends, subject] = row;
    const { stage, feed, interrupted } = await written({ onTestFinished });
    feed(customers('New'));
    const { code, stdout, stderr } = await interrupted('GET', signal, 'dry-run', ...subject);
    const [, planned, unseen] = /\nlago-eu: 40 customers: (\d+) update, (\d+) not_attempted\n/.exec(stdout) ?? [];
    expect(code).toBe(ends);
    expect(Number(planned)).toBeGreaterThan(3);
    expect(Number(unseen)).toBeGreaterThan(3);
    expect(stdout).toContain(`\n~ update: ${planned} customers\n  ~ c0\n      name: Old 0 -> New 0\n`);
    expect(stdout).toContain(`\n  interrupted: ${unseen} customers were not looked at\n`);
    expect(stderr).toMatch(/(^|\n)Finishing what is in flight; once more ends at once\.\n$/);
    expect(writesTo(stage, 'lago')).toEqual([]);
  });

  it.for([
    ['of a file', ['customers.jsonl', '--to', 'lago-eu']],
    ['of a job', ['--job', 'nightly']],
  ] as const)('%s says so in its JSON, which is whole', async ([_, subject], { onTestFinished }) => {
    const { feed, interrupted } = await written({ onTestFinished });
    feed(customers('New'));
    const { code, stdout } = await interrupted('GET', 'SIGINT', 'dry-run', ...subject, '--json');
    const { summary, results } = JSON.parse(stdout);
    const [{ counts }] = summary.targets;
    expect(summary).toMatchObject({ rows: size, interrupted: true });
    expect(counts).toEqual({ update: expect.any(Number), not_attempted: expect.any(Number) });
    expect(counts.update + counts.not_attempted).toBe(size);
    expect(results.filter((result: object) => 'plan' in result)).toHaveLength(counts.update);
    expect(code).toBe(130);
  });

  it('of a job counts who needs nothing among those that were looked at', async ({ onTestFinished }) => {
    const { feed, interrupted } = await written({ onTestFinished });
    feed([...customers('Old').slice(0, 10), ...customers('New').slice(10)]);
    const { stdout } = await interrupted('GET', 'SIGINT', 'dry-run', '--job', 'nightly', '--json');
    const [{ counts }] = JSON.parse(stdout).summary.targets;
    expect(counts).toEqual({ unchanged: 10, update: expect.any(Number), not_attempted: expect.any(Number) });
    expect(counts.update + counts.not_attempted).toBe(30);
  });

  it.for(['markdown', 'html', 'csv'])('says so as %s', async (format, { onTestFinished }) => {
    const { feed, interrupted } = await written({ onTestFinished });
    feed(customers('New'));
    const subject = ['dry-run', 'customers.jsonl', '--to', 'lago-eu', '--format', format];
    const { stdout, stderr } = await interrupted('GET', 'SIGINT', ...subject);
    expect(format === 'csv' ? stderr : stdout).toMatch(/interrupted: \d+ customers were not looked at/);
  });

  it.for([
    ['of a job', ['--job', 'nightly']],
    ['that takes a plan back', ['--reverse', 'plan.json']],
  ] as const)('%s keeps no plan', async ([_, subject], { onTestFinished }) => {
    const { cwd, cli, feed, interrupted } = await written({ onTestFinished });
    feed(customers('New'));
    await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    if (subject[0] === '--reverse') await cli('apply', 'plan.json', '--yes');
    const { code, stderr } = await interrupted('GET', 'SIGINT', 'dry-run', ...subject, '--out', 'half.json');
    expect(code).toBe(130);
    expect(stderr).toContain('\nNo plan was written to half.json, since the planning did not come to its end.\n');
    expect(existsSync(join(cwd, 'half.json'))).toBe(false);
  });

  it('ends at once when the signal comes a second time', async ({ onTestFinished }) => {
    const { stage, cwd, feed, lago } = await written({ onTestFinished });
    feed(customers('New'));
    lago.requests.length = 0;
    lago.faults.add({ kind: 'hang' }, { times: Number.POSITIVE_INFINITY });
    const child = startBinary(['dry-run', 'customers.jsonl', '--to', 'lago-eu'], { env: stage.env, cwd });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = endOf(child, { env: stage.env });
    await expect.poll(() => lago.requests.length, { timeout: 15_000, interval: 5 }).toBeGreaterThan(0);
    child.stderr.once('data', () => child.kill('SIGINT'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  it.for([
    ['of a file', ['customers.jsonl', '--to', 'lago-eu']],
    ['of a job', ['--job', 'nightly']],
  ] as const)('%s hears the signal though a line of progress runs', async ([_, subject], { onTestFinished }) => {
    const { stage, cwd, feed, lago } = await written({ onTestFinished });
    feed(customers('New'));
    lago.requests.length = 0;
    lago.faults.add({ kind: 'delay', ms: 30 }, { times: Number.POSITIVE_INFINITY });
    const home = process.cwd();
    process.chdir(cwd);
    onTestFinished(() => process.chdir(home));
    const terminal = openTerminal({ ...stage.env, TERM: 'xterm' });
    const ended = terminal.run(['dry-run', ...subject, '--concurrency', '2']);
    await expect.poll(() => lago.requests.length, { timeout: 15_000, interval: 5 }).toBeGreaterThan(4);
    process.emit('SIGINT', 'SIGINT');
    expect(await ended).toBe(130);
    expect(terminal.stderr()).toContain('planning');
    expect(terminal.stdout()).toMatch(/interrupted: \d+ customers were not looked at/);
  });
});
