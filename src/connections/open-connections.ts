import type { ConnectionSettings } from '../../schemas/connection.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Connection } from '../runner/connection.js';
import type { Runner } from '../runner/runner.js';
import type { Account } from './account.js';
import { openDirect } from './open-direct.js';
import { createNangoOpener, type NangoEnvironments } from './open-nango.js';
import type { Tell } from './outage-log.js';

/** A connection, and what a person should know of it before it is written to. */
export interface OpenedConnection {
  readonly connection: Connection;
  readonly definition: ProviderDefinition;
  readonly account: Account;
  /** What makes it slower than its provider, and the like. */
  readonly notes: readonly string[];
}

export interface OpenOptions {
  readonly runner: Runner;
  /** For connections that are opened apart and are to share the limit of Nango's environment. */
  readonly environments?: NangoEnvironments;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** No key is needed and no request can be sent. */
  readonly offline: boolean;
  /** What the names of files in the settings are relative to. Default: the working directory. */
  readonly directory?: string;
  /** Gets what people should know while a run goes on: that a provider is away, and that it is back. */
  readonly tell?: Tell;
}

/**
 * Makes settings into connections, in their order. A set becomes one connection for each member that Nango has now,
 * named `<name>/<connection id>`.
 * @throws CustomerSyncError `config` for an unknown provider, a missing key, an unusable URL, and what Nango does not
 * have; `mapping` for an overlay; `auth` and `unavailable` for Nango itself.
 */
export async function openConnections(
  settings: ReadonlyMap<string, ConnectionSettings>,
  options: OpenOptions,
): Promise<OpenedConnection[]> {
  const openNango = createNangoOpener(options);
  const opened: OpenedConnection[] = [];
  for (const [name, connection] of settings) {
    if (connection.via === 'nango-proxy' || connection.via === 'nango-action') {
      opened.push(...(await openNango(name, connection)));
    } else {
      opened.push(openDirect(name, connection, options));
    }
  }
  return opened;
}
