import { z } from 'zod';

/** A customer as Stripe answers; only what the connector relies on is named. */
export const stripeCustomer = z.looseObject({
  id: z.string().min(1),
  metadata: z.record(z.string(), z.string()).nullish(),
  /** Whoever was deleted can still be read, by id and with nothing else. */
  deleted: z.boolean().nullish(),
});

export const customersAnswer = z.looseObject({ data: z.array(stripeCustomer), has_more: z.boolean() });

const text = z.string().nullish();

const address = z
  .looseObject({ line1: text, line2: text, city: text, state: text, postal_code: text, country: text })
  .nullish();

/** A customer with the fields that Stripe documents, for whoever reads the answer of an action. */
export const stripeResponse = stripeCustomer.extend({
  object: text,
  name: text,
  business_name: text,
  individual_name: text,
  email: text,
  phone: text,
  description: text,
  address,
  shipping: z.looseObject({ address, name: text, phone: text }).nullish(),
  preferred_locales: z.array(z.string()).nullish(),
  tax_exempt: text,
  balance: z.number().nullish(),
  currency: text,
  delinquent: z.boolean().nullish(),
  invoice_prefix: text,
  next_invoice_sequence: z.number().nullish(),
  invoice_settings: z.looseObject({ footer: text }).nullish(),
  test_clock: z.unknown().optional(),
  livemode: z.boolean().nullish(),
  created: z.number().nullish(),
});
