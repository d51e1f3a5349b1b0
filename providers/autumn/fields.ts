import { z } from 'zod';

const featureId = z.string().min(1);

const autoTopup = z.strictObject({
  feature_id: featureId,
  /** Where it was not before, Autumn may buy the first top-up at once. */
  enabled: z.boolean().optional(),
  threshold: z.number(),
  quantity: z.number().min(1),
  purchase_limit: z
    .strictObject({
      interval: z.enum(['hour', 'day', 'week', 'month']),
      interval_count: z.number().min(1).optional(),
      limit: z.number().min(1),
      /** Purchases counted in the current interval: sets the counter each time the list is sent. */
      count: z.number().min(0).optional(),
    })
    .optional(),
  invoice_mode: z.boolean().optional(),
});

const spendLimit = z.strictObject({
  feature_id: featureId.optional(),
  enabled: z.boolean().optional(),
  limit_type: z.enum(['absolute', 'usage_percentage']).optional(),
  overage_limit: z.number().min(0).optional(),
  skip_overage_billing: z.boolean().optional(),
});

const usageLimit = z.strictObject({
  feature_id: featureId,
  enabled: z.boolean().optional(),
  limit: z.number().min(0),
  interval: z.enum(['day', 'week', 'month', 'year']),
  anchor: z.enum(['billing_cycle', 'utc']).optional(),
  filter: z.strictObject({ properties: z.record(z.string(), z.string()) }).optional(),
});

const usageAlert = z.strictObject({
  feature_id: featureId.optional(),
  enabled: z.boolean().optional(),
  threshold: z.number().min(0),
  threshold_type: z.enum(['usage', 'usage_percentage', 'remaining', 'remaining_percentage']),
  name: z.string().min(1).optional(),
});

/** What Autumn has beyond the canonical customer: `provider_fields.autumn`. */
export const fields = z.strictObject({
  /** Feeds Autumn's checks against trial abuse; not an identity. */
  fingerprint: z.string().min(1).nullish(),
  /** Checked against Stripe; `null` unlinks. Every later update then goes to Stripe first. */
  stripe_id: z.string().min(1).nullish(),
  /** On create only. */
  create_in_stripe: z.boolean().optional(),
  /** On create only: a free plan, or one with a trial that needs no card. */
  auto_enable_plan_id: z.string().min(1).optional(),
  send_email_receipts: z.boolean().optional(),
  /** Refused on create unless the organisation has multi-currency; cannot be read back. */
  currency: z.string().min(3).max(3).nullish(),
  /** Each list given replaces the stored one. */
  billing_controls: z
    .strictObject({
      auto_topups: z.array(autoTopup).optional(),
      spend_limits: z.array(spendLimit).optional(),
      usage_limits: z.array(usageLimit).optional(),
      usage_alerts: z.array(usageAlert).optional(),
      overage_allowed: z.array(z.strictObject({ feature_id: featureId, enabled: z.boolean() })).optional(),
    })
    .optional(),
  config: z
    .strictObject({ disable_pooled_balance: z.boolean().optional(), disable_overage_billing: z.boolean().optional() })
    .optional(),
});
