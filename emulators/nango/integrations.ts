import { type Answer, json, problem } from './answer.js';
import type { Environment } from './environment.js';
import type { Integration } from './integration.js';
import type { Route } from './route.js';
import type { NangoScript } from './script.js';

/** What Nango tells about integrations and the scripts deployed to them. */
export function integrationRoutes({ state, scripts }: Environment): Route[] {
  const { integrations } = state;
  const since = new Date(state.now()).toISOString();
  return [
    {
      method: 'GET',
      paths: ['/integrations'],
      handle: () => json(200, { data: [...integrations.values()].map((integration) => toPublic(integration, since)) }),
    },
    {
      method: 'GET',
      paths: ['/integrations/:key'],
      handle: ({ params }): Answer => {
        const integration = integrations.get(params['key'] ?? '');
        if (integration !== undefined) return json(200, { data: toPublic(integration, since) });
        return problem(404, 'not_found', `Integration "${params['key']}" does not exist`);
      },
    },
    {
      method: 'GET',
      paths: ['/scripts/config'],
      handle: () =>
        json(
          200,
          [...integrations.values()].map((integration) => toConfig(integration, scripts())),
        ),
    },
    { method: 'GET', paths: ['/environment-variables'], handle: () => json(200, []) },
  ];
}

function toPublic({ uniqueKey, provider }: Integration, since: string): Record<string, unknown> {
  const isGeneric = provider === 'private-api-generic';
  return {
    unique_key: uniqueKey,
    provider,
    display_name: isGeneric ? 'Private API (Generic)' : provider.slice(0, 1).toUpperCase() + provider.slice(1),
    logo: `http://localhost/images/template-logos/${provider}.svg`,
    ...(isGeneric && { credentials_label: { apiKey: 'API Key' } }),
    forward_webhooks: true,
    created_at: since,
    updated_at: since,
  };
}

function toConfig({ uniqueKey, provider }: Integration, scripts: readonly NangoScript[]): Record<string, unknown> {
  const own = scripts.filter(({ integration }) => integration === uniqueKey);
  const ofType = (wanted: NangoScript['type']) => own.filter(({ type }) => type === wanted).map(toScriptConfig);
  return {
    actions: ofType('action'),
    syncs: ofType('sync'),
    'on-events': ofType('onEvent'),
    providerConfigKey: uniqueKey,
    provider,
  };
}

function toScriptConfig({ name, type, models = [], description, version, frequency, autoStart }: NangoScript) {
  return {
    name,
    type: type === 'onEvent' ? 'on-event' : type,
    returns: models,
    description,
    version,
    ...(type === 'sync' && { runs: frequency, auto_start: autoStart === true }),
    endpoints: [],
    enabled: true,
  };
}
