import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../schemas/connection.js';
import { type OpenedConnection, openConnections } from '../../src/connections/open-connections.js';
import { collect } from '../runner/shelf.js';
import { type NangoStage, openNangoStage, runner } from './nango-stage.js';

const providers = ['recharge', 'lago', 'flexprice', 'autumn'];
const tags = { plan: 'gold' };

let stage: NangoStage;

beforeAll(async () => {
  stage = await openNangoStage({
    providers,
    actions: ['upsert-customers-batch', 'plan-customers'],
    connections: [
      { connectionId: 'tenant-b', providerConfigKey: 'lago', tags },
      { connectionId: 'tenant-a', providerConfigKey: 'lago', tags },
      { connectionId: 'tenant-c', providerConfigKey: 'lago', tags: { plan: 'silver' } },
      { connectionId: 'tenant-d', providerConfigKey: 'autumn', tags },
    ],
  });
});

beforeEach(() => stage.reset());
afterAll(() => stage.close());

function open(settings: ConnectionSettings, name: string = settings.provider): Promise<OpenedConnection[]> {
  return openConnections(new Map([[name, settings]]), { runner, env: stage.env, offline: false });
}

const customers = [
  { id: 'u-1', email: 'jo@acme.example', name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe' },
  { id: 'u-2', email: 'al@acme.example', name: 'Al Poe', first_name: 'Al', last_name: 'Poe' },
];
const rows = customers.map((value) => ({ value }));

async function apply(opened: readonly OpenedConnection[]) {
  const results = await collect(
    runner.apply(
      opened.map(({ connection }) => connection),
      rows,
    ),
  );
  return results.map((row) =>
    row.results.map((one) => (one.kind === 'outcome' ? `${one.outcome.to}: ${one.outcome.status}` : one.kind)),
  );
}

describe.each(providers)('%s', (provider) => {
  it.each(['nango-proxy', 'nango-action'] as const)('is written to through %s', async (via) => {
    const opened = await open({ provider, via, connection_id: 'acme', rate_share: 1 });
    expect(await apply(opened)).toEqual([[`${provider}: created`], [`${provider}: created`]]);
    expect(stage.emulator(provider).customers()).toHaveLength(2);
    expect(await apply(opened)).toEqual([[`${provider}: unchanged`], [`${provider}: unchanged`]]);
  });

  it.each(['nango-proxy', 'nango-action'] as const)('is planned for through %s, and not written to', async (via) => {
    const [opened] = await open({ provider, via, connection_id: 'acme', rate_share: 1 });
    const connections = opened === undefined ? [] : [opened.connection];
    const results = await collect(runner.dryRun(connections, rows));
    const plans = results.flatMap((row) => row.results.map((one) => (one.kind === 'plan' ? one.plan : undefined)));
    expect(plans.map((plan) => [plan?.to, plan?.customer_id, plan?.action])).toEqual([
      [provider, 'u-1', 'create'],
      [provider, 'u-2', 'create'],
    ]);
    expect(stage.emulator(provider).customers()).toEqual([]);
  });
});

describe('a set of connections', () => {
  it.each(['nango-proxy', 'nango-action'] as const)('gets every customer at each, through %s', async (via) => {
    const opened = await open({ provider: 'lago', via, select: { tags }, rate_share: 1 }, 'tenants');
    expect(opened.map(({ connection, account }) => [connection.name, account.nango?.connectionId])).toEqual([
      ['tenants/tenant-a', 'tenant-a'],
      ['tenants/tenant-b', 'tenant-b'],
    ]);
    const outcomes = await apply(opened);
    expect(outcomes).toHaveLength(2);
    for (const row of outcomes) {
      expect(row.map((one) => one.split(':')[0])).toEqual(['tenants/tenant-a', 'tenants/tenant-b']);
      // One account stands behind both here, so one of them finds what the other has made.
      for (const one of row) expect(one).toMatch(/: (created|updated|unchanged)$/);
    }
    expect(stage.emulator('lago').customers()).toHaveLength(2);
  });

  it('is looked up at each opening', async () => {
    const settings = { provider: 'lago', via: 'nango-proxy', select: { tags } } as const;
    const names = async () => (await open(settings)).map(({ connection }) => connection.name);
    expect(await names()).toEqual(['lago/tenant-a', 'lago/tenant-b']);
    stage.nango.state.connections.put({ connectionId: 'tenant-0', providerConfigKey: 'lago', apiKey: 'x', tags });
    expect(await names()).toEqual(['lago/tenant-0', 'lago/tenant-a', 'lago/tenant-b']);
  });

  it('is all connections of the integration where no tag is named', async () => {
    const opened = await open({ provider: 'lago', via: 'nango-proxy', select: { tags: {} } });
    expect(opened.map(({ account }) => account.nango?.connectionId)).toEqual([
      'acme',
      'tenant-a',
      'tenant-b',
      'tenant-c',
    ]);
  });

  it('has an account line for each member', async () => {
    const [first] = await open({ provider: 'lago', via: 'nango-proxy', select: { tags } });
    expect(first?.account).toEqual({
      baseUrl: stage.nango.url,
      key: expect.stringMatching(/^[0-9a-f]{8}$/),
      environment: 'live or test: Nango has the key',
      nango: { via: 'nango-proxy', integration: 'lago', connectionId: 'tenant-a' },
    });
  });

  it.each(['nango-proxy', 'nango-action'] as const)(
    'goes on where one member has an unusable overlay, through %s',
    async (via) => {
      overlayOf('tenant-a', { fields: { name: { from: 'nmae' } } });
      const outcomes = await apply(await open({ provider: 'lago', via, select: { tags }, rate_share: 1 }));
      expect(outcomes).toEqual(
        [
          ['lago/tenant-a: failed', 'lago/tenant-b: created'],
          ['lago/tenant-a: failed', 'lago/tenant-b: created'],
        ].map((row, index) => (via === 'nango-proxy' && index > 0 ? ['lago/tenant-a: not_attempted', row[1]] : row)),
      );
    },
  );
});

describe('the overlay in the metadata of a connection', () => {
  it.each(['nango-proxy', 'nango-action'] as const)('changes what is written, through %s', async (via) => {
    overlayOf('acme', { fields: { legal_name: { from: 'name' } } });
    await apply(await open({ provider: 'lago', via, connection_id: 'acme', rate_share: 1 }));
    expect(stage.emulator('lago').customers()).toMatchObject([{ legal_name: 'Jo Doe' }, { legal_name: 'Al Poe' }]);
  });
});

function overlayOf(connectionId: string, mapping: unknown): void {
  const { connections } = stage.nango.state;
  const found = connections.get('lago', connectionId);
  if (found !== undefined) connections.change(found, { metadata: { customer_sync: { mapping } } });
}
