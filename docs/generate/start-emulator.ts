import type { Emulator, EmulatorOptions } from '../../emulators/server.js';

interface EmulatorModule {
  startEmulator(options: EmulatorOptions): Promise<Emulator>;
}

/** A provider's stand-in without rate limits. */
export async function startEmulator(id: string): Promise<Emulator> {
  const module: EmulatorModule = await import(`../../emulators/${id}.ts`);
  return module.startEmulator({ rateLimits: false });
}
