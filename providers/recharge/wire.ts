import { z } from 'zod';

/** A customer as Recharge answers; only what the connector relies on is named. */
export const rechargeCustomer = z.looseObject({ id: z.number(), email: z.string() });

export const customerAnswer = z.looseObject({ customer: rechargeCustomer });

export const customersAnswer = z.looseObject({
  customers: z.array(rechargeCustomer),
  next_cursor: z.string().nullish(),
});
