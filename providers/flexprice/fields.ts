import { z } from 'zod';

const short = z.string().min(1).max(255);

/** What Flexprice has beyond the canonical customer: `provider_fields.flexprice`. All of it counts on create only. */
export const fields = z.strictObject({
  /** Default: true. `false` starts the tenant's onboarding workflow for a new customer. */
  skip_onboarding_workflow: z.boolean().optional(),
  onboarding_workflow_name: short.optional(),
  /** Absent: the tenant's default tax rates are linked. `[]`: none. */
  tax_rate_overrides: z
    .array(
      z.strictObject({
        tax_rate_code: short,
        currency: z.string().min(3).max(3),
        priority: z.int().min(0).optional(),
        /** Flexprice takes a missing value as false. */
        auto_apply: z.boolean().optional(),
        metadata: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
  /** Accepted and checked by Flexprice, but without effect since March 2026. */
  integration_entity_mapping: z
    .array(
      z.strictObject({
        entity_id: short,
        entity_type: z.string().min(1),
        provider_type: z.string().min(1).max(50),
        provider_entity_id: short,
        metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
});
