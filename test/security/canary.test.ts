import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../emulators/faults.js';
import type { Emulator } from '../../emulators/server.js';
import { type CliResult, folderWith, providerIds, runCli, startProviders } from '../cli/command-line.js';
import { openNangoStage } from '../connections/nango-stage.js';
import { canaryRows, filesIn, leaksIn, repeatingAnswer, secretsIn } from './canaries.js';

// Customers whose values can be found again go the ways of the program; then every byte it wrote is searched. Values may
// stand on the stdout of the commands that print customers, in plans and in rejects, which are files of their owner.

const configuration = `
sources:
  crm: { type: file, path: customers.jsonl }
connections:
${providerIds.map((id) => `  ${id}: { provider: ${id} }`).join('\n')}
jobs:
  nightly: { source: crm, to: [${providerIds.join(', ')}] }
`;

/** Files that hold customers because somebody asked for them. */
const asked = ['customers.jsonl', 'plan.json', 'rejects.jsonl'];

type FaultOf = (id: string) => readonly [Fault, times: number];

/** What a provider does to the first requests of every command that are about one customer. */
const faults: Readonly<Record<string, FaultOf>> = {
  'answers as it should': () => [{ kind: 'delay', ms: 0 }, 1],
  'refuses the key': (id) => [{ kind: 'respond', status: 401, body: repeatingAnswer(id) }, 100],
  forbids: (id) => [{ kind: 'respond', status: 403, body: repeatingAnswer(id) }, 100],
  'sees a conflict': (id) => [{ kind: 'respond', status: 409, body: repeatingAnswer(id) }, 2],
  'refuses fields': (id) => [{ kind: 'respond', status: 422, body: repeatingAnswer(id) }, 100],
  breaks: (id) => [{ kind: 'respond', status: 500, body: repeatingAnswer(id) }, 1],
  'answers with a page': (id) => [{ kind: 'respond', status: 502, body: `<p>${repeatingAnswer(id)}` }, 1],
  'answers with another record': (id) => [{ kind: 'respond', status: 200, body: repeatingAnswer(id) }, 100],
  'cuts the connection when the work is done': () => [{ kind: 'reset', commit: true }, 1],
  'cuts its answer off': () => [{ kind: 'truncate' }, 1],
};

/** No list of customers: its answer to a request that names nobody cannot repeat anybody. */
const aboutOne = /^(?!.*customers(?:\?(?!email|external)|\/search|\.list))/;

function letFail({ faults: injector, id }: Emulator<object>, faultOf: FaultOf): void {
  const [fault, times] = faultOf(id);
  injector.clear();
  injector.add(fault, { times, path: aboutOne });
}

/** Commands of one folder, each searched when it has ended. */
async function openBench(faultOf: FaultOf) {
  const stage = await startProviders(providerIds, { onTestFinished });
  const folder = folderWith(
    { 'customer-sync.yaml': configuration, 'customers.jsonl': jsonl(canaryRows) },
    { onTestFinished },
  );
  const ledgerKey = `canary-ledger-key-${'k'.repeat(32)}`;
  const env = { ...stage.env, CUSTOMER_SYNC_LEDGER_KEY: ledgerKey };
  const secrets = [ledgerKey, ...providerIds.map((id) => stage.emulator(id).apiKey)];

  async function cli(...args: string[]): Promise<CliResult> {
    for (const id of providerIds) letFail(stage.emulator(id), faultOf);
    const result = await runCli(args, { env, cwd: folder });
    expect(leaksIn(result.stderr, secrets), args.join(' ')).toEqual([]);
    expect(secretsIn(result.stdout, secrets), args.join(' ')).toEqual([]);
    return result;
  }
  return {
    stage,
    folder,
    secrets,
    /** A command that prints customers. */
    cli,
    /** A command that prints none. */
    async quiet(...args: string[]): Promise<CliResult> {
      const result = await cli(...args);
      expect(leaksIn(result.stdout), args.join(' ')).toEqual([]);
      return result;
    },
  };
}

const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Errors in printed JSON, wherever they stand. */
function errorsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === 'error' ? [member] : errorsIn(member)));
}

describe('no value of a customer and no secret is told or kept when a provider', () => {
  it.each(Object.entries(faults))('%s', async (_what, faultOf) => {
    const { folder, secrets, cli, quiet } = await openBench(faultOf);
    const to = providerIds.join(',');
    await cli('dry-run', 'customers.jsonl', '--to', to);
    await quiet('run', 'nightly', '--first-run', '--allow', 'first_write');
    // From here on an update sends what has changed, and the provider repeats what it was not sent as well.
    writeFileSync(
      join(folder, 'customers.jsonl'),
      jsonl(canaryRows.map((row) => ({ ...row, url: 'https://canary.example' }))),
    );
    await cli('dry-run', '--job', 'nightly', '--out', 'plan.json');
    await quiet('run', 'nightly', '--json');
    await quiet('retry', 'nightly');
    const failing = await quiet('failures');
    await quiet('failures', '--json');
    await quiet('status', '--json');
    await quiet('history', 'acct_1', '--json');
    const applied = await cli('apply', 'customers.jsonl', '--to', to, '--yes', '--json', '--rejects', 'rejects.jsonl');
    const errors = errorsIn(JSON.parse(applied.stdout));
    expect(leaksIn(JSON.stringify(errors))).toEqual([]);
    // Nothing can be leaked by who says nothing.
    expect(failing.stdout).toContain('acct_3');
    expect(errors.length).toBeGreaterThan(0);

    const files = filesIn(folder);
    expect(files.map(({ file }) => file)).toEqual(
      expect.arrayContaining([join('.customer-sync', 'ledger.db'), expect.stringMatching(/nightly-000002\.json$/)]),
    );
    for (const { file, text } of files) {
      expect(asked.includes(file) ? secretsIn(text, secrets) : leaksIn(text, secrets), file).toEqual([]);
    }
  });
});

describe('no value of a customer and no secret is told through Nango when a provider', () => {
  it.each(Object.entries(faults))('%s', async (_what, faultOf) => {
    const id = 'lago';
    const stage = await openNangoStage({ providers: [id], actions: ['upsert-customers-batch', 'plan-customers'] });
    onTestFinished(() => stage.close());
    const cwd = folderWith({ 'customers.jsonl': jsonl(canaryRows) }, { onTestFinished });
    const secrets = [stage.nango.secretKey, stage.emulator(id).apiKey];
    for (const via of ['nango-proxy', 'nango-action']) {
      for (const command of [['dry-run'], ['apply', '--yes']]) {
        letFail(stage.emulator(id), faultOf);
        const args = [...command, 'customers.jsonl', '--json', '--to', id, '--via', via, '--connection-id', 'acme'];
        const { stderr, stdout } = await runCli(args, { cwd, env: stage.env });
        const errors = errorsIn(JSON.parse(stdout));
        expect(leaksIn(stderr + JSON.stringify(errors), secrets), args.join(' ')).toEqual([]);
        expect(secretsIn(stdout, secrets), args.join(' ')).toEqual([]);
        expect(errors.length, args.join(' ')).toBeGreaterThan(0);
      }
    }
    expect(leaksIn(JSON.stringify(stage.nango.logs), secrets)).toEqual([]);
  });
});

it('the search finds what it looks for', () => {
  expect(leaksIn('{"error":"Canaryfirst is refused"}')).toEqual(['{"error":"Canaryfirst is refused"}']);
  expect(leaksIn('call 015112345678')).toEqual(['call 015112345678']);
  expect(leaksIn('key sk_1', ['sk_1', 'sk_2'])).toEqual(['sk_1']);
  expect(leaksIn('acct_1 is refused', ['sk_1'])).toEqual([]);
});
