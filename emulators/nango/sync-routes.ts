import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem, problemWithPayload } from './answer.js';
import { parseFrequency } from './frequency.js';
import { connectionIdSchema, providerConfigKeySchema, scriptNameSchema } from './names.js';
import type { NangoRequest } from './request.js';
import type { Route } from './route.js';
import type { NangoState } from './state.js';
import type { Sync, Syncs } from './syncs.js';

const syncNameSchema = z.union([
  z.string(),
  z.object({ name: z.string(), variant: z.string() }).transform(({ name }) => name),
]);
const commandSchema = z.strictObject({
  syncs: z.array(syncNameSchema),
  provider_config_key: providerConfigKeySchema,
  connection_id: connectionIdSchema.optional(),
  sync_mode: z.enum(['incremental', 'full_refresh', 'full_refresh_and_clear_cache']).optional(),
  opts: z.object({ reset: z.boolean().optional(), emptyCache: z.boolean().optional() }).optional(),
});
const statusSchema = z.strictObject({
  syncs: z.string(),
  provider_config_key: providerConfigKeySchema,
  connection_id: connectionIdSchema.optional(),
});
const frequencySchema = z.strictObject({
  sync_name: scriptNameSchema,
  provider_config_key: providerConfigKeySchema,
  connection_id: connectionIdSchema,
  frequency: z.string().nullable(),
});

/** Triggering, starting, pausing and watching syncs. */
export function syncRoutes(state: NangoState, syncs: Syncs): Route[] {
  const command = (path: string, act: (sync: Sync, call: z.output<typeof commandSchema>) => void): Route => ({
    method: 'POST',
    paths: [path],
    handle: (request) => runCommand(request, { state, syncs, act }),
  });
  return [
    command('/sync/trigger', (sync, { opts, sync_mode: mode }) =>
      syncs.trigger(sync, {
        reset: opts?.reset ?? mode?.startsWith('full_refresh') ?? false,
        emptyCache: opts?.emptyCache ?? mode === 'full_refresh_and_clear_cache',
      }),
    ),
    command('/sync/start', (sync) => {
      sync.state.schedule = 'STARTED';
    }),
    command('/sync/pause', (sync) => {
      sync.state.schedule = 'PAUSED';
    }),
    { method: 'GET', paths: ['/sync/status'], handle: (request) => answerStatus(request, state, syncs) },
    {
      method: 'PUT',
      paths: ['/sync/update-connection-frequency'],
      handle: (request) => setFrequency(request, state, syncs),
    },
  ];
}

interface CommandParts {
  readonly state: NangoState;
  readonly syncs: Syncs;
  readonly act: (sync: Sync, call: z.output<typeof commandSchema>) => void;
}

function runCommand({ body }: NangoRequest, { state, syncs, act }: CommandParts): Answer {
  const parsed = commandSchema.safeParse(body);
  if (!parsed.success) return invalid('invalid_body', parsed.error);
  const { provider_config_key: key, connection_id: id, syncs: names } = parsed.data;
  if (id !== undefined && state.connections.get(key, id) === undefined) return unknownConnection(key, id);
  const all = syncs.of(key, id);
  const chosen = names.length === 0 ? all : all.filter(({ script }) => names.includes(script.name));
  if (names.some((name) => !chosen.some(({ script }) => script.name === name))) {
    return problemWithPayload(400, 'no_syncs_found', 'No syncs found given the inputs.');
  }
  for (const sync of chosen) act(sync, parsed.data);
  return json(200, { success: true });
}

function answerStatus({ query }: NangoRequest, state: NangoState, syncs: Syncs): Answer {
  const parsed = statusSchema.safeParse(query);
  if (!parsed.success) return invalid('invalid_query_params', parsed.error);
  const { syncs: asked, provider_config_key: key, connection_id: id } = parsed.data;
  if (id !== undefined && state.connections.get(key, id) === undefined) {
    return problem(400, 'invalid_body', 'Connection not found');
  }
  const names = asked.split(',');
  const found = syncs.of(key, id).filter(({ script }) => asked === '*' || names.includes(script.name));
  return json(200, { syncs: found.map(syncs.toPublic) });
}

function setFrequency({ body }: NangoRequest, state: NangoState, syncs: Syncs): Answer {
  const parsed = frequencySchema.safeParse(body);
  if (!parsed.success) return invalid('invalid_body', parsed.error);
  const { sync_name, provider_config_key: key, connection_id: id, frequency } = parsed.data;
  if (state.connections.get(key, id) === undefined) return problem(400, 'unknown_connection');
  const sync = syncs.of(key, id).find(({ script }) => script.name === sync_name);
  if (sync === undefined) return problem(400, 'unknown_sync');
  const wanted = frequency === null ? undefined : parseFrequency(frequency);
  if (frequency !== null && wanted === undefined) return problem(400, 'invalid_body', 'Sync interval is invalid');
  sync.state.frequency = frequency ?? undefined;
  return json(200, { frequency: wanted?.interval ?? sync.script.frequency });
}

function unknownConnection(providerConfigKey: string, connectionId: string): Answer {
  const payload = { connectionId, providerConfigKey };
  const message = `No connection matching the provided params of 'connection_id' and 'provider_config_key'. Please make sure these values exist in the Nango dashboard ${JSON.stringify(payload, null, 2)}`;
  return problemWithPayload(404, 'unknown_connection', message, payload);
}
