import type { Customer } from '../../schemas/customer.js';
import type { Outcome } from '../../schemas/outcome.js';
import { CustomerSyncError } from '../core/errors.js';
import type { Claims } from '../core/run/claims.js';
import { outcomeFor } from '../core/upsert/outcome.js';
import type { Prepared } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import type { Result } from './remote.js';

/** Takes the record that was found for a customer. Answers a conflict when another customer has it. */
export function claimRecord(name: string, customer: Customer, prepared: Prepared, claims: Claims): Outcome | undefined {
  return claim(name, customer, prepared.kind === 'planned' ? prepared.plan.provider_id : undefined, claims);
}

/** The same for what is done far away, and tells the record only then: the source may have told it before. */
export function claimKnown({ name, provider }: Target, customer: Customer, claims: Claims): Result | undefined {
  const taken = claim(name, customer, customer.external_ids?.[provider.definition.id] ?? undefined, claims);
  return taken === undefined ? undefined : outcomeResult(taken);
}

function claim(name: string, customer: Customer, providerId: string | undefined, claims: Claims): Outcome | undefined {
  const rival = providerId === undefined ? undefined : claims.claim(`record:${providerId}`, customer.id);
  return rival === undefined ? undefined : rivalOutcome(name, customer.id, rival, 'is the same record at the provider');
}

export function rivalOutcome(to: string, id: string, rival: string, how: string): Outcome {
  const error = new CustomerSyncError('conflict', {
    message: `customer "${rival}" of this run ${how}`,
    remedy: 'One record can be one customer only: give one of the two another value, or leave it out.',
  });
  return { ...outcomeFor({ name: to }, id, 'conflict'), error: error.toFailure() };
}

export function outcomeResult(outcome: Outcome): Result {
  return { kind: 'outcome', outcome };
}
