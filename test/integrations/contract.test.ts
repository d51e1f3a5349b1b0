import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { definitionSchema } from '../../schemas/definition.js';
import type { Client } from '../../src/core/http/client.js';
import { applyOverlays, compileMapping, parseMapping } from '../../src/core/mapping/compile-mapping.js';

const PROVIDERS = builtInProviders.map((provider) => ({ id: provider.definition.id, provider }));

/** Notes the operations asked for; every answer fails, so each verb is left after its first request. */
function recordingClient() {
  const used: { operation: string; kind: 'read' | 'write' }[] = [];
  const note = (kind: 'read' | 'write') => async (operation: string) => {
    used.push({ operation, kind });
    throw new Error('no answer');
  };
  return { used, client: { read: note('read'), write: note('write') } satisfies Client };
}

describe.each(PROVIDERS)('$id', ({ provider }) => {
  const { definition, connector, mapping } = provider;

  it('has a definition that is valid', () => {
    expect(() => definitionSchema.parse(definition)).not.toThrow();
  });

  it('reads by reads and writes by writes, all of them declared', async () => {
    const { used, client } = recordingClient();
    const payload = { email: 'a@b.example' };
    const ignore = () => {};
    for (const value of ['a', 'a/b']) {
      await connector.find(client, { by: 'match', value }).catch(ignore);
      await connector.find(client, { by: 'provider_id', value }).catch(ignore);
    }
    await connector.list(client).catch(ignore);
    expect(used.every(({ kind }) => kind === 'read')).toBe(true);
    await connector.create(client, { payload, idempotencyKey: 'k' }).catch(ignore);
    await connector.update(client, { address: 'a', payload }).catch(ignore);
    await connector.archive?.(client, 'a').catch(ignore);
    expect(used.filter(({ kind }) => kind === 'write')).toHaveLength(connector.archive === undefined ? 2 : 3);

    for (const { operation, kind } of used) {
      expect({ operation, read: definition.operations[operation]?.read }).toEqual({ operation, read: kind === 'read' });
    }
  });

  it('matches and confirms by fields that its mapping writes', () => {
    const compiled = compileMapping(applyOverlays(parseMapping(mapping, definition.id), []));
    const { match, confirm = [] } = definition.identity;
    for (const target of [match.target, ...confirm]) expect(compiled.rule(target)?.read).toBeTypeOf('function');
  });

  it('limits and classifies by operations that it declares', () => {
    const known = Object.keys(definition.operations);
    const named = [
      ...definition.limits.flatMap(({ operations = [] }) => operations),
      ...definition.errors.rules.flatMap(({ operation }) => (operation === undefined ? [] : [operation])),
    ];
    for (const operation of named) expect(known).toContain(operation);
  });

  it('limits every operation', () => {
    for (const operation of Object.keys(definition.operations)) {
      const isLimited = definition.limits.some(({ operations }) => operations?.includes(operation) ?? true);
      expect({ operation, isLimited }).toEqual({ operation, isLimited: true });
    }
  });

  it('looks for words in lower case, since they are compared that way', () => {
    for (const { message, says } of definition.errors.rules) {
      expect([message, says]).toEqual([message?.toLowerCase(), says?.toLowerCase()]);
    }
  });

  it('says where the words that it goes by were seen', () => {
    for (const { message, source } of definition.errors.rules) {
      if (message !== undefined) expect(source).toMatch(/\w+/);
    }
  });
});
