import { castText, isBlank, isTruthy } from './cast.js';
import type { IntegrationLink } from './customer.js';
import type { Integration, Organization } from './organization.js';
import type { SentIntegration } from './parameters.js';
import { internalServerError, validationFailed } from './refusal.js';

export function checkIntegrationTypes(items: readonly SentIntegration[] | undefined): void {
  const types = (items ?? []).map((item) => item.get('integration_type'));
  if (new Set(types).size < types.length) {
    throw validationFailed({ integration_customers: ['invalid_count_per_integration_type'] });
  }
}

export interface LinkChanges {
  /** What is true when the request is answered. */
  readonly atOnce: readonly IntegrationLink[];
  /** What is true once the background jobs have run. */
  readonly afterJobs: readonly IntegrationLink[];
}

/**
 * Replaces the integration links, matching by the id of the item: links that no item names are destroyed at once, so a
 * link sent without its id comes back as a new one. Only Salesforce links are made within the request.
 */
export function changeIntegrationLinks(
  current: readonly IntegrationLink[],
  items: readonly SentIntegration[],
  isNew: boolean,
  organization: Organization,
): LinkChanges {
  const named = new Set(items.map((item) => item.get('id')));
  const connected = items.flatMap((item) => {
    const integration = findIntegration(item, organization.integrations);
    return integration === undefined ? [] : [{ item, integration }];
  });
  const write = (links: readonly IntegrationLink[], within: (integration: Integration) => boolean) =>
    connected
      .filter(({ integration }) => within(integration))
      .reduce((written, { item, integration }) => writeLink(written, item, integration, isNew, organization), links);

  const kept = current.filter((link) => named.has(link.id));
  const atOnce = write(kept, ({ type }) => type === 'salesforce');
  return { atOnce, afterJobs: write(atOnce, ({ type }) => type !== 'salesforce') };
}

const integrationTypes: ReadonlySet<unknown> = new Set([
  'netsuite',
  'okta',
  'anrok',
  'avalara',
  'xero',
  'hubspot',
  'salesforce',
]);

/** An item whose code the organization does not have is passed over without a word. */
function findIntegration(item: SentIntegration, integrations: readonly Integration[]): Integration | undefined {
  const type = item.get('integration_type');
  // Inferred: the server raises on a type that it does not know, and nobody rescues that.
  if (!integrationTypes.has(type)) throw internalServerError();
  return integrations.find(
    (integration) => integration.type === type && integration.code === item.get('integration_code'),
  );
}

function writeLink(
  links: readonly IntegrationLink[],
  item: SentIntegration,
  integration: Integration,
  isNew: boolean,
  organization: Organization,
): readonly IntegrationLink[] {
  const existing = links.find((link) => link.type === integration.type && link.integrationCode === integration.code);
  if (existing !== undefined && !isNew) {
    const updated = updateLink(existing, item);
    return links.map((link) => (link === existing ? updated : link));
  }
  const wanted = isTruthy(item.get('sync_with_provider')) || !isBlank(item.get('external_customer_id'));
  if (!wanted || breaksOneTaxLink(links, integration)) return links;
  return [...links, createLink(item, integration, organization)];
}

/** Anrok and Salesforce links keep their external id. */
function updateLink(link: IntegrationLink, item: SentIntegration): IntegrationLink {
  const code = item.get('code');
  const renamed = isBlank(code) ? link : { ...link, code: String(code) };
  if (link.type === 'anrok' || link.type === 'salesforce') return renamed;

  const externalId = item.get('external_customer_id');
  const target = item.get('targeted_object');
  return {
    ...renamed,
    ...(!isBlank(externalId) && { externalCustomerId: String(externalId) }),
    settings: { ...link.settings, ...(!isBlank(target) && { targeted_object: target }) },
  };
}

function createLink(
  item: SentIntegration,
  { type, code: integrationCode }: Integration,
  { store }: Organization,
): IntegrationLink {
  const id = store.nextId('integrationLink');
  const sentId = item.get('external_customer_id') ?? null;
  const code = item.get('code');
  return {
    id,
    type,
    integrationCode,
    // A link that is to be created in the other system gets an id made up for it here.
    externalCustomerId: isBlank(sentId) ? `${type}-${id}` : castText(sentId),
    code: isBlank(code) ? integrationCode : String(code),
    settings: {
      sync_with_provider: isBlank(sentId) || type === 'salesforce',
      ...(type === 'netsuite' && { subsidiary_id: item.get('subsidiary_id') ?? null }),
      ...(type === 'hubspot' && { targeted_object: item.get('targeted_object') ?? null }),
    },
  };
}

const taxTypes: ReadonlySet<string> = new Set(['anrok', 'avalara']);

function breaksOneTaxLink(links: readonly IntegrationLink[], { type }: Integration): boolean {
  return links.some((link) => link.type === type || (taxTypes.has(link.type) && taxTypes.has(type)));
}
