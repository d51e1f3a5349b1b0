import { assignColumns } from './assign-columns.js';
import { applyBillingConfiguration } from './billing-configuration.js';
import { castText, isBlank, isTruthy, refuseNulBytes } from './cast.js';
import { blankColumns, type Columns, type Metadata, type StoredCustomer, withColumns } from './customer.js';
import { changeIntegrationLinks, checkIntegrationTypes } from './integration-links.js';
import { checkMetadataCount, replaceMetadata } from './metadata.js';
import type { Organization } from './organization.js';
import type { CustomerParameters } from './parameters.js';
import { internalServerError, notFound, validationFailed } from './refusal.js';
import type { Store } from './store.js';
import { nextTaxes } from './taxes.js';
import { validateCustomer } from './validation.js';

export interface Upserted {
  readonly customer: StoredCustomer;
  /** What the server leaves to background jobs, to be run after the answer was made. */
  runJobs(): void;
}

/**
 * Creates or updates by `external_id`, exact and case-sensitive. Columns, taxes and metadata are one transaction;
 * `billing_configuration` and `integration_customers` follow after it, so a refusal by those leaves the rest stored.
 */
export function upsertCustomer(organization: Organization, parameters: CustomerParameters): Upserted {
  const { store } = organization;
  const billingEntityCode = resolveBillingEntity(parameters, organization);
  const externalId = refuseNulBytes(castText(parameters.fields.get('external_id') ?? null)) ?? '';
  const existing = store.find(externalId);
  checkMetadataCount(parameters.metadata);
  checkZeroAmountPolicy(parameters);
  checkIntegrationTypes(parameters.integrationCustomers);

  const now = organization.now();
  const taken = existing === undefined && loseRace(externalId, organization);
  const current = existing ?? draftCustomer(externalId, billingEntityCode, now, store);
  const columns = nextColumns(current, billingEntityCode, parameters, organization);
  validateCustomer(columns, { externalId, taken }, organization);

  const taxCodes = nextTaxes(existing, columns, parameters, organization);
  const committed = {
    ...withColumns(current, withCustomSections(columns, parameters), now),
    taxCodes,
    metadata: nextMetadata(current.metadata, parameters, organization),
    sequentialId: existing?.sequentialId ?? store.nextSequentialId(),
  };
  store.save(committed);

  const { billingConfiguration } = parameters;
  const isNew = existing === undefined;
  const billed =
    billingConfiguration === undefined
      ? committed
      : applyBillingConfiguration(committed, isNew, billingConfiguration, organization);
  return linkIntegrations(billed, isNew, parameters, organization);
}

/** Null and "" stand for the default one. */
function resolveBillingEntity({ fields }: CustomerParameters, { billingEntityCodes }: Organization): string {
  const sent = fields.get('billing_entity_code');
  const code = isBlank(sent) ? billingEntityCodes[0] : String(sent);
  if (!billingEntityCodes.includes(code)) throw notFound('billing_entity');
  return code;
}

const zeroAmountPolicies = ['inherit', 'skip', 'finalize'];

function checkZeroAmountPolicy({ fields }: CustomerParameters): void {
  const policy = fields.get('finalize_zero_amount_invoice') ?? null;
  if (policy === null) return;
  // Inferred: the server turns the text into a symbol, which no other type can do.
  if (typeof policy !== 'string') throw internalServerError();
  if (!zeroAmountPolicies.includes(policy)) throw validationFailed({ finalize_zero_amount_invoice: ['invalid_value'] });
}

/** Stores what another writer sent for this id, if a race was asked for. */
function loseRace(externalId: string, organization: Organization): boolean {
  const other = organization.races.shift();
  if (other === undefined) return false;
  const fields = new Map(other.fields).set('external_id', externalId);
  upsertCustomer({ ...organization, races: [] }, { ...other, fields });
  return true;
}

function draftCustomer(externalId: string, billingEntityCode: string, now: number, store: Store): StoredCustomer {
  return {
    id: store.nextId('customer'),
    externalId,
    sequentialId: 0,
    createdAt: now,
    updatedAt: now,
    columns: blankColumns(billingEntityCode),
    metadata: [],
    taxCodes: [],
    integrationLinks: [],
    paymentLinks: new Map(),
    hasBillingObjects: false,
  };
}

function nextColumns(
  { columns: current, hasBillingObjects }: StoredCustomer,
  billingEntityCode: string,
  parameters: CustomerParameters,
  organization: Organization,
): Columns {
  const { fields } = parameters;
  const { version } = organization;
  const columns = assignColumns(current, parameters, organization);

  if (fields.has('billing_entity_code') && (version.changesBillingEntityAlways || !hasBillingObjects)) {
    columns.billing_entity_code = billingEntityCode;
  }
  const currency = fields.get('currency');
  if (currency !== undefined && currency !== current.currency) {
    if (hasBillingObjects && !version.changesCurrencyAlways) {
      throw validationFailed({ currency: ['currencies_does_not_match'] });
    }
    columns.currency = castText(currency);
  }
  return columns;
}

/** The emulated organization has no custom sections, so codes only take the skipping back. */
function withCustomSections(columns: Columns, { fields, invoiceCustomSectionCodes }: CustomerParameters): Columns {
  if (invoiceCustomSectionCodes === undefined) return columns;
  if (isTruthy(fields.get('skip_invoice_custom_sections'))) {
    throw validationFailed({ invoice_custom_sections: ['skip_sections_and_selected_ids_sent_together'] });
  }
  return { ...columns, skip_invoice_custom_sections: false };
}

function nextMetadata(
  current: readonly Metadata[],
  { metadata }: CustomerParameters,
  organization: Organization,
): readonly Metadata[] {
  return metadata === undefined ? current : replaceMetadata(current, metadata, organization);
}

function linkIntegrations(
  customer: StoredCustomer,
  isNew: boolean,
  { integrationCustomers }: CustomerParameters,
  organization: Organization,
): Upserted {
  if (integrationCustomers === undefined) return { customer, runJobs: () => undefined };

  const { atOnce, afterJobs } = changeIntegrationLinks(
    customer.integrationLinks,
    integrationCustomers,
    isNew,
    organization,
  );
  const linked = { ...customer, integrationLinks: atOnce };
  organization.store.save(linked);
  return {
    customer: linked,
    runJobs: () => organization.store.save({ ...linked, integrationLinks: afterJobs }),
  };
}
