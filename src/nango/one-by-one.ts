import type { Planned } from '../../schemas/action-output.js';
import type { Customer } from '../../schemas/customer.js';
import type { Outcome } from '../../schemas/outcome.js';
import type { ParsedCustomer } from '../core/customer/parse-customer.js';
import { isObject } from '../core/mapping/path.js';
import { type Claims, createClaims } from '../core/run/claims.js';
import { createStopRule } from '../core/run/stop.js';
import { identityKey } from '../core/upsert/locate.js';
import { invalidOutcome, outcomeFor } from '../core/upsert/outcome.js';
import type { Prepared } from '../core/upsert/prepare.js';
import type { Target } from '../core/upsert/target.js';
import { correctInput } from './read-input.js';
import type { TimeLimit } from './time-limit.js';

interface OneByOne<Result extends Planned> {
  readonly target: Target;
  readonly time: TimeLimit;
  readonly customers: readonly unknown[];
  readonly read: (input: unknown) => ParsedCustomer;
  /** @param refuse whether the record found already stands for another customer of this list. */
  attempt(customer: Customer, refuse: (prepared: Prepared) => Outcome | undefined): Promise<Result>;
}

type Stopped = 'time' | 'failures';

/**
 * Goes through a list, one customer after another: Nango asks not to call a provider in parallel. Ends in time before
 * Nango ends the action, and where going on makes no sense.
 */
export async function oneByOne<Result extends Planned>({
  target,
  time,
  customers,
  read,
  attempt,
}: OneByOne<Result>): Promise<{ results: (Result | { outcome: Outcome })[]; stopped?: Stopped }> {
  const stop = createStopRule();
  const claims = createClaims();
  const seen = new Set<string>();
  const results: (Result | { outcome: Outcome })[] = [];
  let stopped: Stopped | undefined;
  for (const input of customers) {
    if (stop.reason !== undefined) stopped ??= 'failures';
    else if (target.host.now() >= time.beginUntil) stopped ??= 'time';
    if (stopped !== undefined) {
      results.push({ outcome: notAttempted(target, input, stop.reason ?? timeIsUp) });
      continue;
    }
    const result = await next(target, { input, read, seen, claims, attempt });
    stop.note('outcome' in result ? result.outcome : undefined);
    results.push(result);
  }
  return { results, ...(stopped !== undefined && { stopped }) };
}

const timeIsUp = 'the time that Nango gives an action was nearly over';

interface Turn<Result extends Planned> extends Pick<OneByOne<Result>, 'read' | 'attempt'> {
  readonly input: unknown;
  readonly seen: Set<string>;
  readonly claims: Claims;
}

async function next<Result extends Planned>(
  target: Target,
  { input, read, seen, claims, attempt }: Turn<Result>,
): Promise<Result | { outcome: Outcome }> {
  const parsed = read(input);
  if (!parsed.ok) return { outcome: invalidOutcome(target, parsed.id, parsed.problems, correctInput) };
  const { customer } = parsed;
  const { id } = customer;
  if (seen.has(id))
    return {
      outcome: invalidOutcome(target, id, [{ field: 'id', message: 'stands in this list twice' }], correctInput),
    };
  seen.add(id);

  const rival = claimIdentity(target, customer, claims);
  if (rival !== undefined) return { outcome: rivalOutcome(target, id, rival) };
  return attempt(customer, (prepared) => {
    const record = prepared.kind === 'planned' ? prepared.plan.provider_id : undefined;
    const other = record === undefined ? undefined : claims.claim(`record:${record}`, id);
    return other === undefined ? undefined : rivalOutcome(target, id, other);
  });
}

/** A tombstone stands for nobody: whoever has its e-mail address now is another customer. */
function claimIdentity(target: Target, customer: Customer, claims: Claims): string | undefined {
  const identity = customer.deleted ? undefined : identityKey(target, customer);
  return identity === undefined ? undefined : claims.claim(`match:${identity}`, customer.id);
}

function rivalOutcome(target: Target, id: string, rival: string): Outcome {
  return {
    ...outcomeFor(target, id, 'conflict'),
    error: {
      code: 'conflict',
      message: `customer "${rival}" of this list is the same record at the provider`,
      remedy: 'One record can be one customer only: give one of the two another value, or leave it out.',
    },
  };
}

function notAttempted({ name }: Target, input: unknown, reason: string): Outcome {
  const id = isObject(input) ? input['id'] : undefined;
  const about = typeof id === 'string' ? { customer_id: id } : {};
  return { ...about, to: name, status: 'not_attempted', changes: [], warnings: [], reason };
}
