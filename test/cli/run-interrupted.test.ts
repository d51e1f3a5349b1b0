import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { endOf, folderWith, runCli, startBinary, startProviders } from './command-line.js';

const configuration = `
sources:
  crm: { type: sqlite, path: crm.db, query: "SELECT id, name, updated_at FROM people", watermark: { column: updated_at, overlap: 1m } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu] } }
`;
const size = 300;

it('SIGTERM ends a run with 143, and the next one reads on from where it was', async (context) => {
  const { env, emulator } = await startProviders(['lago'], context);
  const cwd = folderWith({ 'customer-sync.yaml': configuration }, context);
  fill(join(cwd, 'crm.db'));
  const lago = emulator('lago');
  lago.faults.add({ kind: 'delay', ms: 50 }, { times: Number.POSITIVE_INFINITY });
  const child = startBinary(['run', 'nightly', '--first-run', '--json'], { env, cwd });
  context.onTestFinished(() => void child.kill('SIGKILL'));
  const ended = endOf(child, { env });
  await expect.poll(() => lago.customers().length, { timeout: 15_000, interval: 10 }).toBeGreaterThan(30);
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  expect(code).toBe(143);
  const written = lago.customers().length;
  expect(written).toBeLessThan(size);
  expect(JSON.parse(stdout)).toMatchObject([{ ended: 'interrupted', targets: [{ outcomes: { created: written } }] }]);

  lago.faults.clear();
  const next = await runCli(['run', 'nightly', '--json'], { env, cwd });
  expect(next.code).toBe(0);
  const [{ source, targets }] = JSON.parse(next.stdout);
  expect(targets).toMatchObject([{ outcomes: { created: size - written } }]);
  expect(lago.customers()).toHaveLength(size);
  // Whoever was finished is not even read again, but for the last one, which stands at the position.
  expect(source.rows).toBeLessThan(size - written + 30);
});

/** Customers that changed an hour after one another. */
function fill(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE people (id TEXT, name TEXT, updated_at TEXT)');
  const insert = database.prepare('INSERT INTO people VALUES (?, ?, ?)');
  for (let index = 0; index < size; index += 1)
    insert.run(`c-${index}`, `Joe Able${index}`, new Date(Date.UTC(2026, 0, 1, index)).toISOString());
  database.close();
}
