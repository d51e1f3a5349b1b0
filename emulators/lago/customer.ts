import type { AddressField, TextField } from './parameters.js';

export type Address = Record<AddressField, string | null>;

/** The columns of a customer; `updated_at` moves when one of them changes, and only then. */
export interface Columns extends Address, Record<TextField, string | null> {
  billing_entity_code: string;
  customer_type: string | null;
  email: string | null;
  currency: string | null;
  timezone: string | null;
  net_payment_term: number | null;
  external_salesforce_id: string | null;
  finalize_zero_amount_invoice: string;
  skip_invoice_custom_sections: boolean;
  shipping_address: Address;
  invoice_grace_period: number | null;
  payment_provider: string | null;
  payment_provider_code: string | null;
  document_locale: string | null;
  subscription_invoice_issuing_date_anchor: string | null;
  subscription_invoice_issuing_date_adjustment: string | null;
}

export interface Metadata {
  readonly id: string;
  readonly key: string;
  readonly value: string;
  readonly displayInInvoice: boolean;
  readonly createdAt: number;
}

/** A customer's link to an accounting, tax or CRM system. */
export interface IntegrationLink {
  readonly id: string;
  readonly type: string;
  readonly integrationCode: string;
  readonly externalCustomerId: string | null;
  readonly code: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A customer's link to a payment provider, by the provider's name. */
export interface PaymentLink {
  readonly providerCustomerId: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A customer as the emulator keeps it. Never changed in place, so that what was not saved is rolled back. */
export interface StoredCustomer {
  readonly id: string;
  readonly externalId: string;
  readonly sequentialId: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly columns: Readonly<Columns>;
  readonly metadata: readonly Metadata[];
  readonly taxCodes: readonly string[];
  readonly integrationLinks: readonly IntegrationLink[];
  readonly paymentLinks: ReadonlyMap<string, PaymentLink>;
  /** Whether it has a subscription, an invoice or the like, and so is no longer "editable". */
  readonly hasBillingObjects: boolean;
}

const noAddress: Address = {
  address_line1: null,
  address_line2: null,
  city: null,
  zipcode: null,
  state: null,
  country: null,
};

export function blankColumns(billingEntityCode: string): Columns {
  return {
    ...noAddress,
    name: null,
    firstname: null,
    lastname: null,
    url: null,
    phone: null,
    logo_url: null,
    legal_name: null,
    legal_number: null,
    tax_identification_number: null,
    billing_entity_code: billingEntityCode,
    customer_type: null,
    email: null,
    currency: null,
    timezone: null,
    net_payment_term: null,
    external_salesforce_id: null,
    finalize_zero_amount_invoice: 'inherit',
    skip_invoice_custom_sections: false,
    shipping_address: noAddress,
    invoice_grace_period: null,
    payment_provider: null,
    payment_provider_code: null,
    document_locale: null,
    subscription_invoice_issuing_date_anchor: null,
    subscription_invoice_issuing_date_adjustment: null,
  };
}

export function withColumns(customer: StoredCustomer, columns: Columns, now: number): StoredCustomer {
  // The copies keep the order of their keys, so equal columns make equal JSON.
  const changed = JSON.stringify(columns) !== JSON.stringify(customer.columns);
  return changed ? { ...customer, columns, updatedAt: now } : customer;
}
