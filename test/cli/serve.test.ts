import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endOf, folderWith, runCli, startBinary, startProviders } from './command-line.js';

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago }, autumn: { provider: autumn } }
jobs:
  often: { source: crm, to: [lago-eu], schedule: every 1h }
  by-hand: { source: crm, to: [autumn] }
`;

describe('serve', () => {
  it('runs what is due at once, leaves the ledger free between runs, and ends cleanly at SIGTERM', async ({
    onTestFinished,
  }) => {
    const { env, emulator } = await startProviders(['lago'], { onTestFinished });
    const cwd = folderWith(
      { 'customer-sync.yaml': configuration, 'customers.jsonl': '{"id":"a","name":"Ann"}\n' },
      { onTestFinished },
    );
    const child = startBinary(['serve', '--first-run'], { env, cwd });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = endOf(child, { env });
    const [first] = await once(child.stdout, 'data');
    expect(String(first)).toMatch(/^often: run 1 done after .*\n {2}lago-eu: 1 created; \d+ requests\n$/);
    expect(emulator('lago').customers()).toHaveLength(1);

    const forget = await runCli(['ledger', 'forget', 'nobody'], { env, cwd });
    expect(forget.stderr).toBe('Nothing is known of nobody.\n');

    child.kill('SIGTERM');
    const { stderr, code } = await ended;
    expect(code).toBe(143);
    expect(stderr).toMatch(/^often: next run at \d{4}-.*Z$/m);
    expect(stderr).not.toContain('by-hand');
  });

  it('finishes what is in flight at SIGTERM, and the next run takes up the rest', async ({ onTestFinished }) => {
    const { env, emulator } = await startProviders(['lago'], { onTestFinished });
    const customers = Array.from({ length: 400 }, (_, index) => `{"id":"c-${index}","name":"x"}\n`).join('');
    // The run takes eight seconds, so that it is still going on when the other commands have had their say.
    emulator('lago').faults.add({ kind: 'delay', ms: 100 }, { times: Number.POSITIVE_INFINITY });
    const cwd = folderWith({ 'customer-sync.yaml': configuration, 'customers.jsonl': customers }, { onTestFinished });
    const child = startBinary(['serve', '--first-run'], { env, cwd });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = endOf(child, { env });
    await expect.poll(() => emulator('lago').customers().length, { timeout: 10_000, interval: 10 }).toBeGreaterThan(20);
    const second = await runCli(['run', 'often'], { env, cwd });
    expect(second.stderr).toMatch(/the ledger .* is being written by .*serve/);
    expect(second.code).toBe(2);
    expect((await runCli(['status', 'often'], { env, cwd })).stdout).toContain('goes on, or was killed');
    child.kill('SIGTERM');
    const { stdout, code } = await ended;
    emulator('lago').faults.clear();
    expect(code).toBe(143);
    expect(stdout).toMatch(/^often: run 1 interrupted/);
    const written = emulator('lago').customers().length;
    expect(written).toBeLessThan(400);
    expect(Number(/(\d+) created/.exec(stdout)?.[1])).toBe(written);
    const { stdout: next } = await runCli(['run', 'often'], { env, cwd });
    expect(next).toContain(`${400 - written} created, ${written} unchanged`);
  });

  it.for<[string, string[], string]>([
    ['no job has a schedule', ['serve', '--first-run', '--config', 'plain.yaml'], 'plain.yaml: no job has a schedule'],
    ['the ledger is not there', ['serve'], 'If this is the first run, say so with --first-run'],
  ])('says when %s', async ([_, args, expected], { onTestFinished }) => {
    const files = {
      'customer-sync.yaml': configuration,
      'plain.yaml': configuration.replace(', schedule: every 1h', ''),
      'customers.jsonl': '{"id":"a"}\n',
    };
    const cwd = folderWith(files, { onTestFinished });
    const { stderr, code } = await runCli(args, { env: { LAGO_API_KEY: 'k-123' }, cwd });
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});
