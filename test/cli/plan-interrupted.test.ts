import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endOf, folderWith, runCli, startBinary, startProviders, writesTo } from './command-line.js';

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

/** A job that has written forty customers; from now on every answer takes a while. */
async function written(ending: Ending) {
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
    lago.faults.add({ kind: 'delay', ms: 30 }, { times: Number.POSITIVE_INFINITY });
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
  return { stage, cli, feed, lago, interrupted };
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
  const next = await cli(...options);
  expect(next.stdout).toContain(`; ${30 - archived} archived that left the source; `);
  expect(lago.customers()).toHaveLength(10);
});
