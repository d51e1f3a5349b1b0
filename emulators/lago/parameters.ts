import { customerMissing } from './refusal.js';

/** What Rails lets through where one value is declared; an array or an object in its place is dropped. */
export type Scalar = string | number | boolean | null;

/** What was sent, by name; a name that is not in it was not sent. */
type Sent<Name extends string> = ReadonlyMap<Name, Scalar>;

export const addressFields = ['address_line1', 'address_line2', 'city', 'zipcode', 'state', 'country'] as const;
export type AddressField = (typeof addressFields)[number];

/** Texts that are kept as they come, NUL bytes aside. */
export const textFields = [
  'name',
  'firstname',
  'lastname',
  'url',
  'phone',
  'logo_url',
  'legal_name',
  'legal_number',
  'tax_identification_number',
] as const;
export type TextField = (typeof textFields)[number];

const customerFields = [
  ...textFields,
  ...addressFields,
  'external_id',
  'customer_type',
  'account_type',
  'email',
  'currency',
  'timezone',
  'net_payment_term',
  'external_salesforce_id',
  'finalize_zero_amount_invoice',
  'skip_invoice_custom_sections',
  'billing_entity_code',
] as const;

const billingFields = [
  'invoice_grace_period',
  'subscription_invoice_issuing_date_anchor',
  'subscription_invoice_issuing_date_adjustment',
  'payment_provider',
  'payment_provider_code',
  'provider_customer_id',
  'sync',
  'sync_with_provider',
  'document_locale',
] as const;

const metadataFields = ['id', 'key', 'value', 'display_in_invoice'] as const;

const integrationFields = [
  'id',
  'code',
  'external_customer_id',
  'integration_type',
  'integration_code',
  'subsidiary_id',
  'sync_with_provider',
  'targeted_object',
] as const;

export type SentMetadata = Sent<(typeof metadataFields)[number]>;
export type SentIntegration = Sent<(typeof integrationFields)[number]>;

export interface SentBilling {
  readonly fields: Sent<(typeof billingFields)[number]>;
  readonly providerPaymentMethods: readonly Scalar[] | undefined;
}

/** The part of a request that the server reads. `null` for an object or an array counts as not sent. */
export interface CustomerParameters {
  readonly fields: Sent<(typeof customerFields)[number]>;
  readonly shippingAddress: Sent<AddressField> | undefined;
  readonly billingConfiguration: SentBilling | undefined;
  readonly metadata: readonly SentMetadata[] | undefined;
  readonly integrationCustomers: readonly SentIntegration[] | undefined;
  readonly taxCodes: readonly Scalar[] | undefined;
  readonly invoiceCustomSectionCodes: readonly Scalar[] | undefined;
}

/**
 * Reads `{"customer": {...}}` as Rails' strong parameters do: unknown names and values of the wrong kind are dropped
 * without a word, and when nothing is left the wrapper counts as missing.
 */
export function readCustomer(body: unknown): CustomerParameters {
  const customer = isObject(body) ? body['customer'] : undefined;
  if (!isObject(customer)) throw customerMissing();

  const shipping = customer['shipping_address'];
  const parameters: CustomerParameters = {
    fields: pick(customer, customerFields),
    shippingAddress: isObject(shipping) ? pick(shipping, addressFields) : undefined,
    billingConfiguration: readBilling(customer['billing_configuration']),
    metadata: readItems(customer['metadata'], metadataFields),
    integrationCustomers: readItems(customer['integration_customers'], integrationFields),
    taxCodes: readScalars(customer['tax_codes']),
    invoiceCustomSectionCodes: readScalars(customer['invoice_custom_section_codes']),
  };

  const { fields, ...nested } = parameters;
  if (fields.size === 0 && Object.values(nested).every((value) => value === undefined)) throw customerMissing();
  return parameters;
}

function readBilling(value: unknown): SentBilling | undefined {
  if (!isObject(value)) return undefined;
  return {
    fields: pick(value, billingFields),
    providerPaymentMethods: readScalars(value['provider_payment_methods']),
  };
}

function pick<Name extends string>(from: Readonly<Record<string, unknown>>, names: readonly Name[]): Sent<Name> {
  const sent = new Map<Name, Scalar>();
  for (const name of names) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    if (isScalar(value)) sent.set(name, value);
  }
  return sent;
}

/** Inferred: an object where an array of objects is declared is dropped, as Rails 8's `expect` does. */
function readItems<Name extends string>(value: unknown, names: readonly Name[]): Sent<Name>[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isObject).map((item) => pick(item, names));
}

/** Rails takes the nulls out of every JSON array before anything else looks at it. */
function readScalars(value: unknown): Scalar[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.filter((item) => item !== null);
  return items.every(isScalar) ? items : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
