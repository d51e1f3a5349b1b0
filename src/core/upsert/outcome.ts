import type { ErrorCode } from '../../../schemas/error-codes.js';
import type { Failure, Outcome, OutcomeStatus } from '../../../schemas/outcome.js';
import { invalidCustomer } from '../customer/invalid-customer.js';
import type { CustomerSyncError } from '../errors.js';
import { isProviderError } from '../http/provider-error.js';
import type { FieldProblem } from '../zod-issues.js';
import type { Target } from './target.js';

export function outcomeFor({ name }: Pick<Target, 'name'>, customerId: string, status: OutcomeStatus): Outcome {
  return { customer_id: customerId, to: name, status, changes: [], warnings: [] };
}

const statusOfCode: Readonly<Record<ErrorCode, OutcomeStatus>> = {
  config: 'failed',
  mapping: 'failed',
  invalid_customer: 'invalid',
  auth: 'failed',
  forbidden: 'failed',
  not_found: 'failed',
  conflict: 'conflict',
  rejected: 'rejected',
  rate_limited: 'failed',
  unavailable: 'failed',
  uncertain: 'uncertain',
  protocol: 'failed',
};

/** A row that is no customer. @param id where it could be read. */
export function invalidOutcome(
  { name }: Pick<Target, 'name'>,
  id: string | undefined,
  problems: readonly FieldProblem[],
  remedy: string,
): Outcome {
  return {
    ...(id !== undefined && { customer_id: id }),
    to: name,
    status: 'invalid',
    changes: [],
    warnings: [],
    error: invalidCustomer(problems, remedy).toFailure(),
  };
}

/** @param values of the customer, which a provider may repeat although this request did not send them. */
export function outcomeOfError(
  target: Pick<Target, 'name' | 'mapping'>,
  customerId: string,
  error: CustomerSyncError,
  values: readonly unknown[] = [],
): Outcome {
  const impersonal = isProviderError(error) ? error.without(values) : error;
  const failure = inOurWords(impersonal.toFailure(), target);
  return { ...outcomeFor(target, customerId, statusOfCode[error.code]), error: failure };
}

/** A provider names its own fields, the reader of an outcome knows the customer's. */
function inOurWords(failure: Failure, { mapping }: Pick<Target, 'mapping'>): Failure {
  if (failure.status === undefined || failure.fields === undefined) return failure;
  const fields = failure.fields.map(({ field, message }) => ({ field: mapping.rule(field)?.field ?? field, message }));
  return { ...failure, fields };
}
