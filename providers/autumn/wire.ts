import { z } from 'zod';

/** A customer as Autumn answers; only what the connector relies on is named. The id is null for one without our id. */
export const autumnCustomer = z.looseObject({ id: z.string().nullable() });

export const listAnswer = z.looseObject({ list: z.array(autumnCustomer), has_more: z.boolean().nullish() });
