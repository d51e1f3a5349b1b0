import { z } from 'zod';
import { type ErrorCode, errorCodes } from './error-codes.js';

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** One field that a write changes. Values are the customer's own data: print them, never log them. */
export const fieldChangeSchema = z.strictObject({
  /** Canonical name, for example `address.city` or `metadata.plan`. */
  field: z.string(),
  /** The provider's name for it. */
  target: z.string(),
  /** `cannot_tell`: the stored value cannot be read or was not read, so this may be no change at all. */
  change: z.enum(['set', 'clear', 'cannot_tell']),
  /** The stored value; absent when unset or unknown. */
  from: z.unknown().optional(),
  /** The wanted value; absent when cleared. */
  to: z.unknown().optional(),
});

export type FieldChange = z.infer<typeof fieldChangeSchema>;

export const warningSchema = z.strictObject({
  code: z.enum([
    /** The provider has no way to clear the field. */
    'cannot_clear',
    /** The stored value cannot be read, so a difference cannot be seen. */
    'cannot_tell',
    /** A value over a limit was cut. */
    'truncated',
    /** A value over a limit was left out. */
    'dropped',
    /** A required field had no value, and the mapping's fallback was sent. */
    'fallback',
    /** The provider answered with success but holds another value. */
    'not_kept',
    /** The source's value was changed to a clean one. */
    'normalised',
    /** The source's value could not be read and was left out. */
    'unreadable_value',
    /** Something else to know. */
    'notice',
  ]),
  field: z.string().optional(),
  /** Holds no value of a customer. */
  message: z.string(),
  /** The value before and after, where a value was changed. The customer's own data: print it, never log it. */
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});

export type Warning = z.infer<typeof warningSchema>;

export const failureSchema = z.strictObject({
  code: z.enum(codes),
  message: z.string(),
  /** What to do about it. */
  remedy: z.string(),
  /** HTTP status of the provider's answer. */
  status: z.int().optional(),
  /** The provider's own error code. */
  provider_code: z.string().optional(),
  /** Fields named in the error, in our names where they are known. */
  fields: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});

export type Failure = z.infer<typeof failureSchema>;

export const outcomeStatuses = {
  created: 'New at the provider.',
  updated: 'Changed at the provider.',
  unchanged: 'Already as wanted; nothing was sent.',
  linked: 'Found at the provider, equal, and noted as ours; nothing was sent.',
  archived: 'Archived at the provider.',
  skipped: 'Left out on purpose; the reason is given.',
  invalid: 'Breaks our rules; nothing was sent.',
  rejected: 'Refused by the provider.',
  conflict: 'More than one claim on the same identity; nothing was written.',
  failed: 'Not written, for a passing reason; a later run will try again.',
  uncertain: 'Sent, but the answer never came and could not be read back.',
  not_attempted: 'Not reached before the run ended.',
} as const;

export type OutcomeStatus = keyof typeof outcomeStatuses;

const statuses = Object.keys(outcomeStatuses) as [OutcomeStatus, ...OutcomeStatus[]];

/** What became of one customer at one connection. */
export const outcomeSchema = z.strictObject({
  /** Our id; absent when the row has none that can be read. */
  customer_id: z.string().optional(),
  /** The connection. */
  to: z.string(),
  status: z.enum(statuses),
  /** The provider's own id of the record. */
  provider_id: z.string().optional(),
  changes: z.array(fieldChangeSchema),
  warnings: z.array(warningSchema),
  /** Why a customer was skipped or not attempted. */
  reason: z.string().optional(),
  error: failureSchema.optional(),
});

export type Outcome = z.infer<typeof outcomeSchema>;

/** What would be sent for one customer to one connection. */
export const planSchema = z.strictObject({
  customer_id: z.string(),
  to: z.string(),
  action: z.enum(['create', 'update', 'unchanged']),
  /** The provider's own id of the record that would be updated. */
  provider_id: z.string().optional(),
  /** Whether the provider was asked what it holds; if not, `changes` lists what is sent, not what changes. */
  compared: z.boolean(),
  changes: z.array(fieldChangeSchema),
  warnings: z.array(warningSchema),
  /** What is sent, in the provider's own words. Absent when nothing is. */
  payload: z.record(z.string(), z.unknown()).optional(),
});

export type Plan = z.infer<typeof planSchema>;

/** What a run of a job would do for one customer at one connection: a job that mirrors archives as well. */
export const jobPlanSchema = planSchema.extend({
  action: z.enum([...planSchema.shape.action.options, 'archive']),
  /** Why a customer would be archived. */
  reason: z.string().optional(),
});

export type JobPlan = z.infer<typeof jobPlanSchema>;
