import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import { createRunner } from '../../runner/runner.js';
import { type Console, say } from '../console.js';
import { type RunningEmulator, startEmulators } from '../emulators.js';
import { exitCode } from '../exit-code.js';
import { writeText } from '../output.js';

interface EmulateFlags {
  readonly rateLimits: boolean;
}

export function addEmulate(command: Command, console: Console, finish: (code: number) => void): void {
  command
    .argument('[providers...]', 'which ones (default: all)')
    .option('--no-rate-limits', "lift the providers' rate limits")
    .addHelpText(
      'after',
      '\nPrints the variables that lead the other commands to the stand-ins. Nothing is kept when it ends.',
    )
    .action(async (names: string[], flags: EmulateFlags) => finish(await emulate(console, names, flags)));
}

async function emulate(console: Console, names: readonly string[], { rateLimits }: EmulateFlags): Promise<number> {
  const runner = createRunner({ providers: builtInProviders });
  const chosen = names.length === 0 ? builtInProviders : [...new Set(names)].map((name) => runner.provider(name));
  const emulators = await startEmulators(chosen, { rateLimits });
  await writeText(console.stdout, emulators.map(exportLines).join(''));
  say(
    console,
    `Running until Ctrl-C. Rate limits are ${rateLimits ? 'as the providers document them' : 'lifted'}. In another shell, set the variables above.`,
  );
  const signal = await nextSignal();
  await Promise.all(emulators.map(({ emulator }) => emulator.close()));
  return signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
}

function exportLines({ definition, emulator }: RunningEmulator): string {
  return `export ${definition.api.base_url_env}=${emulator.url} ${definition.auth.env}=${emulator.apiKey}\n`;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
}
