import { z } from 'zod';

/** A customer as Recharge answers; only what the connector relies on is named. */
export const rechargeCustomer = z.looseObject({ id: z.number(), email: z.string() });

export const customerAnswer = z.looseObject({ customer: rechargeCustomer });

export const customersAnswer = z.looseObject({
  customers: z.array(rechargeCustomer),
  next_cursor: z.string().nullish(),
});

const text = z.string().nullish();
const flag = z.boolean().nullish();
const count = z.number().nullish();

const utmParams = z.looseObject({
  utm_campaign: text,
  utm_content: text,
  utm_data_source: text,
  utm_source: text,
  utm_medium: text,
  utm_term: text,
  utm_timestamp: text,
});

/** A customer with the fields that Recharge documents, for whoever reads the answer of an action. */
export const rechargeResponse = rechargeCustomer.extend({
  first_name: text,
  last_name: text,
  phone: text,
  tax_exempt: flag,
  hash: text,
  created_at: text,
  updated_at: text,
  first_charge_processed_at: text,
  has_valid_payment_method: flag,
  analytics_data: z.looseObject({ utm_params: z.array(utmParams).nullish() }).nullish(),

  // Version 2021-11, which the connector asks for.
  external_customer_id: z.looseObject({ ecommerce: text }).nullish(),
  has_payment_method_in_dunning: flag,
  subscriptions_active_count: count,
  subscriptions_total_count: count,
  subscription_related_charge_streak: count,
  apply_credit_to_next_recurring_charge: flag,
  apply_credit_to_next_checkout_charge: flag,
  backup_payment_methods_enabled: flag,
  can_add_payment_method: flag,

  // Version 2021-01, which some of Recharge's and Nango's pages show.
  accepts_marketing: z.union([z.number(), z.boolean()]).nullish(),
  billing_address1: text,
  billing_address2: text,
  billing_city: text,
  billing_company: text,
  billing_country: text,
  billing_phone: text,
  billing_province: text,
  billing_zip: text,
  has_card_error_in_dunning: flag,
  number_active_subscriptions: count,
  number_subscriptions: count,
  processor_type: text,
  reason_payment_method_not_valid: text,
  shopify_customer_id: text,
  status: text,
});
