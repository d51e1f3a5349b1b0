import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { openConnections } from '../../src/connections/open-connections.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createNangoClient } from '../../src/hosts/nango-client.js';
import { createRunner } from '../../src/runner/runner.js';
import { folderWith, runCli, startProviders } from '../cli/command-line.js';
import { serve } from '../hosts/loopback.js';
import { SECRET } from '../hosts/no-secret.js';

const nango = (nangoUrl: string, allowHttp?: boolean) => () =>
  createNangoClient({ secretKey: SECRET, nangoUrl, allowHttp }, { raw: true });
const [definition] = builtInProviders.map((provider) => provider.definition);
const provider = (baseUrl: string, allowHttp?: boolean) => () => {
  if (definition === undefined) throw new Error('there is no provider');
  createLocalHost({ definition, baseUrl, allowHttp, apiKey: SECRET });
};

const ownNetwork = [
  'http://nango-server:3003',
  'http://nango.internal',
  'http://lago.local/api/v1',
  'http://10.1.2.3:3003',
  'http://172.16.0.9',
  'http://192.168.7.7',
  'http://[fd12:3456::1]:3000',
];

describe('plain http', () => {
  it.each(['http://localhost:3003', 'http://127.0.0.1:3003', 'http://[::1]:3003'])(
    'stays on this machine: %s',
    (url) => {
      expect(nango(url)).not.toThrow();
      expect(provider(url)).not.toThrow();
    },
  );

  it.each(ownNetwork)('within the own network has to be allowed: %s', (url) => {
    expect(nango(url)).toThrow('the address of Nango is not usable');
    expect(provider(url)).toThrow('the base URL for Recharge is not usable');
    expect(nango(url, true)).not.toThrow();
    expect(provider(url, true)).not.toThrow();
  });

  it.each([
    'http://api.nango.dev',
    'http://localhost.evil.example',
    'http://127.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.evil.example',
    'http://192.168.1.1.evil.example',
    'http://172.16.evil.example',
    'http://172.32.0.1',
    'http://169.254.169.254',
    'http://8.8.8.8',
    'http://[2001:db8::1]:3003',
    'http://internal.evil.example',
    'ftp://nango-server',
  ])('over the internet cannot be allowed: %s', (url) => {
    expect(nango(url, true)).toThrow('the address of Nango is not usable');
    expect(provider(url, true)).toThrow('the base URL for Recharge is not usable');
  });

  describe('of a connection', () => {
    const runner = createRunner({ providers: builtInProviders });
    const open = (settings: object, env: object = {}) => {
      const connection = { provider: 'lago', base_url: 'http://10.0.0.1:3000/api/v1', ...settings };
      const options = { runner, env: { LAGO_API_KEY: SECRET, ...env }, offline: false };
      return openConnections(new Map([['lago', connection]]), options);
    };

    it('is refused with what to do about it', async () => {
      await expect(open({})).rejects.toMatchObject({
        message: 'the base URL for Lago is not usable',
        details: { remedy: expect.stringContaining('if the connection says "allow_http: true"') },
      });
      await expect(open({ allow_http: false }, { CUSTOMER_SYNC_ALLOW_HTTP: '1' })).rejects.toThrow('not usable');
    });

    it.each([
      ['a setting', { allow_http: true }, {}],
      ['a variable', {}, { CUSTOMER_SYNC_ALLOW_HTTP: '1' }],
    ])('is allowed by %s, and told each time', async (_what, settings, env) => {
      const [opened] = await open(settings, env);
      const told = 'plain http to 10.0.0.1:3000: who is on that network can read the key and the customers';
      expect(opened?.notes).toEqual([told]);
    });
  });
});

describe('the address of Nango', () => {
  it('may be that of its cloud', () => {
    expect(nango('https://api.nango.dev')).not.toThrow();
  });

  it.each(['https://api.nango.dev?x=1', `https://${SECRET}@api.nango.dev`])('may not be %s', (url) => {
    expect(nango(url)).toThrow('the address of Nango is not usable');
  });
});

describe('a webhook', () => {
  const configuration = `
sources: { crm: { type: file, path: customers.jsonl } }
connections: { lago-eu: { provider: lago } }
jobs: { nightly: { source: crm, to: [lago-eu], on_degraded: { webhook: '\${env:HOOK}' } } }
`;

  async function runWith(webhook: string) {
    const stage = await startProviders(['lago'], { onTestFinished });
    const files = { 'customer-sync.yaml': configuration, 'customers.jsonl': '{"id":"a","email":"no"}\n' };
    const cwd = folderWith(files, { onTestFinished });
    return runCli(['run', 'nightly', '--first-run', '--allow', 'first_write'], {
      cwd,
      env: { ...stage.env, HOOK: webhook },
    });
  }

  it('over plain http to another machine is not called, and its address, which is a secret, is not told', async () => {
    const { stdout, stderr } = await runWith(`http://hooks.evil.example/${SECRET}`);
    expect(stderr).toContain('on_degraded of nightly failed: its address is not an https URL');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout + stderr).not.toContain('evil.example');
  });

  it('that redirects is not followed', async () => {
    const elsewhere = await serve((response) => response.end());
    const { url, seen } = await serve((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { stderr } = await runWith(url);
    expect(seen).toHaveLength(1);
    expect(elsewhere.seen).toEqual([]);
    expect(stderr).toContain('on_degraded of nightly failed');
  });
});
