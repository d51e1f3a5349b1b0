import { z } from 'zod';
import { customerSchema, observedCustomerSchema } from './customer.js';

const observed = observedCustomerSchema.shape.customer;

/** The canonical fields by name, so that readers of the model see them; what a provider holds in them is not checked. */
const anyFields = Object.fromEntries(Object.keys(customerSchema.shape).map((field) => [field, z.unknown().optional()]));

/** A record of the inbound syncs: a provider's customer in canonical words. */
export const billingCustomerSchema = z.object({
  /** The provider's own id. */
  id: z.string(),
  /** Our id, where the provider holds it. */
  customer_id: z.string().nullable(),
  customer: z.looseObject({ ...anyFields, ...observed.shape }),
});

export type BillingCustomer = z.infer<typeof billingCustomerSchema>;
