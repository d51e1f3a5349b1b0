import type { z } from 'zod';
import type { ProviderDefinition } from '../../../schemas/definition.js';
import { CustomerSyncError } from '../errors.js';
import { describeIssues } from '../zod-issues.js';

/** A provider's answer as its wire schema describes it. @throws CustomerSyncError `protocol` for anything else. */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown, { id, name }: ProviderDefinition): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new CustomerSyncError('protocol', {
    message: `${name} answered in an unexpected shape: ${describeIssues(parsed.error.issues, answer)[0]}`,
    remedy: 'Check the base URL, and whether something between here and the provider changes its answers.',
    provider: id,
  });
}
