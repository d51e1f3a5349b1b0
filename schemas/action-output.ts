import { z } from 'zod';
import { outcomeSchema, planSchema, warningSchema } from './outcome.js';

/** What every upsert action answers; `response` is the provider's customer. */
export function actionOutputSchema<Response extends z.ZodType>(response: Response) {
  return z.object({
    /** Whether the customer was there before. */
    action: z.enum(['create', 'update']),
    outcome: z.enum(['created', 'updated', 'unchanged']),
    provider_id: z.string(),
    warnings: z.array(warningSchema),
    response,
  });
}

/** What every batch action answers. Failures are data, so that one customer's does not hide the others'. */
export const batchOutputSchema = z.object({
  /** One for each customer, in the order of the input. */
  results: z.array(outcomeSchema),
  /** Why the rest is `not_attempted`: Nango's time for an action was nearly over, or going on made no sense. */
  stopped: z.enum(['time', 'failures']).optional(),
});

export type BatchOutput = z.infer<typeof batchOutputSchema>;

const plannedSchema = z.union([z.object({ plan: planSchema }), z.object({ outcome: outcomeSchema })]);

/** A plan, or an outcome where there is nothing to plan: an invalid customer, a provider that did not answer. */
export type Planned = z.infer<typeof plannedSchema>;

/** What `plan-customers` answers to a list. */
export const planListSchema = z.object({
  results: z.array(plannedSchema),
  stopped: z.enum(['time', 'failures']).optional(),
});

export type PlanList = z.infer<typeof planListSchema>;

/** What `plan-customers` answers: to one customer its plan, to a list a list. */
export const planOutputSchema = z.union([planSchema, planListSchema]);
