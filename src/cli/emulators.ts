import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Provider } from '../core/connector.js';

export interface RunningEmulator {
  readonly definition: ProviderDefinition;
  readonly emulator: Emulator;
}

interface EmulatorModule {
  startEmulator(options: EmulatorOptions): Promise<Emulator>;
}

/** Starts a provider's stand-in, found by the provider's id: `emulators/<id>.ts`. */
export async function startEmulators(
  providers: readonly Provider[],
  options: EmulatorOptions,
): Promise<RunningEmulator[]> {
  return Promise.all(
    providers.map(async ({ definition }) => {
      const module: EmulatorModule = await import(`../../emulators/${definition.id}.js`);
      return { definition, emulator: await module.startEmulator(options) };
    }),
  );
}
