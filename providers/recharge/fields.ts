import { z } from 'zod';

/** What Recharge has beyond the canonical customer: `provider_fields.recharge`. */
export const fields = z.strictObject({
  apply_credit_to_next_recurring_charge: z.boolean().optional(),
});
