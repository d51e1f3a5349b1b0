import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem } from './answer.js';
import type { Connection } from './connection-store.js';
import { connectionIdSchema, providerConfigKeySchema } from './names.js';
import type { NangoRequest } from './request.js';
import type { Route } from './route.js';
import type { NangoState } from './state.js';

const bodySchema = z.strictObject({
  metadata: z.record(z.string(), z.unknown()),
  connection_id: z.union([connectionIdSchema, z.array(connectionIdSchema)]),
  provider_config_key: providerConfigKeySchema,
});

/** Replacing (`POST`) and merging (`PATCH`) what a connection carries. Both answer with what was given. */
export function metadataRoutes(state: NangoState): Route[] {
  const paths = ['/connections/metadata', '/connection/metadata'];
  return [
    { method: 'POST', paths, handle: (request) => write(request, state, 201, () => ({})) },
    // One level deep: a nested object is replaced whole.
    { method: 'PATCH', paths, handle: (request) => write(request, state, 200, ({ metadata }) => metadata) },
  ];
}

function write(
  { body }: NangoRequest,
  { connections }: NangoState,
  status: number,
  keptOf: (connection: Connection) => Connection['metadata'],
): Answer {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return invalid('invalid_body', parsed.error);
  const { metadata, connection_id, provider_config_key } = parsed.data;
  const found: Connection[] = [];
  for (const id of [connection_id].flat()) {
    const connection = connections.get(provider_config_key, id);
    if (connection === undefined) return unknown(id, provider_config_key);
    found.push(connection);
  }
  for (const connection of found) connections.change(connection, { metadata: { ...keptOf(connection), ...metadata } });
  return json(status, { metadata, connection_id, provider_config_key });
}

function unknown(connectionId: string, providerConfigKey: string): Answer {
  return problem(
    404,
    'unknown_connection',
    `Connection with connection id ${connectionId} and provider config key ${providerConfigKey} not found. Please make sure the connection exists in the Nango dashboard`,
  );
}
