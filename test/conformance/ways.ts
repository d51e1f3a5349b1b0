import dns from 'node:dns';
import { vi } from 'vitest';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { createScriptNango } from '../../emulators/nango/script-nango.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { Emulator } from '../../emulators/server.js';
import type { Outcome } from '../../schemas/outcome.js';
import type { Provider } from '../../src/core/connector.js';
import type { Host } from '../../src/core/http/host.js';
import { isObject } from '../../src/core/mapping/path.js';
import { archiveCustomer } from '../../src/core/upsert/archive.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createNangoProxyHost } from '../../src/hosts/nango-proxy-host.js';
import { createRunner } from '../../src/runner/runner.js';
import { HANG_MS, type TimeLimits } from './time-limits.js';

export const HOSTS = ['local', 'Nango proxy', 'Nango action'] as const;
export type HostName = (typeof HOSTS)[number];

/** What a customer came to, the same words from every host. */
export interface Result {
  readonly status: string;
  readonly providerId?: string | undefined;
  readonly code?: string | undefined;
}

/** One way to reach a provider. */
export interface Way {
  upsert(customer: Record<string, unknown>): Promise<Result>;
  /** Absent where nothing archives. */
  readonly archive?: (customerId: string, address: string) => Promise<Result>;
  /** Everything that was logged or reported since the last reset, the fields' old and new values left out. */
  readonly said: unknown[];
  /** Every wait that was asked for, in milliseconds; absent where the host does not show it. */
  readonly waits?: number[];
  /** Begins anew: nothing said, nothing waited. */
  reset(): void;
}

const MAX_RESPONSE_BYTES = 200_000;

interface LocalOptions {
  readonly provider: Provider;
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Called before each request, with how many went before it. */
  readonly before?: (earlier: number) => Promise<void>;
}

export function openLocal({ provider, apiKey, baseUrl, before }: LocalOptions): Way {
  const said: unknown[] = [];
  const { definition } = provider;
  const host = createLocalHost({
    definition,
    baseUrl,
    apiKey,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    timeoutMs: HANG_MS,
    log: (entry) => said.push(entry),
  });
  return throughRunner(provider, host, said, before);
}

export interface NangoWays {
  readonly ways: Readonly<Record<Exclude<HostName, 'local'>, Way>>;
  readonly secretKey: string;
  reset(): void;
  close(): Promise<void>;
}

/** Nango with one integration and connection for this provider, and its compiled action. */
export async function openNango(provider: Provider, emulator: Emulator, limits: TimeLimits): Promise<NangoWays> {
  const { id, auth } = provider.definition;
  const nango = await startNangoEmulator({
    integrations: {
      [id]: {
        baseUrl: emulator.url,
        header: { name: auth.header, valueTemplate: auth.value.replace('{key}', apiKeyPlaceholder) },
      },
    },
    connections: [{ connectionId: 'conn-1', providerConfigKey: id, apiKey: emulator.apiKey }],
    rateLimits: false,
  });
  return {
    secretKey: nango.secretKey,
    ways: {
      'Nango proxy': openProxy(provider, nango),
      'Nango action': await openAction(id, nango, limits),
    },
    reset: nango.reset,
    close: nango.close,
  };
}

function openProxy(provider: Provider, nango: NangoEmulator): Way {
  const { definition } = provider;
  const said: unknown[] = [];
  const host = createNangoProxyHost({
    definition,
    secretKey: nango.secretKey,
    nangoUrl: nango.url,
    integration: definition.id,
    connectionId: 'conn-1',
    log: (entry) => said.push(entry),
    timeoutMs: HANG_MS,
  });
  return throughRunner(provider, host, said);
}

async function openAction(id: string, nango: NangoEmulator, { scriptTimeout }: TimeLimits): Promise<Way> {
  const file = new URL(`../../integrations/build/${id}_actions_upsert-customers.cjs`, import.meta.url).pathname;
  const script = await loadScript(file, { isKept: true, setTimeout: scriptTimeout });
  const said: unknown[] = [];
  return {
    said,
    reset() {
      said.length = 0;
    },
    async upsert(customer) {
      const parts = { state: nango.state, providerConfigKey: id, connectionId: 'conn-1', script };
      const { nango: runtime, logs } = createScriptNango(parts);
      const result = await script.exec(runtime, customer).then(resultOfOutput, resultOfError);
      said.push(...logs, result.said);
      return result;
    },
  };
}

function resultOfOutput(output: unknown): Result & { said: unknown } {
  if (!isObject(output)) return { status: 'no output', said: output };
  return { status: String(output['outcome']), providerId: String(output['provider_id']), said: output['warnings'] };
}

function resultOfError(error: unknown): Result & { said: unknown } {
  const payload = isObject(error) ? error['payload'] : undefined;
  if (!isObject(payload)) return { status: String(error), said: error };
  const code = String(payload['code']);
  // Whoever could not be read as a customer has no outcome of its own.
  return {
    status: String(payload['outcome'] ?? (code === 'invalid_customer' ? 'invalid' : code)),
    code,
    said: payload,
  };
}

/** With the engine's own retry policy, on a clock that makes nobody wait. */
function throughRunner(provider: Provider, real: Host, said: unknown[], before = async (_earlier: number) => {}): Way {
  const waits: number[] = [];
  let waited = 0;
  let sent = 0;
  const host: Host = {
    ...real,
    async send(request) {
      await before(sent++);
      return real.send(request);
    },
    now: () => real.now() + waited,
    random: () => 0.5,
    async sleep(ms) {
      waits.push(ms);
      waited += ms;
    },
  };
  const runner = createRunner({ providers: [provider] });
  const connection = runner.connect({ to: provider.definition.id, host, rateShare: 'unpaced' });
  const resultOf = ({ status, provider_id, error, warnings, reason }: Outcome): Result => {
    said.push({ error, warnings: warnings.map(({ code, message }) => ({ code, message })), reason });
    return { status, providerId: provider_id, code: error?.code };
  };
  const { archive } = provider.connector;
  return {
    said,
    waits,
    reset() {
      said.length = 0;
      waits.length = 0;
      waited = 0;
    },
    async upsert(customer) {
      const [outcome] = await runner.upsert(connection, customer);
      if (outcome === undefined) throw new Error('no outcome');
      return resultOf(outcome);
    },
    ...(archive !== undefined && {
      archive: async (customerId, address) =>
        resultOf(await archiveCustomer(connection.writer, { customerId, address })),
    }),
  };
}

/** Whether who is to be archived is looked up first. */
export const archivesByProviderId = ({ definition }: Provider): boolean => definition.archive?.by === 'provider_id';

/** Makes the n-th look-up of a host name fail, as a resolver that is away does; until mocks are restored. */
export function failLookUp(number: number): void {
  const real = dns.lookup;
  let count = 0;
  vi.spyOn(dns, 'lookup').mockImplementation((...parameters: unknown[]) => {
    count += 1;
    const answer = parameters.at(-1);
    if (count !== number || typeof answer !== 'function') return Reflect.apply(real, dns, parameters);
    process.nextTick(answer, Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }));
  });
}
