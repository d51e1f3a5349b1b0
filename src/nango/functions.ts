import type { z } from 'zod';
import { customerListSchema } from '../../schemas/action-input.js';
import { actionOutputSchema, batchOutputSchema, planOutputSchema } from '../../schemas/action-output.js';
import { billingCustomerSchema } from '../../schemas/billing-customer.js';
import type { StoredRecord } from '../core/connector.js';
import { planCustomers } from './plan-customers.js';
import { pullCheckpointSchema, pullCustomers } from './pull-customers.js';
import type { ActionRuntime, SyncRuntime } from './runtime.js';
import type { ScriptProvider } from './script-provider.js';
import { upsertBatch } from './upsert-batch.js';
import { upsertCustomer } from './upsert-customer.js';

/** What the scripts of an integration consist of; the scripts themselves must be literals, or Nango refuses them. */
export function createFunctions<Input extends z.ZodType, Response extends StoredRecord>(
  script: ScriptProvider<Input, Response>,
) {
  const list = customerListSchema(script.input);
  return {
    upsert: {
      input: script.input,
      output: actionOutputSchema(script.response),
      run: (nango: ActionRuntime, input: unknown) => upsertCustomer(nango, script, input),
    },
    upsertBatch: {
      input: list,
      output: batchOutputSchema,
      run: (nango: ActionRuntime, input: unknown) => upsertBatch(nango, script, input),
    },
    plan: {
      input: script.input.or(list),
      output: planOutputSchema,
      run: (nango: ActionRuntime, input: unknown) => planCustomers(nango, script, input),
    },
    pull: {
      record: billingCustomerSchema,
      checkpoint: pullCheckpointSchema,
      run: (nango: SyncRuntime) => pullCustomers(nango, script),
    },
  };
}
