import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectionSchema } from '../../schemas/connection.js';
import { describeIssues } from '../../src/core/zod-issues.js';

function problemsOf(input: unknown): string[] {
  const parsed = connectionSchema.safeParse(input);
  return parsed.success ? [] : describeIssues(parsed.error.issues, input);
}

describe('a connection', () => {
  it.each<[string, object]>([
    ['straight to the provider, all from the environment', { provider: 'lago' }],
    ['the same, said', { provider: 'lago', via: 'direct' }],
    ['with a key and an address', { provider: 'lago', credentials: { api_key: 'k' }, base_url: 'https://x.test/v1' }],
    ['with one overlay', { provider: 'lago', overlay: 'a.json' }],
    ['with several overlays', { provider: 'lago', overlay: ['a.json', 'b.json'] }],
    ['with part of the rate', { provider: 'lago', rate_share: 1 }],
    [
      'with owned fields',
      { provider: 'lago', fields: { own: ['email', 'address.city'], create_only: ['metadata.plan'] } },
    ],
    ['through the proxy', { provider: 'lago', via: 'nango-proxy', connection_id: 'acme', overlay: 'a.json' }],
    ['through the actions', { provider: 'lago', via: 'nango-action', connection_id: 'acme', rate_share: 0.2 }],
    ['a set', { provider: 'lago', via: 'nango-action', integration: 'lago-eu', select: { tags: { plan: 'gold' } } }],
    ['a set of all', { provider: 'lago', via: 'nango-proxy', select: { tags: {} } }],
    [
      'of another Nango',
      { provider: 'lago', via: 'nango-proxy', connection_id: 'a', nango: { host: 'https://n.test', secret_key: 'k' } },
    ],
  ])('may be %s', (_, input) => {
    expect(problemsOf(input)).toEqual([]);
  });

  const proxied = { provider: 'lago', via: 'nango-proxy', connection_id: 'acme' };
  const onlyNango = 'is for connections through Nango: add "via: nango-proxy" or "via: nango-action"';

  it.each<[string, unknown, string[]]>([
    ['no object', 'lago', ['must be an object, not text']],
    ['without a provider', {}, ['provider: is missing']],
    ['another way', { ...proxied, via: 'nango' }, ['via: must be direct, nango-proxy or nango-action']],
    ['with an unknown setting', { provider: 'lago', colour: 'red' }, ['colour: is not a known field']],
    ['direct with a connection id', { provider: 'lago', connection_id: 'a' }, [`connection_id: ${onlyNango}`]],
    ['direct with a set', { provider: 'lago', select: { tags: {} } }, [`select: ${onlyNango}`]],
    ['direct with an integration', { provider: 'lago', integration: 'a' }, [`integration: ${onlyNango}`]],
    ['direct with a Nango', { provider: 'lago', nango: {} }, [`nango: ${onlyNango}`]],
    [
      'through Nango with a key of the provider',
      { ...proxied, credentials: { api_key: 'k' } },
      ['credentials: is kept by Nango: set it on the integration or the connection there'],
    ],
    [
      'through Nango with an address of the provider',
      { ...proxied, base_url: 'https://x.test' },
      ['base_url: is kept by Nango: set it on the integration or the connection there'],
    ],
    [
      'through Nango without saying which',
      { provider: 'lago', via: 'nango-proxy' },
      ['needs either "connection_id" or "select: {tags: {...}}", and not both'],
    ],
    [
      'through Nango, one and a set',
      { ...proxied, select: { tags: { a: 'b' } } },
      ['needs either "connection_id" or "select: {tags: {...}}", and not both'],
    ],
    [
      'through an action with an overlay file',
      { ...proxied, via: 'nango-action', overlay: 'a.json' },
      ['overlay: is read by the action from the metadata of the connection in Nango: "customer_sync.mapping"'],
    ],
    [
      'through an action with owned fields',
      { ...proxied, via: 'nango-action', fields: { own: ['email'] } },
      ['fields: cannot be kept by the deployed actions: use "via: nango-proxy"'],
    ],
    ['with all of the rate twice', { provider: 'lago', rate_share: 2 }, ['rate_share: must be above 0 and at most 1']],
    ['with none of the rate', { provider: 'lago', rate_share: 0 }, ['rate_share: must be above 0 and at most 1']],
    [
      'with a field that is none',
      { provider: 'lago', fields: { own: ['emial'] } },
      ['fields.own.0: is not a field of the canonical customer such as "email" or "address.city"'],
    ],
    ...['address.ctiy', 'address.city.name', 'email.domain'].map((field): [string, object, string[]] => [
      `with the part of a field that has none such: ${field}`,
      { provider: 'lago', fields: { create_only: [field] } },
      ['fields.create_only.0: is not a field of the canonical customer such as "email" or "address.city"'],
    ]),
    [
      'with a field in two lists',
      { provider: 'lago', fields: { own: ['email'], ignore: ['email'] } },
      ['fields: names a field twice; a field is in one of "own", "create_only" and "ignore"'],
    ],
  ])('is not %s', (_, input, expected) => {
    expect(problemsOf(input)).toEqual(expected);
  });
});

it('the connections in docs/nango.md are valid', () => {
  const [, yaml = ''] = /```yaml\n(connections:[\s\S]*?)```/.exec(readFileSync('docs/nango.md', 'utf8')) ?? [];
  const { connections } = parse(yaml);
  expect(Object.keys(connections)).toEqual(['acme', 'tenants']);
  expect(Object.values(connections).flatMap(problemsOf)).toEqual([]);
});
