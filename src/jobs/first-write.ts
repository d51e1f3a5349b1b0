import type { Customer } from '../../schemas/customer.js';
import { matchValue } from '../core/upsert/locate.js';
import { formatted, type Refusal, refusal } from './guards.js';
import type { LaneRun } from './lane-run.js';
import type { Population } from './population.js';

/** Of an account that is too large to be listed, so many customers are asked for one by one. */
const maxAsked = 50;

/**
 * Before customers are written to an account for the first time: do those that it holds look like ours? An account that
 * finds customers by our id alone would get each of them a second time if it does not have our ids yet.
 * @throws CustomerSyncError when the provider cannot be asked.
 */
export async function checkFirstWrite(
  lane: LaneRun,
  customers: readonly Customer[],
  population: Population,
): Promise<Refusal | undefined> {
  const { connection } = lane;
  const { size, isWhole } = population;
  if (size === 0) return undefined;
  const sample = isWhole ? customers : customers.slice(0, maxAsked);
  let found = 0;
  let byEmail = 0;
  for (const customer of sample) {
    if (await isThere(lane, customer, population)) found += 1;
    else if (typeof customer.email === 'string' && population.hasEmail(customer.email)) byEmail += 1;
  }
  // Nobody in common is how a wrong account looks, and the same people under other ids is how duplicates begin.
  if (found > 0 && byEmail === 0) return undefined;
  const { match } = connection.provider.definition.identity;
  return refusal(
    'first_write',
    `the account behind ${connection.name} (${lane.lane.account.origin}) was never written to by this ledger and holds ${isWhole ? '' : 'at least '}${formatted(size)} customers: of ${formatted(sample.length)} looked for, ${formatted(found)} are found by ${match.record}, and ${formatted(byEmail)} others by e-mail; whoever is not found would be created`,
  );
}

async function isThere({ connection, tally }: LaneRun, customer: Customer, population: Population): Promise<boolean> {
  const { reader, provider } = connection;
  const match = matchValue(reader, customer, {});
  if (match === undefined) return false;
  if (population.find(match) !== undefined) return true;
  if (population.isWhole) return false;
  tally.requests += 1;
  return (await provider.connector.find(reader.client, { by: 'match', value: match })).kind !== 'absent';
}
