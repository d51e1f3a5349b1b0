import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { definitionSchema } from '../../schemas/definition.js';
import type { Connector, Key } from '../../src/core/connector.js';
import type { CallOptions } from '../../src/core/http/build-request.js';
import type { Client } from '../../src/core/http/client.js';

interface Call {
  readonly operation: string;
  readonly kind: 'read' | 'write';
  readonly params: readonly string[];
}

function recordingClient(answers: Readonly<Record<string, unknown>>) {
  const calls: Call[] = [];
  const call =
    (kind: Call['kind']) =>
    async (operation: string, options: CallOptions = {}) => {
      calls.push({ operation, kind, params: Object.keys(options.params ?? {}) });
      return answers[operation] ?? {};
    };
  const client: Client = { read: call('read'), write: call('write') };
  return { calls, client };
}

const recharge = { id: 7, email: 'a@b.example' };
const lago = { lago_id: 'l1', external_id: 'a' };
const flexprice = { id: 'cust_1', external_id: 'a' };
const autumn = { id: 'a' };
const stripe = { id: 'cus_1', metadata: { customer_sync_id: 'a' } };

/** What each operation answers, so that every verb comes to its end. */
const answers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  recharge: {
    get: { customer: recharge },
    find: { customers: [recharge] },
    create: { customer: recharge },
    update: { customer: recharge },
  },
  lago: {
    get: { customer: lago },
    // Another customer than the one asked for, as a server answers that does not know the filter.
    list: { customers: [{ ...lago, external_id: 'other' }] },
    create: { customer: lago },
    update: { customer: lago },
    delete: { customer: lago },
  },
  flexprice: { get: flexprice, search: { items: [flexprice] }, create: flexprice, update: flexprice, delete: {} },
  autumn: { get: autumn, list: { list: [autumn] }, create: autumn, update: autumn },
  stripe: {
    get: stripe,
    search: { data: [stripe], has_more: false },
    list: { data: [stripe], has_more: false },
    create: stripe,
    update: stripe,
  },
};

const keys: readonly Key[] = [
  { by: 'match', value: 'a@b.example' },
  { by: 'match', value: 'a' },
  { by: 'match', value: 'a/b' },
  { by: 'provider_id', value: '7' },
];

/** Every verb, with every kind of argument that makes a difference. */
async function runAll(connector: Connector, client: Client): Promise<void> {
  for (const key of keys) await connector.find(client, key).catch(() => undefined);
  await connector.create(client, { payload: { a: 1 }, idempotencyKey: 'k' });
  await connector.update(client, { address: 'a', payload: { a: 1 } });
  await connector.list(client);
  await connector.list(client, '2');
  await connector.archive?.(client, 'a');
}

describe.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))('%s', (id, provider) => {
  const { definition, connector } = provider;

  it('has a definition as the schema describes it', () => {
    expect(definitionSchema.safeParse(definition).error).toBeUndefined();
  });

  it('declares every operation that its connector uses, and no other', async () => {
    const { calls, client } = recordingClient(answers[id] ?? {});
    await runAll(connector, client);
    const used = new Set(calls.map(({ operation }) => operation));
    expect([...used].sort()).toEqual(Object.keys(definition.operations).sort());
  });

  it('reads by operations that are declared as reads, and writes by the others', async () => {
    const { calls, client } = recordingClient(answers[id] ?? {});
    await runAll(connector, client);
    for (const { operation, kind } of calls) {
      expect([operation, definition.operations[operation]?.read]).toEqual([operation, kind === 'read']);
    }
  });

  it('gives every operation the parameters of its path', async () => {
    const { calls, client } = recordingClient(answers[id] ?? {});
    await runAll(connector, client);
    for (const { operation, params } of calls) {
      const path = definition.operations[operation]?.path ?? '';
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(params);
    }
  });

  it('names only operations that there are in its limits and its error rules', () => {
    const named = [
      ...definition.limits.flatMap(({ operations = [] }) => operations),
      ...definition.errors.rules.flatMap(({ operation }) => (operation === undefined ? [] : [operation])),
    ];
    for (const operation of named) expect(Object.keys(definition.operations)).toContain(operation);
  });

  it('has a limit for every operation', () => {
    for (const operation of Object.keys(definition.operations)) {
      const limits = definition.limits.filter(({ operations }) => operations?.includes(operation) ?? true);
      expect(limits.length, operation).toBeGreaterThan(0);
    }
  });
});

describe('archiving at Lago', () => {
  const archive = builtInProviders.find(({ definition }) => definition.id === 'lago')?.connector.archive;

  it.each(['acme.com', 'a/b'])('is refused for the id %s, which Lago would take for another', async (id) => {
    const { calls, client } = recordingClient({});
    await expect(archive?.(client, id)).rejects.toMatchObject({
      code: 'invalid_customer',
      message: expect.stringContaining('a dot or a slash'),
    });
    expect(calls).toEqual([]);
  });
});
