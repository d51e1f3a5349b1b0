import type { ConnectionOptions } from '../../emulators/nango/connection-store.js';
import { apiKeyPlaceholder } from '../../emulators/nango/integration.js';
import { loadScript } from '../../emulators/nango/runtime.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';
import { createRunner } from '../../src/runner/runner.js';
import { searchText, watchEmulator } from '../security/watch.js';

export const runner = createRunner({ providers: builtInProviders });

/** Emulators of providers, and a Nango with an integration and a connection `acme` for each. */
export interface NangoStage {
  readonly nango: NangoEmulator;
  /** Leads to this Nango. */
  readonly env: { readonly NANGO_HOST: string; readonly NANGO_SECRET_KEY: string };
  emulator(id: string): Emulator<object>;
  reset(): void;
  close(): Promise<void>;
}

interface StageOptions {
  readonly providers: readonly string[];
  /** Compiled actions that are deployed for each of them. */
  readonly actions?: readonly string[];
  readonly connections?: readonly Omit<ConnectionOptions, 'apiKey'>[];
  /** Whether Nango has its limit of 200 requests a minute. Default: false. */
  readonly rateLimits?: boolean;
}

export async function openNangoStage({
  providers,
  actions = [],
  connections = [],
  rateLimits = false,
}: StageOptions): Promise<NangoStage> {
  const emulators = new Map<string, Emulator<object>>();
  for (const id of providers) emulators.set(id, await startEmulator(id));
  const unwatch = [...emulators.values()].map(watchEmulator);
  const emulator = (id: string) => {
    const found = emulators.get(id);
    if (found === undefined) throw new Error(`no emulator of ${id} was started`);
    return found;
  };
  const all = [...providers.map((providerConfigKey) => ({ connectionId: 'acme', providerConfigKey })), ...connections];
  const nango = await startNangoEmulator({
    integrations: Object.fromEntries(
      providers.map((id) => {
        const { auth } = runner.provider(id).definition;
        const header = { name: auth.header, valueTemplate: auth.value.replace('{key}', apiKeyPlaceholder) };
        return [id, { baseUrl: emulator(id).url, header }];
      }),
    ),
    connections: all.map((connection) => ({ ...connection, apiKey: emulator(connection.providerConfigKey).apiKey })),
    rateLimits,
  });
  for (const id of providers) for (const action of actions) nango.deploy(await compiled(id, action));
  return {
    nango,
    env: { NANGO_HOST: nango.url, NANGO_SECRET_KEY: nango.secretKey },
    emulator,
    reset() {
      searchText(JSON.stringify(nango.logs), "Nango's logs");
      for (const { reset } of [...emulators.values(), nango]) reset();
    },
    async close() {
      searchText(JSON.stringify(nango.logs), "Nango's logs");
      for (const end of unwatch) end();
      await nango.close();
      for (const { close } of emulators.values()) await close().catch(() => {});
    },
  };
}

/** An action as `nango compile` wrote it. It does not really wait between its attempts. */
export function compiled(id: string, action: string) {
  const file = new URL(`../../integrations/build/${id}_actions_${action}.cjs`, import.meta.url).pathname;
  return loadScript(file, { setTimeout: (work) => setTimeout(work, 1), isKept: true });
}

async function startEmulator(id: string): Promise<Emulator<object>> {
  const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
    `../../emulators/${id}.ts`
  );
  return module.startEmulator({ rateLimits: false });
}
