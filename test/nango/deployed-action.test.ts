import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { Emulator } from '../../emulators/server.js';
import type { Outcome } from '../../schemas/outcome.js';
import { createNangoAction } from '../../src/hosts/nango-action.js';
import { createRunner } from '../../src/runner/runner.js';
import { JOE, SUBJECTS } from '../core/upsert/flow.js';

const SMITH = { ...JOE, last_name: 'Smith' };

/**
 * The deployed batch action, called as a run calls it: from outside, through Nango's API. What its script makes of every
 * fault, and what the other hosts do, is in test/conformance.
 */
// Attempts wait for each other in real time, which the providers can do side by side.
describe.concurrent.each(SUBJECTS)('the deployed action of $id', ({ id, provider, names, start }) => {
  let emulator: Emulator<object>;
  let nango: NangoEmulator;
  let upsert: (customer: Record<string, unknown>) => Promise<Outcome | undefined>;

  beforeAll(async () => {
    emulator = await start();
    const { auth } = provider.definition;
    nango = await startNangoEmulator({
      integrations: {
        [id]: {
          baseUrl: emulator.url,
          header: { name: auth.header, valueTemplate: auth.value.replace('{key}', apiKeyPlaceholder) },
        },
      },
      connections: [{ connectionId: 'conn-1', providerConfigKey: id, apiKey: emulator.apiKey }],
      rateLimits: false,
    });
    const file = new URL(`../../integrations/build/${id}_actions_upsert-customers-batch.cjs`, import.meta.url).pathname;
    nango.deploy(await loadScript(file, { setTimeout: (work) => setTimeout(work, 1), isKept: true }));
    const runner = createRunner({ providers: [provider] });
    const remote = createNangoAction({
      provider,
      secretKey: nango.secretKey,
      nangoUrl: nango.url,
      integration: id,
      connectionId: 'conn-1',
      rateShare: 1,
      // It is polled when it has ended.
      clock: { now: Date.now, sleep: nango.idle },
    });
    const connection = runner.connect({ to: id, remote });
    upsert = async (customer) => (await runner.upsert(connection, customer))[0];
  });

  beforeEach(() => {
    emulator.reset();
    nango.reset();
  });

  afterAll(async () => {
    await nango.close();
    await emulator.close();
  });

  describe('called by a run', { concurrent: false }, () => {
    const isCreate = { method: 'POST', path: /\/customers(\.get_or_create)?$/ };

    it('creates, then changes nothing, then updates the same record', async () => {
      const created = await upsert(JOE);
      expect(created).toMatchObject({ status: 'created', provider_id: expect.stringMatching(/\w/) });
      const sameRecord = { provider_id: created?.provider_id };
      expect(await upsert(JOE)).toMatchObject({ status: 'unchanged', ...sameRecord });
      expect(await upsert(SMITH)).toMatchObject({ status: 'updated', ...sameRecord });
      expect(names(emulator)).toEqual(['Joe Smith']);
    });

    it('finds a customer whose create was carried out but never answered, and makes no second one', async () => {
      emulator.faults.add({ kind: 'reset', commit: true }, isCreate);
      expect(await upsert(JOE)).toMatchObject({ status: 'created' });
      expect(names(emulator)).toEqual(['Joe Bloggs']);
    });

    it('says that the key is refused', async () => {
      emulator.faults.add({ kind: 'respond', status: 401, body: '{"error":"no"}' }, { times: 50 });
      expect(await upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'auth' } });
      expect(names(emulator)).toEqual([]);
    });

    it('waits out a rate limit', async () => {
      const slowDown = { kind: 'respond', status: 429, headers: { 'retry-after': '0' }, body: 'slow down' } as const;
      emulator.faults.add(slowDown, isCreate);
      expect(await upsert(JOE)).toMatchObject({ status: 'created' });
      expect(names(emulator)).toEqual(['Joe Bloggs']);
    });

    it('refuses an invalid customer without a request', async () => {
      expect(await upsert({ ...JOE, email: 'nowhere' })).toMatchObject({ error: { code: 'invalid_customer' } });
      expect(emulator.requests).toEqual([]);
    });
  });
});
