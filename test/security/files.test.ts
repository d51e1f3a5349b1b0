import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderWith, runCli, startProviders } from '../cli/command-line.js';
import { canaryRows, filesIn } from './canaries.js';

const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu] } }
`;

it('plans, rejects, reports, the ledger, its key and its lock are for their owner alone, whatever the umask', async () => {
  const stage = await startProviders(['lago'], { onTestFinished });
  const customers = canaryRows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const cwd = folderWith({ 'customer-sync.yaml': configuration, 'customers.jsonl': customers }, { onTestFinished });
  const before = filesIn(cwd).map(({ file }) => file);
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  for (const args of [
    ['run', 'nightly', '--first-run', '--allow', 'first_write'],
    ['dry-run', '--job', 'nightly', '--out', 'plan.json'],
    ['apply', 'customers.jsonl', '--to', 'lago', '--yes', '--rejects', 'rejects.jsonl'],
  ]) {
    await runCli(args, { cwd, env: stage.env });
    // After each, since a later command closes what an earlier one left open.
    for (const { file, mode } of filesIn(cwd).filter((kept) => !before.includes(kept.file)))
      expect([file, mode.toString(8)]).toEqual([file, '600']);
  }
  const made = filesIn(cwd).filter(({ file }) => !before.includes(file));
  expect(made.map(({ file }) => file)).toEqual(
    expect.arrayContaining([
      'plan.json',
      'rejects.jsonl',
      join('.customer-sync', 'ledger.db'),
      join('.customer-sync', 'ledger.db.key'),
      join('.customer-sync', 'reports', 'nightly-000001.json'),
    ]),
  );
});
