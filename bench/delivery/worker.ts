import { now } from '../clock.js';
import { makeCustomers } from '../mapping/customers.js';
import { serveRounds } from '../rounds.js';
import { contenders } from './contenders.js';

const warmUpCount = 15_000;
const roundCount = 2000;

const [name = '', origin = '', concurrency = ''] = process.argv.slice(2);
const deliver = contenders[name]?.({ origin, concurrency: Number(concurrency) });
if (deliver === undefined) throw new Error(`there is no contender "${name}"`);
const customers = makeCustomers(warmUpCount, 'full');

serveRounds(async (isWarmUp) => {
  const batch = isWarmUp ? customers : customers.slice(0, roundCount);
  const start = now();
  const created = await deliver(batch);
  const elapsed = now() - start;
  if (created !== batch.length) throw new Error(`${name} created ${created} of ${batch.length} customers`);
  return (created / elapsed) * 1000;
});
