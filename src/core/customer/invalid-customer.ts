import { CustomerSyncError } from '../errors.js';
import { type FieldProblem, problemText } from '../zod-issues.js';

/** @param remedy what to do about it, in the words of whoever gave the customer. */
export function invalidCustomer(
  problems: readonly FieldProblem[],
  remedy: string,
  provider?: string,
): CustomerSyncError {
  return new CustomerSyncError('invalid_customer', {
    message: problems.map(problemText).join('; '),
    remedy,
    provider,
    fields: problems,
  });
}
