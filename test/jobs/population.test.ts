import { expect, it } from 'vitest';
import { startEmulator } from '../../emulators/stripe.js';
import { stripe } from '../../integrations/stripe/connector.js';
import { listPopulation } from '../../src/jobs/population.js';
import { during, openFlow } from '../core/upsert/flow.js';

async function populationOf(customers: readonly object[]) {
  const flow = openFlow(await during(startEmulator({ rateLimits: false })), stripe);
  for (const customer of customers) await flow.call('POST', '/v1/customers', customer);
  return listPopulation(flow.connection.reader, 5);
}

const ours = (customer_sync_id: string) => ({ metadata: { customer_sync_id } });

it('counts records that have no id of ours, and finds nobody by them', async () => {
  const population = await populationOf([{ email: 'a@b.example' }, { name: 'Acme' }, ours('acct_1')]);
  expect(population.size).toBe(3);
  expect(population.find('undefined')).toBeUndefined();
  expect(population.find('acct_1')).toMatchObject(ours('acct_1'));
  expect(population.hasEmail('A@b.example')).toBe(true);
});

it('shows neither of two records with one id of ours, so that nobody takes the first', async () => {
  const population = await populationOf([ours('acct_1'), ours('acct_1'), ours('acct_2')]);
  expect(population.size).toBe(3);
  expect(population.find('acct_1')).toBeUndefined();
  expect(population.find('acct_2')).toBeDefined();
});
