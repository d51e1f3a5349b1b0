import { type Command, InvalidArgumentError, Option } from 'commander';

/** Which way to the providers, and which of Nango's connections. */
export interface NangoFlags {
  readonly via?: 'nango-proxy' | 'nango-action';
  readonly integration?: string;
  readonly connectionId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export function addNangoOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--via <way>',
        'through Nango: its proxy carries our requests, or its deployed actions do the work (key: NANGO_SECRET_KEY)',
      ).choices(['nango-proxy', 'nango-action']),
    )
    .option('--integration <key>', "with --via: the integration in Nango (default: the provider's name)")
    .option('--connection-id <id>', 'with --via: the connection in Nango')
    .option('--tags <name=value,...>', 'with --via: all connections in Nango that have these tags', tags);
}

function tags(value: string): Record<string, string> {
  const pairs = value.split(',').map((pair) => {
    const at = pair.indexOf('=');
    const [name, text] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || name === '' || text === '')
      throw new InvalidArgumentError('Write it as name=value, such as plan=gold.');
    return [name, text];
  });
  return Object.fromEntries(pairs);
}
