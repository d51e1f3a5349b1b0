import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type NangoStage, openNangoStage } from '../connections/nango-stage.js';
import { folderWith, runCli } from './command-line.js';

const twoCustomers = '{"id":"a","name":"Ann"}\n{"id":"b","name":"Bo"}\n';

let stage: NangoStage;
let cwd: string;

beforeAll(async () => {
  stage = await openNangoStage({
    providers: ['lago'],
    actions: ['upsert-customers-batch', 'plan-customers'],
    connections: [
      { connectionId: 'tenant-1', providerConfigKey: 'lago', tags: { plan: 'gold' } },
      { connectionId: 'tenant-2', providerConfigKey: 'lago', tags: { plan: 'gold' } },
    ],
    rateLimits: true,
  });
});
beforeEach(() => {
  stage.reset();
  cwd = folderWith({ 'in.jsonl': twoCustomers }, { onTestFinished });
});
afterAll(() => stage.close());

function run(command: string, ...args: string[]) {
  return runCli([command, 'in.jsonl', '--to', 'lago', ...args], { cwd, env: stage.env });
}

const proxied = ['--via', 'nango-proxy', '--connection-id', 'acme'];
const byAction = ['--via', 'nango-action', '--connection-id', 'acme'];

describe('through Nango', () => {
  it.each([
    ['nango-proxy', proxied],
    ['nango-action', byAction],
  ])('apply writes, and dry-run then finds nothing to do: %s', async (via, args) => {
    const before = await run('dry-run', ...args);
    expect(before.stdout).toContain('\nlago: 2 customers: 2 create\n');
    expect(stage.emulator('lago').customers()).toEqual([]);

    const applied = await run('apply', ...args, '--yes');
    expect(applied.stdout).toContain(
      `  lago  ${stage.nango.url} ${via}: integration lago, connection acme (live or test: Nango has the key), key `,
    );
    expect(applied.stdout).toContain('\nlago: 2 customers: 2 created\n');
    expect([applied.stderr, applied.code]).toEqual(['', 0]);
    expect(stage.emulator('lago').customers()).toHaveLength(2);

    expect((await run('dry-run', ...args)).stdout).toContain('\nlago: 2 customers: 2 unchanged\n');
  });

  it("dry-run says that Nango's limit is what makes it slow", async () => {
    const { stdout } = await run('dry-run', ...proxied);
    expect(stdout).toContain(
      "\n    ! Nango's own limit is the bottleneck: 200 requests a minute, half of them used, are 1.5 a second; Lago would take 20.0 a second\n",
    );
    const markdown = await run('dry-run', ...proxied, '--format', 'markdown');
    expect(markdown.stdout).toContain("\n\nNango's own limit is the bottleneck: 200 requests a minute");
    expect(markdown.stdout).toContain('nango-proxy: integration lago, connection acme)');
    const { targets } = JSON.parse((await run('dry-run', ...proxied, '--json')).stdout);
    expect(targets).toEqual([
      {
        to: 'lago',
        base_url: stage.nango.url,
        environment: 'live or test: Nango has the key',
        key: expect.stringMatching(/^[0-9a-f]{8}$/),
        via: 'nango-proxy',
        integration: 'lago',
        connection_id: 'acme',
        notes: [expect.stringContaining("Nango's own limit is the bottleneck")],
      },
    ]);
  });

  it('--tags writes to every connection that has them, and counts each', async () => {
    const { stdout, code } = await run('apply', '--via', 'nango-action', '--tags', 'plan=gold', '--yes');
    expect(stdout).toMatch(/\nlago\/tenant-1: 2 customers: [\s\S]*\nlago\/tenant-2: 2 customers: /);
    expect(stdout).toContain('Nango runs asynchronous actions one after another: 2 connections take turns');
    expect(code).toBe(0);
  });

  it('a configured set is written to by its name', async () => {
    const configuration = `
connections:
  tenants:
    provider: lago
    via: nango-proxy
    select: { tags: { plan: gold } }
    nango: { host: "${stage.nango.url}", secret_key: "\${env:OUR_KEY}" }
`;
    cwd = folderWith({ 'in.jsonl': twoCustomers, 'customer-sync.yaml': configuration }, { onTestFinished });
    const env = { OUR_KEY: stage.nango.secretKey };
    const { stdout, stderr, code } = await runCli(['apply', 'in.jsonl', '--to', 'tenants', '--yes'], { cwd, env });
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toMatch(/\ntenants\/tenant-1: 2 customers: [\s\S]*\ntenants\/tenant-2: 2 customers: /);
    expect(stage.emulator('lago').customers()).toHaveLength(2);
  });

  it('dry-run --offline asks Nango nothing, and says what it cannot know', async () => {
    const { stdout, code } = await runCli(['dry-run', 'in.jsonl', '--to', 'lago', '--offline', ...proxied], { cwd });
    expect(stdout).toContain("! offline: without the mapping overlay that the connection's metadata in Nango may hold");
    expect(stdout).toContain('\nlago: 2 customers: 2 create\n');
    expect(code).toBe(0);
    expect(stage.nango.requests).toEqual([]);
  });

  it('an action that is not deployed ends the run at once', async () => {
    const other = await openNangoStage({ providers: ['lago'] });
    onTestFinished(() => other.close());
    const args = ['apply', 'in.jsonl', '--to', 'lago', ...byAction, '--yes'];
    const { stdout, code } = await runCli(args, { cwd, env: other.env });
    expect(stdout).toContain('the action upsert-customers-batch is not deployed for the integration "lago" in Nango');
    expect(stdout).toContain("-> Deploy it (docs/nango.md), or go through Nango's proxy");
    expect(code).toBe(2);
  });
});

describe('options that do not fit', () => {
  it.each([
    ['--via alone', ['--via', 'nango-proxy'], '--via nango-proxy does not say which connection of Nango'],
    ['a connection without --via', ['--connection-id', 'acme'], '--connection-id is for connections through Nango'],
    ['tags without --via', ['--tags', 'a=b'], '--tags is for connections through Nango'],
    ['both ways to name them', [...proxied, '--tags', 'a=b'], '--connection-id and --tags both say which connection'],
    [
      'one integration for two providers',
      [...proxied, '--to', 'lago,autumn', '--integration', 'x'],
      '--integration names one integration, and --to names 2 providers',
    ],
    [
      'an overlay for an action',
      [...byAction, '--overlay', 'lago=x.json'],
      '--overlay lago: the deployed action takes its overlay from the connection in Nango',
    ],
    ['tags that are none', ['--via', 'nango-proxy', '--tags', 'gold'], 'Write it as name=value, such as plan=gold.'],
    ['another way', ['--via', 'nango'], 'Allowed choices are nango-proxy, nango-action.'],
  ])('%s', async (_, args, message) => {
    const { stdout, stderr, code } = await run('dry-run', ...args);
    expect(stderr).toContain(message);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stage.nango.requests).toEqual([]);
  });
});

it.each([
  ['no key', { NANGO_SECRET_KEY: '' }, 'NANGO_SECRET_KEY is not set'],
  ['the key of nobody', { NANGO_SECRET_KEY: '11111111-1111-4111-8111-111111111111' }, 'does not accept the secret key'],
  ['an address where nothing listens', { NANGO_HOST: 'http://127.0.0.1:1' }, 'Nango cannot be reached'],
])('%s ends the program with 2 and a remedy', async (_, env, message) => {
  const { stdout, stderr, code } = await runCli(['apply', 'in.jsonl', '--to', 'lago', ...proxied, '--yes'], {
    cwd,
    env: { ...stage.env, ...env },
  });
  expect(stderr).toMatch(/^error \(\w+\): .*\n {2}-> .*NANGO_/);
  expect(stderr).toContain(message);
  expect([stdout, code]).toEqual(['', 2]);
});
