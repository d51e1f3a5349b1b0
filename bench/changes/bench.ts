import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { nextMessage, startChild } from '../child.js';
import { median } from '../statistics.js';
import { formatCount, formatTable } from '../table.js';
import { writeRows } from './rows.js';

const rounds = 3;
const changedCount = 100_000;

/** Who takes the changed customers: one that shows what the client costs, and one that answers as Lago does. */
const servers = { 'a server that does nothing': './server.js', "Lago's emulator": './emulator.js' };
const resultSchema = z.object({ perSecond: z.number(), peakMb: z.number() });
type Result = z.infer<typeof resultSchema>;

/** Prints what a run over unchanged customers costs, and one over customers that have all changed. */
export async function benchChanges(print: (text: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-sync-bench-'));
  try {
    for (const count of [100_000, 1_000_000]) await benchUnchanged(folder, count, print);
    for (const [name, server] of Object.entries(servers)) await benchChanged(folder, name, server, print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchUnchanged(folder: string, count: number, print: (text: string) => void): Promise<void> {
  const file = join(folder, `${count}.jsonl`);
  const ledger = join(folder, `${count}.db`);
  await writeRows(file, count, 0);
  await measure('fill', file, ledger);
  const results: Record<'floor' | 'unchanged', Result[]> = { floor: [], unchanged: [] };
  for (let round = 0; round < rounds; round += 1) {
    results.floor.push(await measure('floor', file));
    results.unchanged.push(await measure('unchanged', file, ledger));
  }
  print(`\n### ${formatCount(count)} unchanged customers, JSONL, no request\n`);
  print(
    table([
      ['read line + JSON.parse + SHA-256', results.floor],
      ['customer-sync run', results.unchanged],
    ]),
  );
}

async function benchChanged(
  folder: string,
  name: string,
  module: string,
  print: (text: string) => void,
): Promise<void> {
  const server = startChild(new URL(module, import.meta.url));
  try {
    const { port } = z.object({ port: z.int() }).parse(await nextMessage(server, name));
    const origin = `http://127.0.0.1:${port}`;
    const file = join(folder, 'changed.jsonl');
    const ledger = join(folder, `${name}.db`);
    await writeRows(file, changedCount, 0);
    await measure('created', file, ledger, origin);
    const results: Record<'axios' | 'updated', Result[]> = { axios: [], updated: [] };
    for (let round = 1; round <= rounds; round += 1) {
      await writeRows(file, changedCount, round);
      results.axios.push(await measure('axios', file, ledger, origin));
      results.updated.push(await measure('updated', file, ledger, origin));
    }
    print(
      `\n### ${formatCount(changedCount)} changed customers, one request each, at ${name}, 32 in flight, no rate limit\n`,
    );
    print(
      table([
        ['bare axios loop', results.axios],
        ['customer-sync run', results.updated],
      ]),
    );
  } finally {
    server.kill();
  }
}

/** Each measurement has a process of its own, so that its memory is its own. */
async function measure(task: string, ...values: readonly string[]): Promise<Result> {
  const worker = startChild(new URL('./worker.js', import.meta.url), [task, ...values]);
  return resultSchema.parse(await nextMessage(worker, task));
}

function table(contenders: readonly (readonly [name: string, results: readonly Result[]])[]): string {
  const rate = (results: readonly Result[]) => median(results.map(({ perSecond }) => perSecond));
  const floor = rate(contenders[0]?.[1] ?? []);
  return formatTable(
    ['', 'median /s', 'of the first', 'peak MB'],
    contenders.map(([name, results]) => [
      name,
      formatCount(rate(results)),
      (rate(results) / floor).toFixed(2),
      formatCount(Math.max(...results.map(({ peakMb }) => peakMb))),
    ]),
  );
}
