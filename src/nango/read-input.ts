import type { z } from 'zod';
import { type AnyList, anyListSchema } from '../../schemas/action-input.js';
import type { Customer } from '../../schemas/customer.js';
import { invalidCustomer } from '../core/customer/invalid-customer.js';
import { utf8Length } from '../core/mapping/limits.js';
import { isObject } from '../core/mapping/path.js';
import { describeIssues, fieldProblems } from '../core/zod-issues.js';
import { actionError } from './action-error.js';
import type { ActionRuntime } from './runtime.js';
import type { ScriptProvider } from './script-provider.js';

/** Nango validates nothing in production. Its own check comes first, but tells the fields to the log only. */
export async function readCustomer(
  nango: ActionRuntime,
  { input: schema, formOf, read }: ScriptProvider,
  input: unknown,
): Promise<Customer> {
  const refusal = await refusalOfNango(nango, formOf?.(input) ?? schema, input);
  const parsed = read(input);
  if (!parsed.ok) {
    const error = invalidCustomer(parsed.problems, correctInput);
    throw actionError(nango, error.toFailure(), parsed.id === undefined ? {} : { customer_id: parsed.id });
  }
  if (refusal !== undefined) throw refusal.error;
  return parsed.customer;
}

/** A list of anything; whether each is a customer is looked at one by one. */
export async function readList(nango: ActionRuntime, input: unknown): Promise<AnyList> {
  const refusal = await refusalOfNango(nango, anyListSchema, input);
  const parsed = anyListSchema.safeParse(input);
  if (!parsed.success) {
    const problems = fieldProblems(parsed.error.issues, input, ['customers', 'rate_share']);
    const message = describeIssues(parsed.error.issues, input, ['customers', 'rate_share']).join('; ');
    throw actionError(nango, {
      code: 'config',
      message,
      remedy: 'Send {"customers": [...]} with 1 to 100 customers, and optionally "rate_share" above 0 and up to 1.',
      fields: problems,
    });
  }
  if (refusal !== undefined) throw refusal.error;
  refuseLongIds(nango, parsed.data.customers);
  return parsed.data;
}

export function isList(input: unknown): boolean {
  return isObject(input) && 'customers' in input;
}

export const correctInput = 'Correct the input; the model is described by the input schema of this action.';

async function refusalOfNango(nango: ActionRuntime, zodSchema: z.ZodType, input: unknown) {
  return Promise.resolve(nango.zodValidateInput({ zodSchema, input })).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}

const maxIdBytes = 500_000;

/** Every outcome repeats its id, and nothing of an answer that names what was written may be too large for Nango. */
function refuseLongIds(nango: ActionRuntime, customers: readonly unknown[]): void {
  const ids = customers.map((customer) => (isObject(customer) ? String(customer['id'] ?? '') : ''));
  if (ids.reduce((sum, id) => sum + utf8Length(id), 0) <= maxIdBytes) return;
  throw actionError(nango, {
    code: 'config',
    message: 'the ids of these customers are longer than 500 kB together',
    remedy: 'Send fewer customers at once.',
  });
}
