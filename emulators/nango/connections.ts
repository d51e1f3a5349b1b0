import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem } from './answer.js';
import type { Connection } from './connection-store.js';
import { connectionIdSchema, providerConfigKeySchema } from './names.js';
import { toListedConnection, toPublicConnection } from './public-connection.js';
import type { NangoRequest } from './request.js';
import type { Route } from './route.js';
import type { NangoState } from './state.js';

const tagsSchema = z.record(z.string(), z.string());
const listSchema = z.strictObject({
  connectionId: z.string().min(1).max(255).optional(),
  search: z.string().min(1).max(255).optional(),
  integrationId: z.string().min(1).optional(),
  tags: tagsSchema.optional(),
  limit: z.coerce.number().min(1).max(2_000).optional(),
  page: z.coerce.number().min(0).optional(),
});
const importSchema = z.looseObject({
  provider_config_key: providerConfigKeySchema,
  connection_id: connectionIdSchema.optional(),
  credentials: z.looseObject({ type: z.string(), apiKey: z.string().optional() }),
  tags: tagsSchema.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const ownerSchema = z.looseObject({ provider_config_key: providerConfigKeySchema });
const changeSchema = z.looseObject({ tags: tagsSchema.optional() });

const one = ['/connections/:id', '/connection/:id'];

/** Reading, importing, tagging and deleting connections. */
export function connectionRoutes(state: NangoState): Route[] {
  return [
    { method: 'GET', paths: ['/connections', '/connection'], handle: (request) => list(request, state) },
    { method: 'POST', paths: ['/connections', '/connection'], handle: (request) => importOne(request, state) },
    {
      method: 'GET',
      paths: one,
      handle: (request) =>
        withConnection(request, state, (found) => json(200, toPublicConnection(found, state)), absent),
    },
    {
      method: 'PATCH',
      paths: one,
      handle: (request) => withConnection(request, state, (found) => change(found, request, state), absent),
    },
    {
      method: 'DELETE',
      paths: one,
      handle: (request) => withConnection(request, state, (found) => remove(found, state), gone),
    },
  ];
}

function list({ query }: NangoRequest, state: NangoState): Answer {
  const parsed = listSchema.safeParse(query);
  if (!parsed.success) return invalid('invalid_query_params', parsed.error);
  const { connectionId, search, integrationId, tags = {}, limit = 10_000, page = 0 } = parsed.data;
  const integrations = integrationId?.split(',').map((key) => key.trim());
  const matching = state.connections
    .all()
    .filter(
      (connection) =>
        (connectionId === undefined || connection.connectionId === connectionId) &&
        (search === undefined || connection.connectionId.includes(search)) &&
        (integrations === undefined || integrations.includes(connection.providerConfigKey)) &&
        Object.entries(tags).every(([name, value]) => connection.tags[name] === value),
    );
  const shown = matching.slice(page * limit, (page + 1) * limit);
  return json(200, { connections: shown.map((connection) => toListedConnection(connection, state)) });
}

/** 201 whether or not the id existed; tags and metadata that are not given again are lost. */
function importOne({ body }: NangoRequest, state: NangoState): Answer {
  const parsed = importSchema.safeParse(body);
  if (!parsed.success) return invalid('invalid_body', parsed.error);
  const { provider_config_key, connection_id, credentials, tags, metadata } = parsed.data;
  if (!state.integrations.has(provider_config_key)) return problem(404, 'not_found', 'Integration does not exist');
  if (credentials.type !== 'API_KEY') {
    return problem(400, 'invalid_body', `Provider API_KEY does not support ${credentials.type} auth`);
  }
  const connection = state.connections.put({
    connectionId: connection_id,
    providerConfigKey: provider_config_key,
    apiKey: credentials.apiKey ?? '',
    ...(tags !== undefined && { tags }),
    ...(metadata !== undefined && { metadata }),
  });
  return json(201, toPublicConnection(connection, state));
}

function change(connection: Connection, { body }: NangoRequest, state: NangoState): Answer {
  const parsed = changeSchema.safeParse(body);
  if (!parsed.success) return invalid('invalid_body', parsed.error);
  if (parsed.data.tags !== undefined) state.connections.change(connection, { tags: parsed.data.tags });
  return json(200, { success: true });
}

function remove(connection: Connection, state: NangoState): Answer {
  state.connections.delete(connection);
  return json(200, { success: true });
}

const absent = () => problem(404, 'not_found', 'Failed to find connection');
const gone = () => problem(400, 'unknown_connection');

function withConnection(
  { query, params }: NangoRequest,
  { integrations, connections }: NangoState,
  answer: (connection: Connection) => Answer,
  unknown: () => Answer,
): Answer {
  const parsed = ownerSchema.safeParse(query);
  if (!parsed.success) return invalid('invalid_query_params', parsed.error);
  const { provider_config_key } = parsed.data;
  if (!integrations.has(provider_config_key)) {
    return problem(400, 'unknown_provider_config', 'Provider does not exists');
  }
  const connection = connections.get(provider_config_key, params['id'] ?? '');
  return connection === undefined ? unknown() : answer(connection);
}
