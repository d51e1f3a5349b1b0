import { z } from 'zod';

/** So many customers one call may hold. */
export const maxBatchSize = 100;

const rateShare = z.number().gt(0).max(1);

/** A list of customers as actions declare it. */
export function customerListSchema<Customer extends z.ZodType>(customer: Customer) {
  return z.strictObject({
    customers: z.array(customer).min(1).max(maxBatchSize),
    /** Part of the provider's rate limit to use. Default: 0.5. */
    rate_share: rateShare.optional(),
  });
}

/** The same as it is checked: a customer that is not valid is an outcome of its own and refuses nobody else. */
export const anyListSchema = customerListSchema(z.unknown());

export type AnyList = z.infer<typeof anyListSchema>;
