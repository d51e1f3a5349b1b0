import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { Nango } from '@nangohq/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator as startLago } from '../../emulators/lago.js';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { createScriptNango } from '../../emulators/nango/script-nango.js';
import { createState } from '../../emulators/nango/state.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';

const files = globSync('integrations/build/*.cjs');

it('covers every script that nango compile wrote', () => {
  const names = builtInProviders.flatMap(({ definition: { id } }) => [
    `${id}_actions_plan-customers.cjs`,
    `${id}_actions_upsert-customers-batch.cjs`,
    `${id}_actions_upsert-customers.cjs`,
    `${id}_syncs_customers.cjs`,
  ]);
  expect(files.map((file) => basename(file)).sort()).toEqual(names.sort());
});

/** Waits before a retry are over at once. */
const quick = { setTimeout: (work: () => void) => setTimeout(work, 1) };

const ada = { id: 'u-1', email: 'ada@acme.example', name: 'Ada Byron', first_name: 'Ada', last_name: 'Byron' };
const jo = { id: 'u-2', email: 'jo@acme.example', name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe' };

describe('the sync of Lago', () => {
  it('misses nobody when customers are deleted while it reads', async () => {
    const provider = await startLago({ rateLimits: false });
    const state = createState({
      integrations: {
        lago: {
          baseUrl: provider.url,
          header: { name: 'authorization', valueTemplate: `Bearer ${apiKeyPlaceholder}` },
        },
      },
      connections: [{ connectionId: 'conn-1', providerConfigKey: 'lago', apiKey: provider.apiKey }],
    });
    onTestFinished(async () => {
      state.close();
      await provider.close();
    });
    const headers = { authorization: `Bearer ${provider.apiKey}`, 'content-type': 'application/json' };
    for (let number = 1; number <= 150; number += 1) {
      const body = JSON.stringify({ customer: { external_id: `u-${number}` } });
      await fetch(`${provider.url}/customers`, { method: 'POST', headers, body });
    }
    // The newest come first, so these three stand on the first page.
    const deleted = ['u-150', 'u-149', 'u-100'];
    const pages = () => provider.requests.filter(({ method }) => method === 'GET').length;

    const script = await loadScript('integrations/build/lago_syncs_customers.cjs');
    const { nango } = createScriptNango({ state, providerConfigKey: 'lago', connectionId: 'conn-1', script });
    const disturbed = new Proxy(nango, {
      get(target, name) {
        if (name !== 'batchSave' || pages() !== 1) return Reflect.get(target, name);
        return async (...saved: Parameters<typeof target.batchSave>) => {
          for (const id of deleted) {
            await fetch(`${provider.url}/customers/${id}`, { method: 'DELETE', headers });
          }
          return target.batchSave(...saved);
        };
      },
    });
    await script.exec(disturbed);

    const [connection] = state.connections.all();
    const saved = state.records.list({ connection: connection?.id ?? 0, model: 'BillingCustomer' });
    const there = saved.filter(({ deletedAt }) => deletedAt === null).map(({ data }) => String(data['customer_id']));
    const left = Array.from({ length: 150 }, (_, n) => `u-${n + 1}`).filter((id) => !deleted.includes(id));
    expect(left.filter((id) => !there.includes(id))).toEqual([]);
    expect(pages()).toBe(4);
  });
});

/** Each compiled script in Nango's vm context, triggered through the emulated Nango server, against the emulated provider. */
describe.each(builtInProviders.map(({ definition }) => [definition.id, definition] as const))(
  '%s',
  (id, definition) => {
    let provider: Emulator<object>;
    let emulator: NangoEmulator;
    let nango: Nango;

    beforeAll(async () => {
      const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
        `../../emulators/${id}.ts`
      );
      provider = await module.startEmulator({ rateLimits: false });
      const { auth } = definition;
      emulator = await startNangoEmulator({
        integrations: {
          [id]: {
            baseUrl: provider.url,
            header: { name: auth.header, valueTemplate: auth.value.replace('{key}', apiKeyPlaceholder) },
          },
        },
        connections: [{ connectionId: 'conn-1', providerConfigKey: id, apiKey: provider.apiKey }],
        scripts: await Promise.all(
          files.filter((file) => basename(file).startsWith(`${id}_`)).map((file) => loadScript(file, quick)),
        ),
        rateLimits: false,
      });
      nango = new Nango({ apiKey: emulator.secretKey, host: emulator.url });
    });

    beforeEach(() => {
      provider.reset();
      emulator.reset();
    });

    afterAll(async () => {
      await emulator.close();
      await provider.close();
    });

    const trigger = (action: string, input: object) =>
      nango.triggerAction<object, unknown>(id, 'conn-1', action, input);
    const pull = async () => {
      await nango.triggerSync(id, ['customers'], 'conn-1');
      await emulator.idle();
      return (await nango.listRecords({ providerConfigKey: id, connectionId: 'conn-1', model: 'BillingCustomer' }))
        .records;
    };

    it('upserts one customer', async () => {
      expect(await trigger('upsert-customers', ada)).toMatchObject({ action: 'create', outcome: 'created' });
      expect(await trigger('upsert-customers', { ...ada, name: 'Ada King', last_name: 'King' })).toMatchObject({
        action: 'update',
        outcome: 'updated',
      });
      expect(provider.customers()).toHaveLength(1);
    });

    it('upserts a list, and tells what became of each', async () => {
      await trigger('upsert-customers', ada);
      const customers = [
        ada,
        { ...jo, email: 'nowhere' },
        jo,
        { ...jo, id: 'u-3', email: 'x@acme.example', deleted: true },
      ];
      expect(await trigger('upsert-customers-batch', { customers, rate_share: 1 })).toMatchObject({
        results: [
          { customer_id: 'u-1', status: 'unchanged' },
          { customer_id: 'u-2', status: 'invalid', error: { fields: [{ field: 'email' }] } },
          { customer_id: 'u-2', status: 'created' },
          { customer_id: 'u-3', status: 'skipped' },
        ],
      });
      expect(provider.customers()).toHaveLength(2);
    });

    it('plans one customer and a list, and writes nothing', async () => {
      await trigger('upsert-customers', ada);
      const before = JSON.stringify(provider.customers());
      expect(await trigger('plan-customers', jo)).toMatchObject({ customer_id: 'u-2', action: 'create' });
      const changed = { ...ada, name: 'Ada King', last_name: 'King' };
      expect(await trigger('plan-customers', { customers: [changed, jo] })).toMatchObject({
        results: [
          { plan: { action: 'update', changes: expect.arrayContaining([expect.objectContaining({ change: 'set' })]) } },
          { plan: { action: 'create' } },
        ],
      });
      expect(JSON.stringify(provider.customers())).toBe(before);
    });

    it('reads the customers back, and marks those as deleted that are gone', async () => {
      await trigger('upsert-customers-batch', { customers: [ada, jo], rate_share: 1 });
      const first = await pull();
      expect(first.map(({ customer }) => Reflect.get(Object(customer), 'email')).sort()).toEqual([ada.email, jo.email]);
      expect(first.map(({ _nango_metadata }) => _nango_metadata.last_action)).toEqual(['ADDED', 'ADDED']);

      provider.reset();
      await trigger('upsert-customers', ada);
      const second = await pull();
      const deleted = second.filter(({ _nango_metadata }) => _nango_metadata.last_action === 'DELETED');
      expect(deleted.map(({ customer }) => Reflect.get(Object(customer), 'email'))).toContain(jo.email);
      const left = second.filter(({ _nango_metadata }) => _nango_metadata.last_action !== 'DELETED');
      expect(left.map(({ customer }) => Reflect.get(Object(customer), 'email'))).toEqual([ada.email]);
    });

    it('refuses a mapping overlay of the connection that is not valid, and names what is wrong with it', async () => {
      await nango.setMetadata(id, 'conn-1', { customer_sync: { mapping: { fields: { email: { from: 'nmae' } } } } });
      for (const action of ['upsert-customers', 'upsert-customers-batch', 'plan-customers']) {
        const input = action === 'upsert-customers' ? ada : { customers: [ada] };
        await expect(trigger(action, input)).rejects.toMatchObject({
          response: {
            status: 500,
            data: { error: { payload: { code: 'mapping', message: expect.stringContaining('fields.email') } } },
          },
        });
      }
      expect(provider.requests).toEqual([]);
    });

    it('says that the provider is down, and writes nothing', async () => {
      provider.faults.add({ kind: 'reset' }, { times: 999 });
      await expect(trigger('upsert-customers', ada)).rejects.toMatchObject({
        response: { status: 500, data: { error: { payload: { code: 'unavailable', outcome: 'failed' } } } },
      });
      expect(await trigger('upsert-customers-batch', { customers: [ada, jo] })).toMatchObject({
        results: [{ status: 'failed', error: { code: 'unavailable' } }, { status: 'failed' }],
      });
      expect(provider.customers()).toEqual([]);
    });

    it('stops where the key is refused, and writes nothing', async () => {
      provider.faults.add({ kind: 'respond', status: 401, body: '{"error":"no"}' }, { times: 99 });
      expect(await trigger('upsert-customers-batch', { customers: [ada, jo] })).toMatchObject({
        stopped: 'failures',
        results: [{ status: 'failed', error: { code: 'auth' } }, { status: 'not_attempted' }],
      });
    });
  },
);
