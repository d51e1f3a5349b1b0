import type { NangoConnectionSettings } from '../../schemas/connection.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { CustomerSyncError } from '../core/errors.js';
import { defaultRateShare } from '../core/run/limiter.js';
import { mutedHost } from '../hosts/muted-host.js';
import { createNangoEnvironment, type NangoConnection, type NangoEnvironment } from '../hosts/nango-environment.js';
import { nangoAccess } from '../hosts/nango-settings.js';
import { httpNotes } from '../hosts/secure-url.js';
import { type Account, accountText, keyDigits } from './account.js';
import { createMemberOpener, integrationOf } from './nango-member.js';
import type { OpenedConnection, OpenOptions } from './open-connections.js';
import { readOverlays } from './overlay-files.js';

/** Those that were met so far, by address and key. */
export type NangoEnvironments = Map<string, NangoEnvironment>;

type Opener = (name: string, settings: NangoConnectionSettings) => Promise<OpenedConnection[]>;

/** Opens connections through Nango. Those of one environment share its limit of requests. */
export function createNangoOpener(options: OpenOptions): Opener {
  const { environments = new Map() } = options;
  return async (name, settings) => {
    const { definition } = options.runner.provider(settings.provider);
    const { secretKey, nangoUrl, allowHttp } = nangoAccess(settings.nango, options.env);
    const account = accountOf(settings, nangoUrl, secretKey);
    if (options.offline) return [openOffline(name, settings, options, account)];
    if (secretKey === '') throw missingKey();

    const key = JSON.stringify([nangoUrl, secretKey, allowHttp]);
    const environment = environments.get(key) ?? createNangoEnvironment({ secretKey, nangoUrl, allowHttp });
    environments.set(key, environment);
    const members = await membersOf(environment, settings);
    const openMember = createMemberOpener({
      ...options,
      settings,
      environment,
      members: members.length,
      account: (connectionId) => accountText(account(connectionId)),
    });
    const notes = [...httpNotes(nangoUrl), ...notesOf(settings, definition, environment, members.length)];
    return members.map((member, index) => ({
      connection: openMember(settings.select === undefined ? name : `${name}/${member.connectionId}`, member),
      definition,
      account: account(member.connectionId),
      // What all of a set share is said once.
      notes: index === 0 ? notes : [],
    }));
  };
}

function accountOf(settings: NangoConnectionSettings, baseUrl: string, secretKey: string) {
  const { via } = settings;
  return (connectionId: string): Account => ({
    baseUrl,
    key: keyDigits(secretKey),
    environment: 'live or test: Nango has the key',
    nango: { via, integration: integrationOf(settings), connectionId },
  });
}

async function membersOf(
  environment: NangoEnvironment,
  settings: NangoConnectionSettings,
): Promise<readonly NangoConnection[]> {
  const { provider, connection_id: connectionId = '', select } = settings;
  const integration = integrationOf(settings);
  if (select !== undefined) return environment.select({ provider, integration }, select.tags);
  return [await environment.find({ provider, integration, connectionId })];
}

/** Payloads by the mapping alone: who is in a set, and what overlay a connection has, is known to Nango only. */
function openOffline(
  name: string,
  settings: NangoConnectionSettings,
  { runner, directory = '.' }: OpenOptions,
  account: (connectionId: string) => Account,
): OpenedConnection {
  const { provider, connection_id: connectionId = 'all of the set' } = settings;
  const overlays = settings.via === 'nango-proxy' ? readOverlays(settings.overlay, directory) : [];
  return {
    connection: runner.connect({
      to: provider,
      name,
      host: mutedHost('an offline run'),
      overlays,
      fields: settings.fields,
    }),
    definition: runner.provider(provider).definition,
    account: account(connectionId),
    notes: ["offline: without the mapping overlay that the connection's metadata in Nango may hold"],
  };
}

function notesOf(
  { via, rate_share: share = defaultRateShare }: NangoConnectionSettings,
  { name, limits }: ProviderDefinition,
  { pace }: NangoEnvironment,
  members: number,
): string[] {
  if (via === 'nango-action') {
    return members === 1
      ? []
      : [`Nango runs asynchronous actions one after another: ${members} connections take turns`];
  }
  const providerRate = share * Math.min(...limits.map(({ requests_per_second: rate }) => rate));
  if (pace === undefined || pace.requestsPerSecond >= providerRate * members) return [];
  const ours = `${pace.limit} requests a minute, half of them used, are ${pace.requestsPerSecond.toFixed(1)} a second`;
  const whose = members === 1 ? '' : ` for all ${members} connections together`;
  const theirs = Number.isFinite(providerRate) ? `${providerRate.toFixed(1)} a second` : 'more';
  return [`Nango's own limit is the bottleneck: ${ours}${whose}; ${name} would take ${theirs}`];
}

function missingKey(): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: 'there is no key for Nango: NANGO_SECRET_KEY is not set',
    remedy: "Set NANGO_SECRET_KEY to the key of one environment, found in Nango's environment settings.",
  });
}
