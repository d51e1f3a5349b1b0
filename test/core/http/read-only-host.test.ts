import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autumn } from '../../../integrations/autumn/connector.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import { builtInProviders } from '../../../integrations/registry.js';
import type { ProviderDefinition } from '../../../schemas/definition.js';
import { buildRequest } from '../../../src/core/http/build-request.js';
import type { Host, HttpRequest } from '../../../src/core/http/host.js';
import { readOnlyHost } from '../../../src/core/http/read-only-host.js';

interface Guarded {
  readonly sent: HttpRequest[];
  send(method: HttpRequest['method'], path: string, operation?: string): Promise<unknown>;
}

function guard(definition: ProviderDefinition): Guarded {
  const sent: HttpRequest[] = [];
  const host: Host = {
    kind: 'local',
    providerHeaders: 'full',
    send: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: '{}' };
    },
    now: () => 0,
    sleep: async () => {},
    random: () => 0,
    log: () => {},
  };
  const guarded = readOnlyHost(host, definition);
  return { sent, send: (method, path, operation = 'get') => guarded.send({ operation, method, path, headers: {} }) };
}

const OPERATIONS = builtInProviders.flatMap(({ definition }) =>
  Object.entries(definition.operations).map(([name, operation]) => ({
    id: definition.id,
    definition,
    name,
    operation,
  })),
);
const REFUSED = { code: 'config', message: expect.stringContaining('not declared as a read') };

/** Reads by POST below an id, and a write that a step up would reach. */
const TRICKY: ProviderDefinition = {
  ...recharge.definition,
  operations: {
    search: { method: 'POST', path: '/things/{id}/search', read: true },
    root: { method: 'POST', path: '/search', read: false },
    write: { method: 'POST', path: '/things', read: false },
  },
};

describe('declared operations', () => {
  it.each(OPERATIONS.filter(({ operation }) => operation.read))('$id: lets $name through', async (given) => {
    const { definition, name, operation } = given;
    const { sent, send } = guard(definition);
    const { path } = buildRequest(definition, name, operation, { params: { id: 'a/b', external_id: 'ü.?#%' } });
    await send(operation.method, path);
    expect(sent).toHaveLength(1);
  });

  it.each(OPERATIONS.filter(({ operation }) => !operation.read))('$id: refuses $name', async (given) => {
    const { definition, name, operation } = given;
    const { sent, send } = guard(definition);
    const { path } = buildRequest(definition, name, operation, { params: { id: '1', external_id: '1' } });
    await expect(send(operation.method, path)).rejects.toMatchObject(REFUSED);
    expect(sent).toEqual([]);
  });

  it.each(OPERATIONS.filter(({ operation }) => !operation.read))(
    '$id: refuses $name under the name of a read',
    async (given) => {
      const { definition, operation } = given;
      const reads = Object.keys(definition.operations).filter((name) => definition.operations[name]?.read);
      const { sent, send } = guard(definition);
      for (const read of reads) {
        await expect(send(operation.method, operation.path.replace(/\{\w+\}/, '1'), read)).rejects.toMatchObject(
          REFUSED,
        );
      }
      expect(sent).toEqual([]);
    },
  );
});

describe('undeclared requests', () => {
  it.each([
    ['DELETE', '/customers/1'],
    ['PATCH', '/customers/1'],
    ['PUT', '/customers/1'],
    ['POST', '/customers/1'],
    ['GET', '/charges'],
    ['GET', '/customers/1/payment_sources'],
    ['GET', '/customers/'],
    ['GET', 'customers'],
    ['GET', ''],
  ] as const)('are refused: %s %s', async (method, path) => {
    for (const { definition } of builtInProviders) {
      const { sent, send } = guard(definition);
      await expect(send(method, path)).rejects.toMatchObject(REFUSED);
      expect(sent).toEqual([]);
    }
  });

  it.each([
    ['a dot in the declared path stands for itself', '/customersXget'],
    ['text before', '/v2/customers.get'],
    ['text behind', '/customers.get_or_create'],
    ['a query in the path', '/customers.get?x'],
    ['a fragment in the path', '/customers.get#x'],
    ['a line break behind', '/customers.get\n'],
    ['another case', '/Customers.Get'],
  ])('are refused at Autumn, which reads by POST: %s', async (_, path) => {
    const { sent, send } = guard(autumn.definition);
    await expect(send('POST', path)).rejects.toMatchObject(REFUSED);
    expect(sent).toEqual([]);
  });
});

describe('a path that a server could read as another one', () => {
  it.each([
    '/things/../search',
    '/things/./search',
    '/things/%2e%2e/search',
    '/things/%2E./search',
    '/things/.%2e/search',
    '/things/x%2f..%2f..%2Fsearch%2F/search',
    '/things/x%2F..%2F..%2Fsearch%2F/search',
    '/things/..%5Csearch/search',
    '/things/%FF/search',
    '/things/..%5csearch/search',
    '/things/%2e%2e%2fsearch/search',
    '/things/a\\..\\..\\x/search',
    '/things/a\\b/search',
    '/things/..;/search',
    '/things/a b/search',
    '/things/\t../search',
    '/things/%/search',
    '/things//search',
  ])('is refused: %s', async (path) => {
    const { sent, send } = guard(TRICKY);
    await expect(send('POST', path)).rejects.toMatchObject(REFUSED);
    expect(sent).toEqual([]);
  });

  it.each(['/things/1/search', '/things/a%2Fb/search', '/things/acme.com/search', '/things/.../search'])(
    'is not an honest id: %s',
    async (path) => {
      const { sent, send } = guard(TRICKY);
      await send('POST', path);
      expect(sent).toHaveLength(1);
    },
  );

  it('never resolves to a path that is not declared as a read', async () => {
    const alphabet = fc.constantFrom(
      '.',
      '..',
      '/',
      '%2e',
      '%2F',
      '%5c',
      '\\',
      'a',
      'search',
      'things',
      ';',
      '%25',
      '?',
      '#',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(alphabet, { maxLength: 8 }), async (parts) => {
        const { sent, send } = guard(TRICKY);
        await send('POST', `/things/${parts.join('')}/search`).catch(() => {});
        for (const { path } of sent) {
          // What a client, a proxy that decodes, and a server behind it make of it.
          for (const seen of [path, decodeURIComponent(path)]) {
            const { pathname } = new URL(seen.replaceAll('\\', '/'), 'https://example.test');
            expect(pathname.endsWith('/search') && pathname.startsWith('/things/')).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('passes everything else of the host on', () => {
  const host: Host = {
    kind: 'nango-proxy',
    providerHeaders: 'unreliable',
    send: () => Promise.reject(new Error('not called')),
    now: () => 42,
    sleep: async () => {},
    random: () => 0.5,
    log: () => {},
  };
  expect({ ...readOnlyHost(host, TRICKY), send: host.send }).toEqual(host);
});
