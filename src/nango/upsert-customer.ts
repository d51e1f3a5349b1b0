import type { z } from 'zod';
import type { Failure, Outcome, OutcomeStatus, Warning } from '../../schemas/outcome.js';
import type { StoredRecord } from '../core/connector.js';
import { actionError, withActionErrors } from './action-error.js';
import { fitResponse } from './fit-response.js';
import { readCustomer } from './read-input.js';
import type { ActionRuntime } from './runtime.js';
import type { ScriptProvider } from './script-provider.js';
import { openScriptTarget } from './script-target.js';
import { actionTimeLimit } from './time-limit.js';
import { upsertOne } from './upsert-one.js';

export interface UpsertOutput<Response> {
  /** Whether the customer was there before. */
  readonly action: 'create' | 'update';
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly provider_id: string;
  readonly warnings: Warning[];
  /** The provider's customer as its API answers. */
  readonly response: Response;
}

/**
 * Creates or updates one customer from inside a Nango action.
 * @throws nango.ActionError with our code, the provider's code and fields, and the remedy.
 */
export async function upsertCustomer<Response extends StoredRecord>(
  nango: ActionRuntime,
  script: ScriptProvider<z.ZodType, Response>,
  input: unknown,
): Promise<UpsertOutput<Response>> {
  const { provider } = script;
  const time = actionTimeLimit(Date.now());
  const customer = await readCustomer(nango, script, input);
  return withActionErrors(nango, provider, async () => {
    const target = await openScriptTarget(nango, { provider, time });
    const { outcome, record } = await upsertOne(nango, target, customer);
    const { status, warnings, provider_id: providerId = '' } = outcome;
    if (!isDone(status) || record === undefined) throw failed(nango, outcome);
    const fitted = fitResponse(script.response, record, provider.definition);
    return {
      action: status === 'created' ? 'create' : 'update',
      outcome: status,
      provider_id: providerId,
      warnings: [...warnings, ...fitted.warnings],
      response: fitted.response,
    };
  });
}

function isDone(status: OutcomeStatus): status is UpsertOutput<unknown>['outcome'] {
  return status === 'created' || status === 'updated' || status === 'unchanged';
}

/** What was written before it failed is told as well. */
function failed(nango: ActionRuntime, outcome: Outcome): Error {
  const { customer_id, provider_id, status, warnings } = outcome;
  return actionError(nango, failureOf(outcome), {
    customer_id,
    outcome: status,
    ...(provider_id !== undefined && { provider_id }),
    ...(warnings.length > 0 && { warnings }),
  });
}

function failureOf({ error, reason }: Outcome): Failure {
  if (error !== undefined) return error;
  return {
    code: 'invalid_customer',
    message: reason ?? 'nothing was written',
    remedy: 'Send a customer that is not deleted.',
  };
}
