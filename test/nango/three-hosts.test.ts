import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { createScriptNango } from '../../emulators/nango/script-nango.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { Provider } from '../../src/core/connector.js';
import type { Host } from '../../src/core/http/host.js';
import { isObject } from '../../src/core/mapping/path.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createNangoAction } from '../../src/hosts/nango-action.js';
import { createNangoProxyHost } from '../../src/hosts/nango-proxy-host.js';
import type { Remote } from '../../src/runner/remote.js';
import { createRunner } from '../../src/runner/runner.js';

/** What a case looks at: the same three words from every host. */
interface Result {
  readonly status: string;
  readonly providerId?: string | undefined;
  readonly code?: string | undefined;
}

type Upsert = (customer: Record<string, unknown>) => Promise<Result>;

const customer = { id: 'u-1', email: 'jo@acme.example', name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe' };
const later = { ...customer, name: 'Jo Roe', last_name: 'Roe' };

// Attempts wait for each other in real time, which the providers can do side by side.
describe.concurrent.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))(
  '%s',
  (id, provider) => {
    let emulator: Emulator<object>;
    let nango: NangoEmulator;
    const hosts: Record<string, Upsert> = {};

    beforeAll(async () => {
      const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
        `../../emulators/${id}.ts`
      );
      emulator = await module.startEmulator({ rateLimits: false });
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
      const compiled = (name: string) =>
        loadScript(new URL(`../../integrations/build/${id}_actions_${name}.cjs`, import.meta.url).pathname, {
          setTimeout: (work) => setTimeout(work, 1),
          isKept: true,
        });
      nango.deploy(await compiled('upsert-customers-batch'));
      const script = await compiled('upsert-customers');
      const place = { secretKey: nango.secretKey, nangoUrl: nango.url, integration: id, connectionId: 'conn-1' };
      const { definition } = provider;
      hosts['local'] = through(provider, {
        host: createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey }),
      });
      hosts['nango proxy'] = through(provider, { host: createNangoProxyHost({ ...place, definition }) });
      hosts['nango action'] = through(provider, {
        // It is polled when it has ended.
        remote: createNangoAction({ ...place, provider, rateShare: 1, clock: { now: Date.now, sleep: nango.idle } }),
      });
      hosts['script in Nango'] = async (input) => {
        const parts = { state: nango.state, providerConfigKey: id, connectionId: 'conn-1', script };
        try {
          const output = await script.exec(createScriptNango(parts).nango, input);
          return isObject(output)
            ? { status: String(output['outcome']), providerId: String(output['provider_id']) }
            : { status: 'none' };
        } catch (error) {
          const payload = isObject(error) ? error['payload'] : undefined;
          return isObject(payload)
            ? { status: String(payload['outcome']), code: String(payload['code']) }
            : { status: String(error) };
        }
      };
    });

    beforeEach(() => {
      emulator.reset();
      nango.reset();
    });

    afterAll(async () => {
      await nango.close();
      await emulator.close();
    });

    describe.each(['local', 'nango proxy', 'nango action', 'script in Nango'])(
      'through %s',
      { concurrent: false },
      (name) => {
        const upsert: Upsert = (input) => hosts[name]?.(input) ?? Promise.reject(new RangeError(name));
        const isCreate = { method: 'POST', path: /\/customers(\.get_or_create)?$/ };
        const held = () => emulator.customers().length;

        it('creates, then changes nothing, then updates the same record', async () => {
          const created = await upsert(customer);
          expect(created.status).toBe('created');
          const requests = emulator.requests.length;
          expect(await upsert(customer)).toEqual({ status: 'unchanged', providerId: created.providerId });
          // Whom a lagging search finds is read once more.
          const reads = provider.definition.identity.unique ? 1 : 2;
          expect(emulator.requests).toHaveLength(requests + reads);
          expect(await upsert(later)).toEqual({ status: 'updated', providerId: created.providerId });
          expect(held()).toBe(1);
        });

        it('finds a customer whose create was carried out but never answered, and makes no second one', async () => {
          emulator.faults.add({ kind: 'reset', commit: true }, isCreate);
          expect((await upsert(customer)).status).toBe('created');
          expect(held()).toBe(1);
        });

        it('creates once when the connection broke before the provider did anything', async () => {
          emulator.faults.add({ kind: 'reset' }, isCreate);
          expect((await upsert(customer)).status).toBe('created');
          expect(held()).toBe(1);
        });

        it('finds the customer when the answer to the create broke off half-way', async () => {
          emulator.faults.add({ kind: 'truncate' }, isCreate);
          expect((await upsert(customer)).status).toBe('created');
          expect(held()).toBe(1);
        });

        it('says that the key is refused', async () => {
          emulator.faults.add({ kind: 'respond', status: 401, body: '{"error":"no"}' }, { times: 50 });
          expect(await upsert(customer)).toMatchObject({ status: 'failed', code: 'auth' });
          expect(held()).toBe(0);
        });

        it('waits out a rate limit', async () => {
          emulator.faults.add(
            { kind: 'respond', status: 429, headers: { 'retry-after': '0' }, body: 'slow down' },
            isCreate,
          );
          expect((await upsert(customer)).status).toBe('created');
          expect(held()).toBe(1);
        });

        it('refuses an invalid customer without a request', async () => {
          expect(await upsert({ ...customer, email: 'nowhere' })).toMatchObject({ code: 'invalid_customer' });
          expect(emulator.requests).toEqual([]);
        });
      },
    );
  },
);

const quick = { maxAttempts: 5, baseMs: 1, capMs: 1, budgetMs: 1_000 };

function through(provider: Provider, way: { readonly host: Host } | { readonly remote: Remote }): Upsert {
  const runner = createRunner({ providers: [provider] });
  const to = provider.definition.id;
  const connection = runner.connect(
    'host' in way ? { to, ...way, retry: quick, rateShare: 'unpaced' } : { to, ...way },
  );
  return async (customer) => {
    const [outcome] = await runner.upsert(connection, customer);
    return {
      status: outcome?.status ?? 'none',
      ...(outcome?.provider_id !== undefined && { providerId: outcome.provider_id }),
      ...(outcome?.error !== undefined && { code: outcome.error.code }),
    };
  };
}
