import { createAction } from 'nango';
import { functions } from '../functions.js';

export default createAction({
  description: 'Create or update up to 100 customers in Recharge, and tell what became of each',
  version: '1.0.0',
  scopes: ['read_customers', 'write_customers', 'write_payment_methods'],
  input: functions.upsertBatch.input,
  output: functions.upsertBatch.output,
  exec: (nango, input) => functions.upsertBatch.run(nango, input),
});
