import { resolve } from 'node:path';
import type { ConnectionSettings } from '../../schemas/connection.js';
import { connectionSettings } from '../config/connection-settings.js';
import type { LoadedConfiguration } from '../config/read-configuration.js';
import { type OpenedConnection, type OpenOptions, openConnections } from '../connections/open-connections.js';
import { CustomerSyncError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { NangoFlags } from './nango-options.js';
import { checkOverlayNames } from './options.js';

interface TargetOptions extends OpenOptions {
  readonly configuration?: LoadedConfiguration | undefined;
  readonly rateShare: number | undefined;
  /** Connection or provider -> overlay files, each laid over those before. */
  readonly overlays: ReadonlyMap<string, readonly string[]>;
  readonly nango: NangoFlags;
}

/**
 * Makes `--to lago,autumn` into connections, by the environment variables that the definitions name, or with `--via`
 * through Nango.
 * @throws CustomerSyncError `config` for options that do not fit together, and what `openConnections` throws.
 */
export function openTargets(names: readonly string[], options: TargetOptions): Promise<OpenedConnection[]> {
  checkOverlayNames([...options.overlays.keys()], names);
  checkNangoFlags(options.nango, names);
  return openConnections(new Map(names.map((name) => [name, settingsOf(name, options)])), options);
}

/** The configured connection of this name, else the provider of this name. */
function settingsOf(name: string, options: TargetOptions): ConnectionSettings {
  const { configuration, env, offline, rateShare, overlays, nango } = options;
  const configured = configuration === undefined ? undefined : connectionSettings(configuration, name, env, offline);
  if (configured === undefined) {
    if (configuration !== undefined) checkName(name, configuration, options.runner.providers);
    return flagSettings(name, options);
  }
  if (nango.via !== undefined)
    throw misused(
      `--via says how to reach ${name}, and so does ${configuration?.file}`,
      `Leave --via out, or change connections.${name} there.`,
    );
  const settings = { ...configured, ...(rateShare !== undefined && { rate_share: rateShare }) };
  const overlay = overlays.get(name);
  if (overlay === undefined) return settings;
  if (settings.via === 'nango-action') throw overlayOfAction(name);
  return { ...settings, overlay: [...[settings.overlay ?? []].flat(), ...overlay.map((file) => resolve(file))] };
}

function checkName(name: string, { file, settings }: LoadedConfiguration, providers: readonly string[]): void {
  const names = [...Object.keys(settings.connections ?? {}), ...providers];
  if (names.includes(name)) return;
  throw misused(
    `there is no connection and no provider "${name}"${nearest(name, names)}`,
    `Use one of: ${names.join(', ')}. Connections stand in ${file}.`,
  );
}

function flagSettings(provider: string, { rateShare, overlays, nango }: TargetOptions): ConnectionSettings {
  const { via = 'direct', integration, connectionId, tags } = nango;
  const shared = { provider, ...(rateShare !== undefined && { rate_share: rateShare }) };
  const overlay = overlays.get(provider);
  const mapped = { ...shared, ...(overlay !== undefined && { overlay: [...overlay] }) };
  if (via === 'direct') return { ...mapped, via };
  const place = {
    ...(integration !== undefined && { integration }),
    ...(connectionId !== undefined && { connection_id: connectionId }),
    ...(tags !== undefined && { select: { tags } }),
  };
  if (via === 'nango-proxy') return { ...mapped, ...place, via };
  if (overlay !== undefined) throw overlayOfAction(provider);
  return { ...shared, ...place, via };
}

function checkNangoFlags({ via, integration, connectionId, tags }: NangoFlags, names: readonly string[]): void {
  const given = { '--integration': integration, '--connection-id': connectionId, '--tags': tags };
  const [stray] = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (via === undefined) {
    if (stray === undefined) return;
    throw misused(
      `${stray} is for connections through Nango`,
      'Add --via nango-proxy or --via nango-action, or leave it out.',
    );
  }
  if (connectionId === undefined && tags === undefined) {
    throw misused(
      `--via ${via} does not say which connection of Nango`,
      'Add --connection-id <id>, or --tags <name=value> for all connections that have these tags.',
    );
  }
  if (connectionId !== undefined && tags !== undefined)
    throw misused(
      '--connection-id and --tags both say which connection',
      'Give one of them: an id for one connection, tags for all that have them.',
    );
  if (integration !== undefined && names.length > 1)
    throw misused(
      `--integration names one integration, and --to names ${names.length} providers`,
      'Run once for each provider, or name the integrations in Nango like the providers.',
    );
}

function misused(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}

function overlayOfAction(name: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `--overlay ${name}: the deployed action takes its overlay from the connection in Nango`,
    remedy: 'Put it there, as "customer_sync": {"mapping": {...}} of the metadata, or use --via nango-proxy.',
  });
}
