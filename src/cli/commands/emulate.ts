import type { Command } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import { createRunner } from '../../runner/runner.js';
import { type Console, say } from '../console.js';
import { type RunningEmulator, startEmulators } from '../emulators.js';
import { exitCode } from '../exit-code.js';
import { writeText } from '../output.js';

interface EmulateFlags {
  readonly rateLimits?: boolean;
}

export function addEmulate(command: Command, console: Console, finish: (code: number) => void): void {
  command
    .argument('[providers...]', 'which ones (default: all)')
    .option(
      '--rate-limits',
      'refuse what is over the rates that the providers document; other commands need --rate-share',
    )
    .addHelpText(
      'after',
      '\nPrints the variables that lead the other commands to the stand-ins. Nothing is kept when it ends.',
    )
    .action(async (names: string[], flags: EmulateFlags) => finish(await emulate(console, names, flags)));
}

async function emulate(
  console: Console,
  names: readonly string[],
  { rateLimits = false }: EmulateFlags,
): Promise<number> {
  const runner = createRunner({ providers: builtInProviders });
  const chosen = names.length === 0 ? builtInProviders : [...new Set(names)].map((name) => runner.provider(name));
  const emulators = await startEmulators(chosen, { rateLimits });
  await writeText(console.stdout, emulators.map(exportLines).join(''));
  // To this machine the other commands send as fast as answers come, unless they are told a share of the rate.
  const limits = rateLimits ? 'as the providers document them: add --rate-share 1 to the other commands' : 'lifted';
  say(console, `Running until Ctrl-C. Rate limits are ${limits}. In another shell, set the variables above.`);
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
