import { builtInProviders } from '../../../integrations/registry.js';
import type { ConnectionSettings } from '../../../schemas/connection.js';
import { connectionSettings } from '../../config/connection-settings.js';
import { openConnections } from '../../connections/open-connections.js';
import type { Console } from '../console.js';
import { definitions } from '../definitions.js';
import { createAccounts, type JobContext } from '../jobs/open-job.js';
import type { ConnectionToCheck } from './check-connection.js';

export function configuredConnections({ configuration, console, accounts }: JobContext): ConnectionToCheck[] {
  return Object.entries(configuration.settings.connections ?? {}).map(([name, written]) => ({
    name,
    keyFrom: written.via === undefined || written.via === 'direct' ? keyFrom(written.provider) : undefined,
    settings: () => connectionSettings(configuration, name, console.env) ?? written,
    open: (settings) => open(name, settings, console, accounts),
  }));
}

/** One for each provider whose key is in the environment, and the variables that were looked for. */
export function environmentConnections(console: Console): {
  readonly connections: readonly ConnectionToCheck[];
  readonly variables: readonly string[];
} {
  const accounts = createAccounts();
  return {
    connections: definitions
      .filter(({ auth }) => console.env[auth.env])
      .map(({ id }) => ({
        name: id,
        keyFrom: keyFrom(id),
        settings: () => ({ provider: id, via: 'direct' }),
        open: (settings) => open(id, settings, console, accounts),
      })),
    variables: definitions.map(({ auth }) => auth.env),
  };
}

function open(name: string, settings: ConnectionSettings, { env }: Console, accounts: JobContext['accounts']) {
  return openConnections(new Map([[name, settings]]), { ...accounts, env, offline: false });
}

function keyFrom(provider: string): string | undefined {
  return builtInProviders.find(({ definition }) => definition.id === provider)?.definition.auth.where;
}
