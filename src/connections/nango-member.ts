import type { NangoConnectionSettings } from '../../schemas/connection.js';
import { isCustomerSyncError } from '../core/errors.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { createNangoAction } from '../hosts/nango-action.js';
import type { NangoConnection, NangoEnvironment } from '../hosts/nango-environment.js';
import { createNangoProxyHost } from '../hosts/nango-proxy-host.js';
import { layersOfMetadata } from '../nango/metadata-overlay.js';
import type { Connection } from '../runner/connection.js';
import type { OpenOptions } from './open-connections.js';
import { outageLog } from './outage-log.js';
import { readOverlays } from './overlay-files.js';
import { refuseAll } from './refuse-all.js';

interface MemberParts extends Pick<OpenOptions, 'runner' | 'directory' | 'tell'> {
  readonly settings: NangoConnectionSettings;
  readonly environment: NangoEnvironment;
  /** Connections that are opened together. */
  readonly members: number;
  /** What the account of a connection is known by. */
  readonly account: (connectionId: string) => string;
}

type MemberOpener = (name: string, member: NangoConnection) => Connection;

export function integrationOf({ integration, provider }: NangoConnectionSettings): string {
  return integration ?? provider;
}

/** Opens the connections of one setting, which differ in their id and their metadata only. */
export function createMemberOpener(parts: MemberParts): MemberOpener {
  return parts.settings.via === 'nango-action' ? actionOpener(parts) : proxyOpener(parts);
}

function actionOpener({ settings, environment: { access, pace, turns }, runner }: MemberParts): MemberOpener {
  const provider = runner.provider(settings.provider);
  const shared = {
    ...access,
    pace,
    turns,
    provider,
    integration: integrationOf(settings),
    rateShare: settings.rate_share,
  };
  return (name, { connectionId }) =>
    runner.connect({ to: settings.provider, name, remote: createNangoAction({ ...shared, name, connectionId }) });
}

/** More customers in flight only wait for Nango's limit, and keep whoever interrupts the run waiting with them. */
const maxInFlightOfAll = 20;

function proxyOpener(parts: MemberParts): MemberOpener {
  const { settings, environment, members, account, runner, directory = '.', tell } = parts;
  const { access, pace } = environment;
  const { provider: to, fields, overlay, rate_share: rateShare, select } = settings;
  const { definition } = runner.provider(to);
  const files = readOverlays(overlay, directory);
  const maxInFlight = pace === undefined ? undefined : Math.ceil(maxInFlightOfAll / members);
  const place = { ...access, pace, definition, integration: integrationOf(settings) };

  return (name, { connectionId, metadata }) => {
    const connect = (layers: readonly OverlayLayer[]) => {
      const host = createNangoProxyHost({ ...place, connectionId, log: outageLog(name, tell) });
      const overlays = [...layers, ...files];
      const shared = { account: account(connectionId), rateShare, maxInFlight };
      return runner.connect({ to, name, host, overlays, fields, ...shared });
    };
    try {
      return connect(layersOfMetadata(metadata));
    } catch (error) {
      // What one tenant has in its metadata is no reason to leave the others alone.
      if (!isCustomerSyncError(error) || select === undefined) throw error;
      return runner.connect({ to, name, remote: refuseAll(name, error) });
    }
  };
}
