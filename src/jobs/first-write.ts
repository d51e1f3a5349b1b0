import type { Customer } from '../../schemas/customer.js';
import { matchValue } from '../core/upsert/locate.js';
import { formatted, type Refusal, refusal } from './guards.js';
import type { LaneRun } from './lane-run.js';
import type { Population } from './population.js';

/**
 * Before customers are written to an account for the first time: do those that it holds look like ours? An account that
 * finds customers by our id alone would get each of them a second time if it does not have our ids yet.
 */
export function checkFirstWrite(
  { connection, lane }: LaneRun,
  sample: readonly Customer[],
  population: Population,
): Refusal | undefined {
  const { size, isWhole } = population;
  if (size === 0 || sample.length === 0) return undefined;
  const isFound = (customer: Customer) => {
    const match = matchValue(connection.reader, customer, {});
    return match !== undefined && population.find(match) !== undefined;
  };
  const found = sample.filter(isFound).length;
  const byEmail = sample.filter((customer) => !isFound(customer) && hasEmail(customer, population)).length;
  // Nobody in common is how a wrong account looks, and the same people under other ids is how duplicates begin.
  if (found > 0 && byEmail === 0) return undefined;
  const { match } = connection.provider.definition.identity;
  return refusal(
    'first_write',
    `the account behind ${connection.name} (${lane.account.origin}) was never written to by this ledger and holds ${isWhole ? '' : 'at least '}${formatted(size)} customers: of ${formatted(sample.length)} looked for, ${formatted(found)} are found by ${match.record}, and ${formatted(byEmail)} others by e-mail; whoever is not found would be created`,
  );
}

function hasEmail({ email }: Customer, population: Population): boolean {
  return typeof email === 'string' && population.hasEmail(email);
}
