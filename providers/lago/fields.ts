import { z } from 'zod';

const days = z.int().min(0);

/** What Lago has beyond the canonical customer: `provider_fields.lago`. */
export const fields = z.strictObject({
  /** Premium, and only while the customer has no billing history. */
  account_type: z.enum(['customer', 'partner']).optional(),
  billing_entity_code: z.string().min(1).optional(),
  /** Days. */
  net_payment_term: days.nullish(),
  finalize_zero_amount_invoice: z.enum(['inherit', 'skip', 'finalize']).optional(),
  /** The whole set; `[]` removes all. */
  tax_codes: z.array(z.string().min(1)).optional(),
  skip_invoice_custom_sections: z.boolean().optional(),
  invoice_custom_section_codes: z.array(z.string().min(1)).optional(),
  /** Metadata keys printed on invoices; the others given here are not. */
  metadata_in_invoice: z.array(z.string().min(1)).optional(),
  billing_configuration: z
    .strictObject({
      /** Days; premium. */
      invoice_grace_period: days.nullish(),
      subscription_invoice_issuing_date_anchor: z.enum(['current_period_end', 'next_period_start']).nullish(),
      subscription_invoice_issuing_date_adjustment: z.enum(['keep_anchor', 'align_with_finalization_date']).nullish(),
      /** Lago unlinks the customer from any name it does not know, so the names are checked. */
      payment_provider: z.enum(['stripe', 'gocardless', 'cashfree', 'adyen', 'flutterwave', 'moneyhash']).optional(),
      payment_provider_code: z.string().min(1).optional(),
      provider_customer_id: z.string().min(1).optional(),
      sync: z.boolean().optional(),
      sync_with_provider: z.boolean().optional(),
      provider_payment_methods: z.array(z.string().min(1)).optional(),
    })
    .optional(),
  /** The whole list, at most one for each integration type; `[]` removes all. */
  integration_customers: z
    .array(
      z.strictObject({
        integration_type: z.string().min(1),
        integration_code: z.string().min(1).optional(),
        code: z.string().min(1).optional(),
        external_customer_id: z.string().min(1).optional(),
        subsidiary_id: z.string().min(1).optional(),
        sync_with_provider: z.boolean().optional(),
        targeted_object: z.string().min(1).optional(),
      }),
    )
    .optional(),
});
