import { z } from 'zod';
import { CustomerSyncError } from '../core/errors.js';
import { describeIssues } from '../core/zod-issues.js';
import { type Difference, differenceCodes } from './compare-rule.js';

const knownDifferenceSchema = z.strictObject({
  code: z.enum(differenceCodes),
  /** The provider's field, as `lint --spec` names it. */
  field: z.string().min(1),
  /** Where the difference is about some values: exactly these. */
  values: z.array(z.string()).min(1).optional(),
  /** What proves that the mapping is right: the provider's code, a recorded answer. */
  fact: z.string().min(10),
});

/** `providers/<id>/spec-differences.json`: where the provider's own description is wrong, and how that is known. */
const differencesSchema = z.strictObject({
  /** The description and the version of it that the differences were found in. */
  spec: z.string(),
  differences: z.array(knownDifferenceSchema),
});

export type KnownDifferences = z.infer<typeof differencesSchema>;
export type KnownDifference = z.infer<typeof knownDifferenceSchema>;

/** @throws CustomerSyncError `config` with the problems found. */
export function parseDifferences(input: unknown, name: string): KnownDifferences {
  const parsed = differencesSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new CustomerSyncError('config', {
    message: `${name}: ${describeIssues(parsed.error.issues, input).join('; ')}`,
    remedy: 'Each difference has a code, a field and the fact that proves it.',
  });
}

export function isKnown(difference: Difference, known: KnownDifference): boolean {
  const [found = [], recorded = []] = [difference.values, known.values].map((values) => [...(values ?? [])].sort());
  return (
    difference.code === known.code &&
    difference.field === known.field &&
    found.length === recorded.length &&
    found.every((value, index) => value === recorded[index])
  );
}
