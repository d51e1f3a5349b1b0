import type { z } from 'zod';
import type { Customer } from '../../../schemas/customer.js';
import type { Provider } from '../connector.js';
import { type FieldProblem, fieldProblems } from '../zod-issues.js';

/** zod's issues with a customer, with what to do about a field that is blank. @param known see `fieldProblems`. */
export function customerProblems(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  known?: readonly string[],
): FieldProblem[] {
  return fieldProblems(issues, input, known, remedyForBlank);
}

function remedyForBlank(field: string): string {
  return field === 'id'
    ? 'every customer needs an id of yours'
    : 'leave it out to keep what is stored, or write null to clear it';
}

/** What of a customer's `provider_fields` its provider does not take. */
export function providerFieldProblems({ definition: { id }, fields }: Provider, customer: Customer): FieldProblem[] {
  const given = customer.provider_fields?.[id];
  const parsed = given === undefined ? undefined : fields.safeParse(given);
  if (parsed === undefined || parsed.success) return [];
  return customerProblems(parsed.error.issues, given).map(({ field, message }) => ({
    field: `provider_fields.${id}${field === '' ? '' : `.${field}`}`,
    message,
  }));
}
