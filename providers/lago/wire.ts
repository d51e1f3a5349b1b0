import { z } from 'zod';

/** A customer as Lago answers; only what the connector relies on is named. */
export const lagoCustomer = z.looseObject({ lago_id: z.string(), external_id: z.string() });

export const customerAnswer = z.looseObject({ customer: lagoCustomer });

export const customersAnswer = z.looseObject({
  customers: z.array(lagoCustomer),
  meta: z.looseObject({ next_page: z.int().nullish() }).nullish(),
});
