import type { Connection } from './connection-store.js';
import type { NangoState } from './state.js';

/** A connection as `GET /connections/:id` answers it, key and all. */
export function toPublicConnection(connection: Connection, { integrations, now }: NangoState): Record<string, unknown> {
  return {
    ...commonFields(connection, integrations),
    connection_config: {},
    webhook_url_override: null,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
    last_fetched_at: new Date(now()).toISOString(),
    credentials: { type: 'API_KEY', apiKey: connection.apiKey },
  };
}

/** A connection as the list shows it: without credentials, and with `created` for `created_at`. */
export function toListedConnection(connection: Connection, { integrations }: NangoState): Record<string, unknown> {
  return { ...commonFields(connection, integrations), created: connection.createdAt };
}

function commonFields(connection: Connection, integrations: NangoState['integrations']): Record<string, unknown> {
  const { id, connectionId, providerConfigKey, tags, metadata } = connection;
  return {
    id,
    connection_id: connectionId,
    provider_config_key: providerConfigKey,
    provider: integrations.get(providerConfigKey)?.provider,
    errors: [],
    end_user: null,
    tags,
    metadata,
  };
}
