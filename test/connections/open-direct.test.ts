import { describe, expect, it, onTestFinished } from 'vitest';
import type { DirectConnectionSettings } from '../../schemas/connection.js';
import { accountText } from '../../src/connections/account.js';
import { openConnections } from '../../src/connections/open-connections.js';
import { folderWith } from '../cli/command-line.js';
import { collect } from '../runner/shelf.js';
import { runner } from './nango-stage.js';

async function open(settings: Omit<DirectConnectionSettings, 'provider'>, env: Record<string, string> = {}) {
  const all = new Map([['mine', { provider: 'lago', ...settings }]]);
  const [opened] = await openConnections(all, { runner, env, offline: false });
  return opened ?? expect.fail('nothing was opened');
}

const credentials = { api_key: 'key-of-the-settings' };
const env = { LAGO_API_KEY: 'key-of-the-environment', LAGO_BASE_URL: 'https://lago.example.test/api/v1' };

describe('a direct connection', () => {
  it('takes key and address from the environment', async () => {
    const { connection, account, notes } = await open({}, env);
    expect([connection.name, connection.provider.definition.id]).toEqual(['mine', 'lago']);
    expect(account).toEqual({
      baseUrl: env.LAGO_BASE_URL,
      key: expect.stringMatching(/^[0-9a-f]{8}$/),
      environment: 'live or test: the key does not say',
    });
    expect(notes).toEqual([]);
  });

  it('takes them from its settings before the environment', async () => {
    const baseUrl = 'https://other.example.test/api/v1';
    const { account } = await open({ credentials, base_url: baseUrl }, env);
    const { account: ofEnvironment } = await open({}, env);
    expect(account.baseUrl).toBe(baseUrl);
    expect(account.key).not.toBe(ofEnvironment.key);
  });

  it('may name one of the URLs of the provider', async () => {
    const { account } = await open({ credentials, base_url: 'eu' });
    expect(account.baseUrl).toBe('https://api.eu.getlago.com/api/v1');
  });

  it.each(['https://lago.example.test/api/v1/', 'https://Lago.Example.test:443/api/v1'])(
    'to %s leads to the same account as without the slash, the port and the capitals',
    async (baseUrl) => {
      const [plain, written] = [await open({}, env), await open({ base_url: baseUrl }, env)];
      expect(accountText(written.account)).toBe(accountText(plain.account));
    },
  );

  it('without a key is refused, with the name of the variable', async () => {
    await expect(open({})).rejects.toMatchObject({
      code: 'config',
      message: 'there is no key for Lago: LAGO_API_KEY is not set',
    });
  });

  it('of an unknown provider is refused', async () => {
    const all = new Map([['mine', { provider: 'lagoo' }]]);
    await expect(openConnections(all, { runner, env, offline: false })).rejects.toThrow(
      'there is no provider "lagoo" (did you mean "lago"?)',
    );
  });
});

describe('what is sent', () => {
  const customer = { id: 'u-1', email: 'joe@example.test', name: 'Joe', legal_name: 'Joe Ltd' };

  async function payload(settings: Omit<DirectConnectionSettings, 'provider'>, directory = '.') {
    const all = new Map([['mine', { provider: 'lago', ...settings }]]);
    const opened = await openConnections(all, { runner, env: {}, offline: true, directory });
    const connections = opened.map(({ connection }) => connection);
    const [row] = await collect(runner.dryRun(connections, [{ value: customer }], { read: 'never' }));
    const [result] = row?.results ?? [];
    return result?.kind === 'plan' ? result.plan.payload : result?.outcome;
  }

  it('is changed by overlays, the later over the earlier, relative to the directory', async () => {
    const directory = folderWith(
      {
        'one.json': '{"fields":{"name":{"from":"legal_name"},"legal_name":{"from":"name"}}}',
        'two.json': '{"fields":{"name":{"from":"email"}}}',
      },
      { onTestFinished },
    );
    expect(await payload({ overlay: ['one.json', 'two.json'] }, directory)).toMatchObject({
      name: 'joe@example.test',
      legal_name: 'Joe',
    });
  });

  it('is only what is ours', async () => {
    expect(await payload({ fields: { own: ['email'] } })).toEqual({ external_id: 'u-1', email: 'joe@example.test' });
    expect(await payload({ fields: { ignore: ['email', 'name'] } })).toEqual({
      external_id: 'u-1',
      legal_name: 'Joe Ltd',
    });
  });
});

it('an account is told on one line', () => {
  const account = { baseUrl: 'https://x.test', key: '1a2b3c4d', environment: 'live' } as const;
  expect(accountText(account)).toBe('https://x.test (live), key 1a2b3c4d');
  const nango = { via: 'nango-proxy', integration: 'lago-eu', connectionId: 'acme' } as const;
  expect(accountText({ ...account, environment: 'live or test: Nango has the key', nango })).toBe(
    'https://x.test nango-proxy: integration lago-eu, connection acme (live or test: Nango has the key), key 1a2b3c4d',
  );
});
