import { z } from 'zod';
import { jobPlanSchema } from './outcome.js';

export const planFileFormat = 'customer-sync plan 1';

/** A plan that was kept, to be looked at and applied later. Holds customers' data. */
export const planFileSchema = z.strictObject({
  format: z.literal(planFileFormat),
  /** `job`: what a run of a job would do. `reverse`: what takes an applied plan back. */
  kind: z.enum(['job', 'reverse']),
  job: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  targets: z
    .array(
      z.strictObject({
        /** The connection. */
        to: z.string(),
        /** Where it led, for people. */
        base_url: z.string(),
        environment: z.string(),
        /** Keyed hash of the account. */
        account: z.string(),
        /** Keyed hash of the mapping and the job's rules. */
        mapping: z.string(),
        /** What archiving a customer does there, where the job archives. */
        archive_effect: z.string().optional(),
      }),
    )
    .min(1),
  plans: z.array(jobPlanSchema),
  /** `reverse`: customers as they are to be again. */
  rows: z.array(z.strictObject({ to: z.string(), customer: z.record(z.string(), z.unknown()) })).optional(),
  /** `reverse`: what stays as it is, and why. */
  cannot_be_undone: z.array(z.string()).optional(),
  /** Over all of the above, with the key of the ledger. */
  mac: z.string(),
});

export type PlanFile = z.infer<typeof planFileSchema>;
export type PlanFileTarget = PlanFile['targets'][number];
