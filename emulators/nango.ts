import { createActions } from './nango/actions.js';
import { createApp } from './nango/app.js';
import { connectionRoutes } from './nango/connections.js';
import { createEnvironment, type Environment } from './nango/environment.js';
import { integrationRoutes } from './nango/integrations.js';
import { metadataRoutes } from './nango/metadata.js';
import { answerProxy } from './nango/proxy.js';
import { createRateLimit, noRateLimit } from './nango/rate-limit.js';
import { recordRoutes } from './nango/records.js';
import type { Route } from './nango/route.js';
import type { NangoScript } from './nango/script.js';
import type { TriggerAction } from './nango/script-nango.js';
import { createState, type NangoState, type NangoStateOptions } from './nango/state.js';
import { syncRoutes } from './nango/sync-routes.js';
import { createSyncs } from './nango/syncs.js';
import { type RunningServer, startServer } from './server.js';

export interface NangoEmulatorOptions extends NangoStateOptions {
  /** Scripts that are deployed from the start. */
  readonly scripts?: readonly NangoScript[];
  /** Whether Nango's own limit of 200 calls a minute is enforced. Default: true. */
  readonly rateLimits?: boolean;
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** The key it accepts, a UUID of version 4. Default: a fixed one. */
  readonly secretKey?: string;
}

/** A stand-in for a Nango server, listening on 127.0.0.1. */
export interface NangoEmulator extends Pick<RunningServer, 'requests' | 'faults'> {
  readonly url: string;
  readonly secretKey: string;
  /** Connections, records, locks and checkpoints, to look at or to set up past the API. */
  readonly state: NangoState;
  /** What scripts logged, of every level. */
  readonly logs: Environment['logs'];
  deploy(script: NangoScript): void;
  /** See `Actions.raceNextFailures`. */
  raceNextFailures(count: number): void;
  /** Resolves when all asynchronous actions and syncs that were triggered have ended. */
  idle(): Promise<void>;
  /** Forgets what happened since the start; deployed scripts stay. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Nango 0.71.4 as recorded: the proxy, actions, connections, metadata, syncs and records, for integrations with an API
 * key in a header. Not emulated: its log and dashboard, webhooks, OAuth, schedules (a sync runs when it is triggered), the
 * request that tries a key when a connection is made, and the guard on loopback addresses.
 */
export async function startNangoEmulator(options: NangoEmulatorOptions): Promise<NangoEmulator> {
  const { secretKey = '00000000-0000-4000-8000-000000000000', rateLimits = true, scripts = [], port = 0 } = options;
  const state = createState(options);
  let server: RunningServer | undefined;
  // As from a real script: over HTTP, so that its caller sees what any caller sees.
  const triggerAction: TriggerAction = async ({ providerConfigKey, connectionId, action, input }) => {
    const headers = {
      authorization: `Bearer ${secretKey}`,
      'nango-is-script': 'true',
      'provider-config-key': providerConfigKey,
      'connection-id': connectionId,
    };
    const body = { action_name: action, input };
    return (await state.transport.http.post<unknown>(`${server?.origin}/action/trigger`, body, { headers })).data;
  };
  const environment = createEnvironment({ state, scripts, triggerAction });
  const actions = createActions(environment);
  const syncs = createSyncs(environment);
  const limit = rateLimits ? createRateLimit(state.now) : noRateLimit;
  const routes: Route[] = [
    { method: 'ALL', paths: ['/proxy', '/proxy/*'], handle: (request) => answerProxy(request, state) },
    ...actions.routes,
    ...metadataRoutes(state),
    ...connectionRoutes(state),
    ...integrationRoutes(environment),
    ...syncRoutes(state, syncs),
    ...recordRoutes(state),
  ];
  const requests = () => server?.requests ?? [];
  server = await startServer({ app: createApp({ routes, secretKey, limit, requests }), port });
  const { origin, faults } = server;

  return {
    url: origin,
    secretKey,
    state,
    requests: server.requests,
    faults,
    logs: environment.logs,
    deploy: environment.deploy,
    raceNextFailures: actions.raceNextFailures,
    idle: environment.idle,
    reset() {
      for (const part of [state, environment, actions, syncs, limit]) part.reset();
      requests().length = 0;
      faults.clear();
    },
    async close() {
      await server?.close();
      state.close();
    },
  };
}
