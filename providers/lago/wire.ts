import { z } from 'zod';

/** A customer as Lago answers; only what the connector relies on is named. */
export const lagoCustomer = z.looseObject({ lago_id: z.string(), external_id: z.string() });

export const customerAnswer = z.looseObject({ customer: lagoCustomer });

export const customersAnswer = z.looseObject({
  customers: z.array(lagoCustomer),
  meta: z.looseObject({ next_page: z.int().nullish() }).nullish(),
});

const text = z.string().nullish();

const address = {
  address_line1: text,
  address_line2: text,
  city: text,
  state: text,
  zipcode: text,
  country: text,
};

const billingConfiguration = z.looseObject({
  invoice_grace_period: z.number().nullish(),
  subscription_invoice_issuing_date_anchor: text,
  subscription_invoice_issuing_date_adjustment: text,
  payment_provider: text,
  payment_provider_code: text,
  provider_customer_id: text,
  document_locale: text,
});

const metadata = z.looseObject({
  lago_id: text,
  key: text,
  value: text,
  display_in_invoice: z.boolean().nullish(),
  created_at: text,
});

/** A customer with the fields that Lago documents, for whoever reads the answer of an action. */
export const lagoResponse = lagoCustomer.extend({
  ...address,
  sequential_id: z.number().nullish(),
  slug: text,
  account_type: text,
  customer_type: text,
  name: text,
  firstname: text,
  lastname: text,
  legal_name: text,
  legal_number: text,
  tax_identification_number: text,
  email: text,
  phone: text,
  url: text,
  logo_url: text,
  currency: text,
  timezone: text,
  applicable_timezone: text,
  net_payment_term: z.number().nullish(),
  finalize_zero_amount_invoice: text,
  skip_invoice_custom_sections: z.boolean().nullish(),
  billing_entity_code: text,
  external_salesforce_id: text,
  shipping_address: z.looseObject(address).nullish(),
  billing_configuration: billingConfiguration.nullish(),
  metadata: z.array(metadata).nullish(),
  applicable_invoice_custom_sections: z.array(z.looseObject({ code: text, name: text })).nullish(),
  /** Failures in the past, in Lago's background; none of this request. */
  error_details: z.array(z.looseObject({})).nullish(),
  taxes: z.array(z.looseObject({ code: text })).nullish(),
  integration_customers: z.array(z.looseObject({ type: text, external_customer_id: text })).nullish(),
  created_at: text,
  updated_at: text,
});
