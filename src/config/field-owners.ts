import type { Configuration } from '../../schemas/configuration.js';
import type { ConnectionSettings } from '../../schemas/connection.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import { canonicalPaths } from '../core/customer/canonical-paths.js';
import { baseUrlOf, normalBaseUrl } from '../core/http/base-url.js';

/** Two jobs that would undo each other's work. */
export interface Clash {
  readonly jobs: readonly [string, string];
  readonly connections: readonly [string, string];
  /** Fields that both own. */
  readonly fields: readonly string[];
}

/** Every customer has one whoever writes it. */
const nobodys = new Set(['id', 'deleted', 'updated_at']);
/** Fields with members are owned member by member. */
const owned = canonicalPaths.filter(
  (path) => !nobodys.has(path) && !canonicalPaths.some((other) => other.startsWith(`${path}.`)),
);

/** Jobs that own the same field of the same account, whatever their connections to it are called. */
export function findClashes(
  { jobs = {}, connections = {} }: Configuration,
  definitions: readonly ProviderDefinition[],
): Clash[] {
  const lanes = Object.entries(jobs).flatMap(([job, { to }]) =>
    [...new Set(to)].flatMap((name) => {
      const settings = connections[name];
      return settings === undefined ? [] : [{ job, name, settings }];
    }),
  );
  return lanes.flatMap((lane, index) =>
    lanes.slice(index + 1).flatMap((other) => {
      if (other.job === lane.job && other.name === lane.name) return [];
      if (accountKey(lane.settings, definitions) !== accountKey(other.settings, definitions)) return [];
      const theirs = new Set(ownedFields(other.settings));
      const fields = ownedFields(lane.settings).filter((field) => theirs.has(field));
      if (fields.length === 0) return [];
      return [{ jobs: [lane.job, other.job], connections: [lane.name, other.name], fields }] satisfies Clash[];
    }),
  );
}

function ownedFields({ fields }: ConnectionSettings): string[] {
  const { own, create_only: createOnly = [], ignore = [] } = fields ?? {};
  const covers = (list: readonly string[], field: string) =>
    list.some((name) => field === name || field.startsWith(`${name}.`) || name.startsWith(`${field}.`));
  return owned.filter(
    (field) => (own === undefined || covers(own, field)) && !covers([...createOnly, ...ignore], field),
  );
}

/**
 * By what settings lead to one account, as text. What a variable holds is not looked at.
 * @param definitions of the providers: what they say goes without saying.
 */
export function accountKey(settings: ConnectionSettings, definitions: readonly ProviderDefinition[]): string {
  if (settings.via === 'nango-proxy' || settings.via === 'nango-action') {
    const { provider, integration = provider, connection_id: connection, select, nango } = settings;
    return JSON.stringify(['nango', integration, connection ?? select, normal(nango?.host), nango?.secret_key]);
  }
  const { provider, base_url: url, credentials } = settings;
  const definition = definitions.find(({ id }) => id === provider);
  if (definition === undefined) return JSON.stringify(['direct', provider, normal(url), credentials?.api_key]);
  const key = credentials?.api_key ?? `\${env:${definition.auth.env}}`;
  return JSON.stringify(['direct', provider, normal(baseUrlOf(definition, url)), key]);
}

function normal(url: string | undefined): string | undefined {
  return url === undefined ? undefined : normalBaseUrl(url);
}
