import { z } from 'zod';
import { outcomeStatuses } from './outcome.js';

const count = z.int().min(0);

/** What became of the customers at one connection. The outcomes add up to `rows`. */
const targetReportSchema = z.strictObject({
  /** The connection. */
  to: z.string(),
  rows: count,
  outcomes: z.partialRecord(z.enum(Object.keys(outcomeStatuses) as [keyof typeof outcomeStatuses]), count),
  /** Customers that are not in the wanted state, those that were so before this run included. */
  failing: count,
  /** Of these, those that were fine, or unknown, before this run. */
  new_failures: count,
  /** Customers archived because they left the source. They are no rows, and so not part of the sum. */
  archived_absent: count,
  /** Requests that were sent. Absent where others send them. */
  requests: count.optional(),
  /** Why the run gave up on this connection. */
  stopped: z.string().optional(),
});

export type TargetReport = z.infer<typeof targetReportSchema>;

/** What a run of a job leaves behind. Holds no value of a customer. */
export const runReportSchema = z.strictObject({
  run: z.int(),
  job: z.string(),
  /** `full`: compared with the provider. `retry`: only customers that had failed. */
  kind: z.enum(['usual', 'full', 'retry']),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime(),
  /** `interrupted`: by a signal. `stopped`: nothing more could be done. `refused`: a guard; nothing was written. */
  ended: z.enum(['done', 'interrupted', 'stopped', 'refused']),
  /** Why it was stopped or refused. */
  reason: z.string().optional(),
  source: z.strictObject({
    name: z.string(),
    /** Rows read. */
    rows: count,
    /** Whether all of the source was read, so that who is not in it has left. */
    complete: z.boolean(),
  }),
  targets: z.array(targetReportSchema),
  notices: z.array(z.string()),
});

export type RunReport = z.infer<typeof runReportSchema>;
