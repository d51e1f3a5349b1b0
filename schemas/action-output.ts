import { z } from 'zod';
import { warningSchema } from './outcome.js';

/** What every upsert action answers; `response` is the provider's customer. */
export function actionOutputSchema<Response extends z.ZodType>(response: Response) {
  return z.object({
    action: z.enum(['create', 'update']),
    outcome: z.enum(['created', 'updated', 'unchanged']),
    provider_id: z.string(),
    warnings: z.array(warningSchema),
    response,
  });
}
