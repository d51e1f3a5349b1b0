import { createAction } from 'nango';
import { functions } from '../functions.js';

export default createAction({
  description: 'Create or update up to 100 customers in Stripe, and tell what became of each',
  version: '1.0.0',
  scopes: ['Customers: Write'],
  input: functions.upsertBatch.input,
  output: functions.upsertBatch.output,
  exec: (nango, input) => functions.upsertBatch.run(nango, input),
});
