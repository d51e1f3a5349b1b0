import { z } from 'zod';

/** A customer as Flexprice answers; only what the connector relies on is named. */
export const flexpriceCustomer = z.looseObject({ id: z.string(), external_id: z.string() });

export const searchAnswer = z.looseObject({ items: z.array(flexpriceCustomer).nullish() });
