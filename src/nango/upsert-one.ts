import type { Customer } from '../../schemas/customer.js';
import type { Failure, Outcome } from '../../schemas/outcome.js';
import { type Executed, executeUpsert } from '../core/upsert/execute.js';
import { outcomeFor } from '../core/upsert/outcome.js';
import { type Prepared, prepareUpsert } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import { outcomeInNango } from './failure-in-nango.js';
import { takeCustomer } from './lock.js';
import type { ActionRuntime } from './runtime.js';

/**
 * Creates or updates one customer while no other action writes it.
 * @param refuse looks at what is planned and may end it with an outcome.
 */
export async function upsertOne(
  nango: ActionRuntime,
  target: Target,
  customer: Customer,
  refuse: (prepared: Prepared) => Outcome | undefined = () => undefined,
): Promise<Executed> {
  const giveBack = await takeCustomer(nango, target, customer);
  if (giveBack === undefined) return { outcome: { ...outcomeFor(target, customer.id, 'failed'), error: taken } };
  try {
    const request = { customer, read: 'always' as const };
    const prepared = await prepareUpsert(target, request);
    const refused = refuse(prepared);
    if (refused !== undefined) return { outcome: refused };
    const executed = await executeUpsert(target, request, prepared);
    return { ...executed, outcome: outcomeInNango(executed.outcome, target.provider.definition) };
  } finally {
    await giveBack();
  }
}

const taken: Failure = {
  code: 'unavailable',
  message: 'another action is writing this customer',
  remedy: 'Trigger the action again when the other one has ended.',
};
