import { describe, expect, it } from 'vitest';
import { definition as rechargeDefinition } from '../../providers/recharge/definition.js';
import { definitionSchema } from '../../schemas/definition.js';
import { isCustomerSyncError } from '../../src/core/errors.js';
import type { HttpRequest } from '../../src/core/http/host.js';
import { createLocalHost, type LocalHostOptions } from '../../src/hosts/local-host.js';
import { serve } from './loopback.js';
import { expectNoSecret, SECRET } from './no-secret.js';

const RECHARGE = definitionSchema.parse(rechargeDefinition);
const GET: HttpRequest = { operation: 'find', method: 'GET', path: '/customers', headers: {} };

function host(baseUrl: string, options: Partial<LocalHostOptions> = {}) {
  return createLocalHost({ definition: RECHARGE, baseUrl, apiKey: SECRET, ...options });
}

describe('the base URL', () => {
  const refused = (baseUrl: string) => {
    let error: unknown;
    try {
      host(baseUrl);
    } catch (thrown) {
      error = thrown;
    }
    expect(isCustomerSyncError(error) && error.code).toBe('config');
    expect(error).toMatchObject({ details: { remedy: expect.stringContaining('RECHARGE_BASE_URL') } });
    expectNoSecret(error);
    return error;
  };

  it.each([
    'https://api.rechargeapps.com',
    'https://lago.example.test/api/v1',
    'https://lago.example.test:8443/api/v1/',
    'http://127.0.0.1:3000',
    'http://localhost:3000/api/v1',
    'http://[::1]:3000',
  ])('may be %s', (baseUrl) => {
    expect(() => host(baseUrl)).not.toThrow();
  });

  it.each([
    ['empty', ''],
    ['not a URL', 'api.rechargeapps.com'],
    ['a path', '/v1'],
    ['plain http to another machine', 'http://api.rechargeapps.com'],
    ['plain http to a name that begins like this machine', 'http://localhost.example.test'],
    ['plain http to a name that begins like its address', 'http://127.0.0.1.example.test'],
    ['plain http to every interface', 'http://0.0.0.0:3000'],
    ['plain http to the local network', 'http://192.168.0.1'],
    ['another protocol', 'ftp://localhost/'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['with a user name', `https://user@example.test/v1`],
    ['with user name and password', `https://user:${SECRET}@example.test/v1`],
    ['with a password alone', `https://:${SECRET}@example.test/v1`],
    ['with this machine as a user name', 'http://127.0.0.1@example.test'],
    ['with a query', 'https://example.test/v1?x=1'],
    ['with an empty query', 'https://example.test/v1?'],
    ['with a fragment', 'https://example.test/v1#x'],
    ['with an empty fragment', 'https://example.test/v1#'],
  ])('is refused when it is %s', (_, baseUrl) => {
    refused(baseUrl);
  });

  it.each([
    ['a slash at the end', (url: string) => `${url}/api/v1/`],
    ['several slashes at the end', (url: string) => `${url}/api/v1///`],
    ['spaces around it', (url: string) => `  ${url}/api/v1 `],
    ['a line break at the end', (url: string) => `${url}/api/v1\n`],
    ['steps in it', (url: string) => `${url}/x/../api/v1`],
  ])('may have %s', async (_, write) => {
    const { url, seen } = await serve((response) => response.end('{}'));
    await host(write(url)).send(GET);
    expect(seen.map(({ target }) => target)).toEqual(['/api/v1/customers']);
  });

  it('is the definition’s own where none is given', () => {
    expect(() => createLocalHost({ definition: RECHARGE, apiKey: SECRET })).not.toThrow();
  });
});

describe('the key', () => {
  it.each([
    ['empty', ''],
    ['spaces', '   '],
    ['with a space inside', 'sk test'],
    ['with a line break at the end', `${SECRET}\n`],
    ['with a header in it', `${SECRET}\r\nx-evil: 1`],
    ['with a tab', `${SECRET}\t`],
    ['with a NUL', `${SECRET}\0`],
    ['with letters beyond ASCII', `${SECRET}ü`],
    ['with a zero-width space', `${SECRET}\u200b`],
    ['with typographic quotes', `“${SECRET}”`],
  ])('is refused when it is %s', (_, apiKey) => {
    let error: unknown;
    try {
      host('https://example.test', { apiKey });
    } catch (thrown) {
      error = thrown;
    }
    expect(isCustomerSyncError(error) && error.code).toBe('config');
    expect(error).toMatchObject({ details: { remedy: expect.stringContaining('RECHARGE_API_KEY') } });
    expectNoSecret(error);
  });

  it('does not show on the host', () => {
    expectNoSecret(host('https://example.test'));
  });
});
