import type { z } from 'zod';
import type { Customer } from '../../schemas/customer.js';
import type { Failure, Outcome, OutcomeStatus, Warning } from '../../schemas/outcome.js';
import type { Provider } from '../core/connector.js';
import { parseCustomer } from '../core/customer/parse-customer.js';
import { CustomerSyncError } from '../core/errors.js';
import { createClient } from '../core/http/client.js';
import { readAnswer } from '../core/http/read-answer.js';
import { compileMapping, parseMapping } from '../core/mapping/compile-mapping.js';
import { executeUpsert } from '../core/upsert/execute.js';
import { prepareUpsert } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import type { NangoRuntime } from './runtime.js';
import { createRuntimeHost } from './runtime-host.js';

export interface UpsertOutput<Response> {
  /** Whether the customer was there before. */
  readonly action: 'create' | 'update';
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly provider_id: string;
  readonly warnings: Warning[];
  /** The provider's customer as its API answers. */
  readonly response: Response;
}

interface UpsertParts<Response> {
  readonly provider: Provider;
  /** The action's input schema. */
  readonly inputSchema: z.ZodType;
  /** Shape of the provider's customer. */
  readonly response: z.ZodType<Response>;
  readonly input: unknown;
}

/** Longer than an action may run, so that the lock ends with the action and not before. */
const lockMs = 16 * 60_000;

/**
 * Creates or updates one customer from inside a Nango action.
 *
 * The lock keeps two actions of this connection from writing one customer at once. It spans the actions of one Nango
 * environment; a job running elsewhere does not see it.
 * @throws nango.ActionError with our code, the provider's code and fields, and the remedy.
 */
export async function upsertCustomer<Response>(
  nango: NangoRuntime,
  { provider, inputSchema, response, input }: UpsertParts<Response>,
): Promise<UpsertOutput<Response>> {
  const customer = await readCustomer(nango, inputSchema, input);
  const key = lockKey(provider.definition.id, nango.connectionId, customer.id);
  if (!(await nango.tryAcquireLock({ key, ttlMs: lockMs }))) throw actionError(nango, locked(), customer.id);
  try {
    return await upsertLocked(nango, provider, response, customer);
  } finally {
    await nango.releaseLock({ key });
  }
}

async function upsertLocked<Response>(
  nango: NangoRuntime,
  provider: Provider,
  response: z.ZodType<Response>,
  customer: Customer,
): Promise<UpsertOutput<Response>> {
  const { definition } = provider;
  const host = createRuntimeHost(nango);
  const target: Target = {
    name: definition.id,
    provider,
    mapping: compileMapping(parseMapping(provider.mapping, definition.id)),
    client: createClient({ host, definition }),
    host,
  };
  const request = { customer, read: 'always' as const };
  const { outcome, record } = await executeUpsert(target, request, await prepareUpsert(target, request));
  const { status } = outcome;
  if (!isDone(status) || record === undefined) throw actionError(nango, failureOf(outcome), customer.id, status);
  return {
    action: status === 'created' ? 'create' : 'update',
    outcome: status,
    provider_id: outcome.provider_id ?? '',
    warnings: outcome.warnings,
    response: readAnswer(response, record, definition),
  };
}

function isDone(status: OutcomeStatus): status is UpsertOutput<unknown>['outcome'] {
  return status === 'created' || status === 'updated' || status === 'unchanged';
}

function failureOf({ error, reason }: Outcome): Failure {
  if (error !== undefined) return error;
  return {
    code: 'invalid_customer',
    message: reason ?? 'nothing was written',
    remedy: 'Send a customer that is not deleted.',
  };
}

/** Nango validates nothing in production. Its own check comes first, but tells the fields to the log only. */
async function readCustomer(nango: NangoRuntime, inputSchema: z.ZodType, input: unknown): Promise<Customer> {
  const refusal = await Promise.resolve(nango.zodValidateInput({ zodSchema: inputSchema, input })).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const parsed = parseCustomer(input);
  if (parsed.ok) {
    if (refusal !== undefined) throw refusal.error;
    return parsed.customer;
  }
  const { problems, id } = parsed;
  const error = new CustomerSyncError('invalid_customer', {
    message: problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; '),
    remedy: 'Correct the input; the model is described by the input schema of this action.',
    fields: problems,
  });
  throw actionError(nango, error.toFailure(), id);
}

/** Nango takes keys of up to 255 characters. Two ids that share a hash would only wait for each other. */
function lockKey(provider: string, connectionId: string, id: string): string {
  const place = `customer-sync:${provider}:${connectionId}`.slice(0, 160);
  if (id.length <= 80) return `${place}:${id}`;
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(index)) | 0;
  return `${place}:${id.slice(0, 60)}:${hash}`;
}

function locked(): Failure {
  return {
    code: 'unavailable',
    message: 'another action is writing this customer',
    remedy: 'Trigger the action again when the other one has ended.',
  };
}

function actionError(nango: NangoRuntime, failure: Failure, customerId?: string, outcome?: OutcomeStatus): Error {
  return new nango.ActionError({
    ...failure,
    ...(customerId !== undefined && { customer_id: customerId }),
    ...(outcome !== undefined && { outcome }),
  });
}
