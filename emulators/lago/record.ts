import type { Address, Columns, IntegrationLink, Metadata, StoredCustomer } from './customer.js';
import type { Organization } from './organization.js';

/** A customer in the shape of Lago's answers. */
export interface LagoRecord extends LagoListRecord {
  applicable_invoice_custom_sections: unknown[];
  error_details: unknown[];
}

/** The list leaves the custom sections and the error details out. */
export interface LagoListRecord {
  lago_id: string;
  billing_entity_code: string;
  external_id: string;
  account_type: string;
  name: string | null;
  firstname: string | null;
  lastname: string | null;
  customer_type: string | null;
  sequential_id: number;
  slug: string;
  created_at: string;
  updated_at: string;
  country: string | null;
  address_line1: string | null;
  address_line2: string | null;
  state: string | null;
  zipcode: string | null;
  email: string | null;
  city: string | null;
  url: string | null;
  phone: string | null;
  logo_url: string | null;
  legal_name: string | null;
  legal_number: string | null;
  currency: string | null;
  tax_identification_number: string | null;
  timezone: string | null;
  applicable_timezone: string;
  net_payment_term: number | null;
  external_salesforce_id: string | null;
  finalize_zero_amount_invoice: string;
  billing_configuration: Record<string, unknown>;
  shipping_address: Address;
  skip_invoice_custom_sections: boolean;
  metadata: LagoMetadata[];
  taxes: Record<string, unknown>[];
  integration_customers: Record<string, unknown>[];
}

interface LagoMetadata {
  lago_id: string;
  key: string;
  value: string;
  display_in_invoice: boolean;
  created_at: string;
}

export function toRecord(customer: StoredCustomer, organization: Organization): LagoRecord {
  return { ...toListRecord(customer, organization), applicable_invoice_custom_sections: [], error_details: [] };
}

export function toListRecord(customer: StoredCustomer, organization: Organization): LagoListRecord {
  const { columns } = customer;
  return {
    lago_id: customer.id,
    billing_entity_code: columns.billing_entity_code,
    external_id: customer.externalId,
    account_type: 'customer',
    name: columns.name,
    firstname: columns.firstname,
    lastname: columns.lastname,
    customer_type: columns.customer_type,
    sequential_id: customer.sequentialId,
    slug: `EMU-1A60-${String(customer.sequentialId).padStart(3, '0')}`,
    created_at: toIso(customer.createdAt),
    updated_at: toIso(customer.updatedAt),
    country: columns.country,
    address_line1: columns.address_line1,
    address_line2: columns.address_line2,
    state: columns.state,
    zipcode: columns.zipcode,
    email: columns.email,
    city: columns.city,
    url: columns.url,
    phone: columns.phone,
    logo_url: columns.logo_url,
    legal_name: columns.legal_name,
    legal_number: columns.legal_number,
    currency: columns.currency,
    tax_identification_number: columns.tax_identification_number,
    timezone: columns.timezone,
    applicable_timezone: columns.timezone || 'UTC',
    net_payment_term: columns.net_payment_term,
    external_salesforce_id: columns.external_salesforce_id,
    finalize_zero_amount_invoice: columns.finalize_zero_amount_invoice,
    billing_configuration: toBillingConfiguration(customer),
    shipping_address: toAddress(columns.shipping_address),
    skip_invoice_custom_sections: columns.skip_invoice_custom_sections,
    metadata: customer.metadata.map(toMetadata),
    taxes: customer.taxCodes.map((code) => toTax(code, organization)),
    integration_customers: customer.integrationLinks.map((link) => toIntegrationCustomer(link, customer, organization)),
  };
}

/** ISO 8601 in UTC, whole seconds. */
function toIso(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

function toAddress({ address_line1, address_line2, city, zipcode, state, country }: Readonly<Address>): Address {
  return { address_line1, address_line2, city, zipcode, state, country };
}

function toMetadata({ id, key, value, displayInInvoice, createdAt }: Metadata): LagoMetadata {
  return { lago_id: id, key, value, display_in_invoice: displayInInvoice, created_at: toIso(createdAt) };
}

function toBillingConfiguration({ columns, paymentLinks }: StoredCustomer): Record<string, unknown> {
  const link = paymentLinks.get(columns.payment_provider ?? '');
  return {
    ...billingColumns(columns),
    ...(columns.payment_provider !== null && { provider_customer_id: link?.providerCustomerId ?? null }),
    ...(columns.payment_provider === 'stripe' && { provider_payment_methods: null }),
    ...link?.settings,
  };
}

function billingColumns(columns: Readonly<Columns>): Record<string, unknown> {
  return {
    invoice_grace_period: columns.invoice_grace_period,
    payment_provider: columns.payment_provider,
    payment_provider_code: columns.payment_provider_code,
    document_locale: columns.document_locale,
    subscription_invoice_issuing_date_anchor: columns.subscription_invoice_issuing_date_anchor,
    subscription_invoice_issuing_date_adjustment: columns.subscription_invoice_issuing_date_adjustment,
  };
}

function toTax(code: string, { startedAt, taxCodes }: Organization): Record<string, unknown> {
  const position = [...taxCodes].indexOf(code) + 1;
  return {
    lago_id: `1a6074a0-0000-4000-8000-${String(position).padStart(12, '0')}`,
    name: code,
    code,
    rate: 20,
    description: null,
    applied_to_organization: false,
    add_ons_count: 0,
    customers_count: 0,
    plans_count: 0,
    charges_count: 0,
    commitments_count: 0,
    created_at: toIso(startedAt),
  };
}

function toIntegrationCustomer(
  link: IntegrationLink,
  { integrationLinks }: StoredCustomer,
  { version }: Organization,
): Record<string, unknown> {
  const category = categories[link.type];
  const first = integrationLinks.find((other) => categories[other.type] === category);
  return {
    lago_id: link.id,
    external_customer_id: link.externalCustomerId,
    type: link.type,
    integration_code: link.integrationCode,
    ...(version.showsConnectionCodes && { code: link.code, is_default: first === link, category }),
    ...link.settings,
  };
}

const categories: Readonly<Record<string, string>> = {
  anrok: 'tax',
  avalara: 'tax',
  netsuite: 'accounting',
  xero: 'accounting',
  hubspot: 'crm',
  salesforce: 'crm',
};
