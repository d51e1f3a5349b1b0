import { resolve } from 'node:path';
import type { ConnectionSettings } from '../../schemas/connection.js';
import type { LoadedConfiguration } from './read-configuration.js';
import { type Environment, resolveSecrets } from './secrets.js';

/**
 * The settings of a configured connection, ready to be opened: with its secrets, and with paths that hold from anywhere.
 * @param offline nothing will be sent, so no secret is needed.
 * @throws CustomerSyncError `config` for a secret that is missing.
 */
export function connectionSettings(
  { settings: { connections = {} }, directory }: LoadedConfiguration,
  name: string,
  env: Environment,
  offline = false,
): ConnectionSettings | undefined {
  const written = Object.hasOwn(connections, name) ? connections[name] : undefined;
  if (written === undefined) return undefined;
  const settings = offline
    ? withoutSecrets(written)
    : resolveSecrets(written, `connections.${name}`, { env, directory });
  if (settings.via === 'nango-action' || settings.overlay === undefined) return settings;
  return { ...settings, overlay: [settings.overlay].flat().map((file) => resolve(directory, file)) };
}

function withoutSecrets<Settings extends ConnectionSettings>(settings: Settings): Settings {
  return { ...settings, credentials: undefined, nango: undefined };
}
