import { describe, expect, it, onTestFinished } from 'vitest';
import { createNangoClient } from '../../src/hosts/nango-client.js';
import { folderWith, runCli, startProviders } from '../cli/command-line.js';
import { serve } from '../hosts/loopback.js';
import { SECRET } from '../hosts/no-secret.js';

const nango = (nangoUrl: string) => () => createNangoClient({ secretKey: SECRET, nangoUrl }, { raw: true });

describe('the address of Nango', () => {
  it.each([
    'https://api.nango.dev',
    'http://localhost:3003',
    'http://127.0.0.1:3003',
    'http://[::1]:3003',
    'http://nango-server:3003',
    'http://nango.internal',
    'http://10.1.2.3:3003',
    'http://172.16.0.9',
    'http://192.168.7.7',
  ])('may be %s', (url) => {
    expect(nango(url)).not.toThrow();
  });

  it.each([
    'http://api.nango.dev',
    'http://localhost.evil.example',
    'http://127.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.evil.example',
    'http://192.168.1.1.evil.example',
    'http://172.16.evil.example',
    'http://[2001:db8::1]:3003',
    'http://172.32.0.1',
    'http://internal.evil.example',
    'ftp://localhost',
    'https://api.nango.dev?x=1',
    `https://${SECRET}@api.nango.dev`,
  ])('may not be %s', (url) => {
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
