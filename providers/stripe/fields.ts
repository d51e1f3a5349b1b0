import { z } from 'zod';

const name = z.string().min(1).max(150).nullish();
const stripeId = z.string().min(1).max(5000);

/** What Stripe has beyond the canonical customer: `provider_fields.stripe`. */
export const fields = z.strictObject({
  description: z.string().min(1).max(5000).nullish(),
  business_name: name,
  individual_name: name,
  /** More than `tax_exempt` can say; it comes first where both are given. */
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
  invoice_prefix: z
    .string()
    .max(12)
    .regex(/^[A-Z0-9]{3,12}$/, 'must be 3 to 12 capital letters or digits')
    .optional(),
  next_invoice_sequence: z.int().min(1).optional(),
  invoice_settings: z
    .strictObject({
      /** Replaced as a whole. */
      custom_fields: z
        .array(z.strictObject({ name: z.string().min(1).max(40), value: z.string().min(1).max(140) }))
        .max(4)
        .nullish(),
      /** A payment method that is attached to the customer. */
      default_payment_method: stripeId.nullish(),
      footer: z.string().min(1).max(5000).nullish(),
      rendering_options: z
        .strictObject({
          amount_tax_display: z.enum(['exclude_tax', 'include_inclusive_tax']).nullish(),
          template: stripeId.nullish(),
        })
        .optional(),
    })
    .optional(),
  cash_balance: z.strictObject({ reconciliation_mode: z.enum(['automatic', 'manual', 'merchant_default']) }).optional(),
  tax: z
    .strictObject({
      ip_address: z.string().min(1).nullish(),
      /** `immediately`: Stripe refuses a location that its tax service does not know. */
      validate_location: z.enum(['deferred', 'immediately']).optional(),
    })
    .optional(),
  /** On create only: later they are records of their own. */
  tax_id_data: z.array(z.strictObject({ type: z.string().min(1), value: z.string().min(1) })).optional(),
  /** On create only: attached to the new customer. */
  payment_method: stripeId.optional(),
  /** On create only, in a sandbox. */
  test_clock: stripeId.optional(),
});
