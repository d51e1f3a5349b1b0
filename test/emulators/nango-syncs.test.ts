import { Nango } from '@nangohq/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NangoScript } from '../../emulators/nango/script.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';

let emulator: NangoEmulator;
let nango: Nango;
const clock = { now: 0 };

beforeAll(async () => {
  emulator = await startNangoEmulator({
    integrations: { recharge: rechargeIntegration('http://127.0.0.1:1') },
    connections: [rechargeConnection('sk_fake')],
    now: () => clock.now,
  });
  nango = new Nango({ apiKey: emulator.secretKey, host: emulator.url });
});

beforeEach(() => {
  clock.now = Date.parse('2026-11-21T12:00:00Z');
  emulator.reset();
});

afterAll(() => emulator.close());

describe('records of a sync', () => {
  it('carry when and how they last changed, and where they stand', async () => {
    await sync((script) => script.batchSave([{ id: 'a', name: 'A' }], 'Item'));
    expect(await list()).toEqual({
      next_cursor: null,
      records: [
        {
          id: 'a',
          name: 'A',
          _nango_metadata: {
            first_seen_at: '2026-11-21T12:00:00.000000+00:00',
            last_modified_at: '2026-11-21T12:00:00.000000+00:00',
            last_action: 'ADDED',
            deleted_at: null,
            pruned_at: null,
            cursor: expect.stringMatching(/^[\w+/]+=*$/),
          },
        },
      ],
    });
  });

  it('of one save share a time', async () => {
    await sync((script) => script.batchSave([{ id: 'a' }, { id: 'b' }, { id: 'c' }], 'Item'));
    const { records } = await list();
    expect(new Set(records.map(({ _nango_metadata }) => _nango_metadata.last_modified_at)).size).toBe(1);
    expect(records.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
  });

  it('move to the end when they change, and stay when they do not', async () => {
    await sync(async (script) => {
      for (const id of ['a', 'b', 'c']) await script.batchSave([{ id, n: 1 }], 'Item');
      await script.batchSave([{ id: 'b', n: 1 }], 'Item');
      await script.batchSave([{ id: 'a', n: 2 }], 'Item');
    });
    expect(actionsOf(await list())).toEqual({ b: 'ADDED', c: 'ADDED', a: 'UPDATED' });
  });

  it('stay in the list when they are deleted, with what the deletion said', async () => {
    await sync(async (script) => {
      await script.batchSave([{ id: 'a', name: 'A' }], 'Item');
      await script.batchDelete([{ id: 'a', name: '' }], 'Item');
    });
    const { records } = await list();
    expect(records).toMatchObject([{ id: 'a', name: '', _nango_metadata: { last_action: 'DELETED' } }]);
    expect(records[0]?._nango_metadata.deleted_at).toBe(records[0]?._nango_metadata.last_modified_at);
  });

  it('are merged by an update, which makes none', async () => {
    await sync(async (script) => {
      await script.batchSave([{ id: 'a', name: 'A', city: 'X' }], 'Item');
      await script.batchUpdate([{ id: 'a', city: 'Y' }, { id: 'b' }], 'Item');
    });
    expect((await list()).records).toMatchObject([{ id: 'a', name: 'A', city: 'Y' }]);
  });

  it('come page by page, and from a cursor only what changed after it', async () => {
    await sync(async (script) => {
      for (const id of ['a', 'b', 'c']) await script.batchSave([{ id }], 'Item');
    });
    const first = await list({ limit: 2 });
    expect(first.records.map(({ id }) => id)).toEqual(['a', 'b']);
    const second = await list({ limit: 2, cursor: String(first.next_cursor) });
    expect([second.records.map(({ id }) => id), second.next_cursor]).toEqual([['c'], null]);

    const cursor = String(second.records[0]?._nango_metadata.cursor);
    expect((await list({ cursor })).records).toEqual([]);
    await sync((script) => script.batchSave([{ id: 'a', changed: true }], 'Item'));
    expect((await list({ cursor })).records).toMatchObject([{ id: 'a', changed: true }]);
  });

  it('can be asked for by action, id and time', async () => {
    await sync((script) => script.batchSave([{ id: 'a' }, { id: 'b' }, { id: 'c' }], 'Item'));
    clock.now += 60_000;
    await sync(async (script) => {
      await script.batchSave([{ id: 'b', n: 2 }], 'Item');
      await script.batchDelete([{ id: 'c' }], 'Item');
    });
    expect(actionsOf(await list({ filter: 'updated' }))).toEqual({ b: 'UPDATED' });
    expect(actionsOf(await list({ filter: 'deleted' }))).toEqual({ c: 'DELETED' });
    expect(actionsOf(await list({ filter: 'added,updated' }))).toEqual({ a: 'ADDED', b: 'UPDATED' });
    // A flaw of Nango: beside another action, `deleted` is not heard.
    expect(actionsOf(await list({ filter: 'updated,deleted' }))).toEqual({ b: 'UPDATED' });
    expect(actionsOf(await list({ ids: ['a', 'c'] }))).toEqual({ a: 'ADDED', c: 'DELETED' });
    expect(actionsOf(await list({ modifiedAfter: '2026-11-21T12:00:30.000Z' }))).toEqual({
      b: 'UPDATED',
      c: 'DELETED',
    });
  });

  it('of an unknown model are none, and a bad cursor is a 500', async () => {
    expect(await list({ model: 'Nothing' })).toEqual({ next_cursor: null, records: [] });
    await expect(list({ cursor: 'bm90IGEgY3Vyc29y' })).rejects.toMatchObject({
      response: { status: 500, data: { error: { code: 'server_error' } } },
    });
  });

  it('that a tracked run does not mention are deleted', async () => {
    await sync((script) => script.batchSave([{ id: 'a' }, { id: 'b' }], 'Item'));
    await sync(async (script) => {
      await script.trackDeletesStart('Item');
      await script.batchSave([{ id: 'a' }, { id: 'c' }], 'Item');
      expect(await script.trackDeletesEnd('Item')).toEqual({ deletedKeys: ['b'] });
    });
    expect(actionsOf(await list())).toEqual({ a: 'ADDED', c: 'ADDED', b: 'DELETED' });
    expect(await status()).toMatchObject({
      latestResult: { Item: { added: 1, updated: 0, deleted: 1 } },
      recordCount: { Item: 2 },
    });
  });
});

describe('a sync', () => {
  it('shows its checkpoint, which a reset run does not see', async () => {
    const seen: unknown[] = [];
    const run: Exec = async (script) => {
      seen.push(await script.getCheckpoint());
      await script.saveCheckpoint({ page: seen.length });
    };
    await sync(run);
    await sync(run);
    expect(await status()).toMatchObject({ checkpoint: { page: 2 } });
    await sync(run, { reset: true });
    expect(seen).toEqual([null, { page: 1 }, null]);
  });

  it('forgets its records before a run that empties the cache', async () => {
    await sync((script) => script.batchSave([{ id: 'a' }], 'Item'));
    await sync((script) => script.batchSave([{ id: 'b' }], 'Item'), { reset: true, emptyCache: true });
    expect(actionsOf(await list())).toEqual({ b: 'ADDED' });
  });

  it('that throws is STOPPED, and ERROR only while its schedule runs', async () => {
    await sync(async () => {
      throw new Error('no');
    });
    expect(await status()).toMatchObject({
      latestExecutionStatus: 'STOPPED',
      status: 'PAUSED',
      nextScheduledSyncAt: null,
    });
    await nango.startSync('recharge', ['items'], 'conn-1');
    expect(await status()).toMatchObject({ status: 'ERROR', nextScheduledSyncAt: '2026-11-21T13:00:00.000Z' });
    await nango.pauseSync('recharge', ['items'], 'conn-1');
    expect(await status()).toMatchObject({ status: 'PAUSED', finishedAt: '2026-11-21T12:00:00.000Z' });
  });

  it.each([
    ['every 5 minutes', '5 minutes'],
    ['every 30s', '30s'],
    ['every 2h', '2h'],
  ])('accepts the frequency %s', async (frequency, interval) => {
    emulator.deploy(items(async () => {}));
    const answer = await nango.updateSyncConnectionFrequency('recharge', 'items', 'conn-1', frequency);
    expect(answer).toEqual({ frequency: interval });
    expect(await status()).toMatchObject({ frequency });
  });

  it.each(['every 10s', 'every day at 2am', '* * * * *'])('refuses the frequency %s', async (frequency) => {
    emulator.deploy(items(async () => {}));
    await expect(nango.updateSyncConnectionFrequency('recharge', 'items', 'conn-1', frequency)).rejects.toMatchObject({
      response: { status: 400 },
    });
  });
});

type Exec = NangoScript['exec'];
type Listing = Parameters<Nango['listRecords']>[0];

function items(exec: Exec): NangoScript {
  return { integration: 'recharge', name: 'items', type: 'sync', models: ['Item'], frequency: 'every hour', exec };
}

/** Runs a sync with this function to its end. */
async function sync(exec: Exec, options?: { reset: boolean; emptyCache?: boolean }): Promise<void> {
  emulator.deploy(items(exec));
  for (const one of emulator.state.connections.all()) {
    await nango.triggerSync(one.providerConfigKey, ['items'], one.connectionId, options);
  }
  await emulator.idle();
}

function list(options: Partial<Listing> = {}): ReturnType<Nango['listRecords']> {
  return nango.listRecords({ providerConfigKey: 'recharge', connectionId: 'conn-1', model: 'Item', ...options });
}

async function status(): Promise<unknown> {
  return (await nango.syncStatus('recharge', ['items'], 'conn-1')).syncs[0];
}

function actionsOf({ records }: Awaited<ReturnType<typeof list>>): Record<string, string> {
  return Object.fromEntries(records.map(({ id, _nango_metadata }) => [id, _nango_metadata.last_action]));
}
