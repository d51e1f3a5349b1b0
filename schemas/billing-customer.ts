import { z } from 'zod';
import { observedCustomerSchema } from './customer.js';

/** A record of the inbound syncs: a provider's customer in canonical words. */
export const billingCustomerSchema = z.object({
  /** The provider's own id. */
  id: z.string(),
  /** Our id, where the provider holds it. */
  customer_id: z.string().nullable(),
  customer: observedCustomerSchema.shape.customer,
});

export type BillingCustomer = z.infer<typeof billingCustomerSchema>;
