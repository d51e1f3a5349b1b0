import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { errorCodes } from '../../schemas/error-codes.js';
import { defaultRateShare } from '../../src/core/run/limiter.js';
import { exec, mockNango, payloadOf } from './mock-nango.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const guide = readFileSync('docs/nango.md', 'utf8');
const definitions = builtInProviders.map(({ definition }): [string, ProviderDefinition] => [definition.id, definition]);

const integrationSchema = z.strictObject({
  unique_key: z.string(),
  provider: z.string(),
  integration_config: z
    .strictObject({
      keyPlacement: z.literal('header'),
      keyName: z.string(),
      valueTemplate: z.string(),
      baseUrl: z.string(),
    })
    .optional(),
});

const entrySchema = z.looseObject({
  auth_mode: z.enum(['API_KEY', 'BASIC']),
  proxy: z.looseObject({ base_url: z.string(), headers: z.record(z.string(), z.string()) }),
  connection_config: z.record(z.string(), z.looseObject({ default_value: z.string().optional() })).optional(),
});

/** How Nango writes what the definition says of the credentials. */
const templateOf = ({ auth }: ProviderDefinition) => auth.value.replace('{key}', apiKeyPlaceholder);

function readEntries(file: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(parse(readFileSync(file, 'utf8')));
}

/** What Nango lists; only with the base URL of our definition is it of use. */
const catalogue = readEntries('node_modules/@nangohq/providers/providers.yaml');
const namesAtNango: Readonly<Record<string, string>> = { stripe: 'stripe-api-key' };
const nameAtNango = (id: string): string => namesAtNango[id] ?? id;
const isListed = ({ id, api }: ProviderDefinition) =>
  entrySchema.safeParse(catalogue[nameAtNango(id)]).data?.proxy.base_url === api.base_url;
const listed = definitions.filter(([, definition]) => isListed(definition));
const unlisted = definitions.filter(([, definition]) => !isListed(definition));

describe('docs/nango.md', () => {
  const integrations = [...guide.matchAll(/^nango_api \/integrations '(.+)'$/gm)].map(([, body = '']) =>
    integrationSchema.parse(JSON.parse(body)),
  );

  it('creates an integration for every provider', () => {
    expect(integrations.map(({ unique_key }) => unique_key)).toEqual(definitions.map(([id]) => id));
  });

  it.each(unlisted)('gives %s the header and the base URL of its definition', (id, definition) => {
    expect(integrations.find(({ unique_key }) => unique_key === id)).toMatchObject({
      provider: 'private-api-generic',
      integration_config: {
        keyName: expect.stringMatching(new RegExp(`^${definition.auth.header}$`, 'i')),
        valueTemplate: templateOf(definition),
        baseUrl: definition.api.base_url,
      },
    });
  });

  it.each(listed)('takes the provider that Nango has for %s', (id) => {
    expect(integrations.find(({ unique_key }) => unique_key === id)).toEqual({
      unique_key: id,
      provider: nameAtNango(id),
    });
  });

  it.each(definitions)('has the pace of the sync of %s', (_, { name, limits, operations }) => {
    const listing = Object.keys(operations).filter((operation) => /^(list|search|find)$/.test(operation));
    const limit = limits.find(({ operations: of }) => of === undefined || of.some((one) => listing.includes(one)));
    const perSecond = (limit?.requests_per_second ?? 0) * defaultRateShare;
    const row = new RegExp(`^\\| ${name} \\| [\\d,]+ \\| ${perSecond} \\|`);
    expect(guide.split('\n').filter((line) => row.test(line))).toHaveLength(1);
  });

  it('explains every error code', () => {
    for (const code of Object.keys(errorCodes)) expect(guide).toMatch(new RegExp(`^\\| .*\`${code}\`.* \\|`, 'm'));
  });

  it('shows a failure as the action throws it', async () => {
    const { lago } = providersUnderTest;
    const nango = mockNango('lago', { [lago.find]: lago.absent, [lago.create]: lago.refusal });
    const [, shown = ''] = /```json\n(\{\n {2}"code"[\s\S]+?)```/.exec(guide) ?? [];
    expect(JSON.parse(shown)).toEqual(await payloadOf(exec(lago.scripts.upsert, nango, customer)));
  });
});

describe('nango-provider.yaml', () => {
  it.each(unlisted)('of %s says what the definition says, under a name that Nango does not have', (id, definition) => {
    const [[name = '', entry] = [], ...others] = Object.entries(readEntries(`providers/${id}/nango-provider.yaml`));
    const { proxy, connection_config: settings = {} } = entrySchema.parse(entry);
    expect(proxy.headers).toEqual({ [definition.auth.header]: templateOf(definition) });
    const baseUrl = proxy.base_url.replace(
      /\$\{connectionConfig\.(\w+)\}/g,
      (_, setting) => settings[setting]?.default_value ?? '',
    );
    expect(baseUrl).toBe(definition.api.base_url);
    expect(catalogue).not.toHaveProperty(name);
    expect(others).toEqual([]);
  });

  it.each(listed)('is not there for %s, which Nango lists with the same header', (id, definition) => {
    expect(existsSync(`providers/${id}/nango-provider.yaml`)).toBe(false);
    const { auth_mode: mode, proxy } = entrySchema.parse(catalogue[nameAtNango(id)]);
    // Basic authentication is the header of that name as well, with the key as the user.
    const sent = mode === 'BASIC' ? ['authorization', ...Object.keys(proxy.headers)] : Object.keys(proxy.headers);
    expect(sent).toContain(definition.auth.header);
    if (mode === 'API_KEY') expect(proxy.headers).toEqual({ [definition.auth.header]: templateOf(definition) });
  });
});
