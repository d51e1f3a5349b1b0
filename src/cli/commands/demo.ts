import Table from 'cli-table3';
import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import type { Outcome } from '../../../schemas/outcome.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import { isObject } from '../../core/mapping/path.js';
import { createLocalHost } from '../../hosts/local-host.js';
import type { SourceRow } from '../../runner/row.js';
import { createRunner, type RowResult, type Runner } from '../../runner/runner.js';
import { openSource } from '../../sources/open-source.js';
import { type Console, type OutputStream, paint } from '../console.js';
import { type RunningEmulator, startEmulators } from '../emulators.js';
import { writeText } from '../output.js';
import { packageFile } from '../package-file.js';
import { programName } from '../program-name.js';
import { countsText, createTally, type Summary } from '../report/summary.js';
import { createTextReport } from '../report/text.js';

const example = 'examples/customers.jsonl';

/** What somebody changes in the source between the two runs of the demo. */
const edits: Readonly<Record<string, Record<string, unknown>>> = {
  acct_1003: { name: 'Amélie Lefèvre-Roux', last_name: 'Lefèvre-Roux', phone: null },
  acct_1012: { name: 'Maple Leaf Ledger Co.', address: { line1: '88 Queens Quay W' }, metadata: { plan: 'growth' } },
  acct_1026: { name: 'Lumen Laboratories', metadata: { seats: 1500, contract: null } },
};

export function addDemo(command: Command, console: Console): void {
  command.action(() => demo(console));
}

async function demo(console: Console): Promise<void> {
  const { stdout } = console;
  const print = (text: string) => writeText(stdout, text);
  const step = (text: string) => print(`\n${paint(stdout, 'bold', text)}\n`);
  const emulators = await startEmulators(builtInProviders, { rateLimits: false });
  try {
    const runner = createRunner({ providers: builtInProviders });
    const targets = emulators.map((running) => targetOf(runner, running));
    const connections = targets.map(({ connection }) => connection);
    const rows = await readRows();

    await step(`1. Stand-ins for ${targets.length} providers on this machine, their rate limits lifted`);
    for (const { connection, account } of targets) await print(`   ${connection.name.padEnd(10)} ${account.baseUrl}\n`);

    await step(`2. Dry run of ${example}: reads only`);
    const first = await tally(targets, runner.dryRun(connections, rows));
    await print(countLines(first));
    await print('   one customer of it, at Lago:\n');
    await print(await sample(stdout, targets, runner, rows));

    await step('3. Apply to all of them');
    const applied: RowResult[] = [];
    await print(countLines(await tally(targets, runner.apply(connections, rows), applied)));
    await print(failureLines(applied));

    await step(`4. Three customers change in the source: ${Object.keys(edits).join(', ')}. Dry run again:`);
    const report = createTextReport({ stdout, verbose: false, show: 20 });
    report.head({ mode: 'dry_run', source: example, targets, offline: false });
    const changed = rows.map(withEdit);
    const again: RowResult[] = [];
    const second = await tally(targets, runner.dryRun(connections, changed), again);
    for (const result of again.filter(isChanged)) await print(report.row(result));

    await step('5. Summary');
    await print(summaryTable(targets, emulators, applied, second));
    await print(
      `\nYours next, with a file or a database of your own; it needs no key:\n  ${programName(console)} init\n`,
    );
  } finally {
    await Promise.all(emulators.map(({ emulator }) => emulator.close()));
  }
}

function isChanged({ results }: RowResult): boolean {
  return results.some((result) => result.kind === 'plan' && result.plan.action !== 'unchanged');
}

function targetOf(runner: Runner, { definition, emulator }: RunningEmulator): OpenedConnection {
  const host = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
  const connection = runner.connect({ to: definition.id, host, rateShare: 'unpaced' });
  return {
    connection,
    definition,
    account: { baseUrl: emulator.url, key: 'demo', environment: 'this machine' },
    notes: [],
  };
}

async function readRows(): Promise<SourceRow[]> {
  const source = await openSource({ path: packageFile(example) });
  const rows: SourceRow[] = [];
  for await (const row of source.rows()) rows.push(row);
  return rows;
}

async function tally(
  targets: readonly OpenedConnection[],
  results: AsyncIterable<RowResult>,
  keep?: RowResult[],
): Promise<Summary> {
  const counts = createTally(targets);
  for await (const result of results) {
    counts.add(result);
    keep?.push(result);
  }
  return counts.summary();
}

function countLines({ targets }: Summary): string {
  return targets.map(({ to, counts }) => `   ${to.padEnd(10)} ${countsText(counts)}\n`).join('');
}

async function sample(
  stdout: OutputStream,
  targets: readonly OpenedConnection[],
  runner: Runner,
  rows: readonly SourceRow[],
): Promise<string> {
  const report = createTextReport({ stdout, verbose: false, show: 20 });
  const lago = targets.filter(({ definition }) => definition.id === 'lago');
  report.head({ mode: 'dry_run', source: example, targets: lago, offline: false });
  const lines: string[] = [];
  const results = runner.dryRun(
    lago.map(({ connection }) => connection),
    rows.slice(1, 2),
  );
  for await (const result of results) lines.push(report.row(result));
  return lines.join('').replace(/^/gm, '   ').trimEnd().concat('\n');
}

/** Each failed row once, with all that was said about it. */
function failureLines(results: readonly RowResult[]): string {
  return results
    .flatMap(({ row, results: outcomes }) => {
      const failed = outcomes.flatMap((result) =>
        result.kind === 'outcome' && result.outcome.error !== undefined ? [result.outcome] : [],
      );
      const reasons = new Set(failed.map(({ error }) => error?.message));
      return [...reasons].map(
        (reason) => `   ${failed[0]?.status} ${nameOf(failed, row)} (${placesOf(failed, reason)}): ${reason}\n`,
      );
    })
    .join('');
}

function nameOf(failed: readonly Outcome[], { at }: SourceRow): string {
  return failed[0]?.customer_id ?? at ?? 'a row';
}

function placesOf(failed: readonly Outcome[], reason: string | undefined): string {
  return failed
    .filter(({ error }) => error?.message === reason)
    .map(({ to }) => to)
    .join(', ');
}

function withEdit(row: SourceRow): SourceRow {
  const { value } = row;
  const edit = isObject(value) ? edits[String(value['id'])] : undefined;
  if (edit === undefined || !isObject(value)) return row;
  const merged = Object.entries(edit).map(([key, change]) => {
    const before = value[key];
    return [key, isObject(change) && isObject(before) ? { ...before, ...change } : change];
  });
  return { ...row, value: { ...value, ...Object.fromEntries(merged) } };
}

function summaryTable(
  targets: readonly OpenedConnection[],
  emulators: readonly RunningEmulator[],
  applied: readonly RowResult[],
  again: Summary,
): string {
  const table = new Table({
    head: ['provider', 'created', 'conflict', 'invalid', 'held there', 'requests', 'then: update', 'unchanged'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const [index, { connection }] of targets.entries()) {
    const statuses = applied
      .map(({ results }) => results[index])
      .map((result) => (result?.kind === 'outcome' ? result.outcome.status : ''));
    const count = (status: string) => statuses.filter((candidate) => candidate === status).length;
    const emulator = emulators[index]?.emulator;
    const counts = again.targets[index]?.counts ?? {};
    table.push([
      connection.name,
      count('created'),
      count('conflict'),
      count('invalid'),
      emulator?.customers().length ?? 0,
      emulator?.requests.length ?? 0,
      counts.update ?? 0,
      counts.unchanged ?? 0,
    ]);
  }
  return `${table.toString()}\n`;
}
