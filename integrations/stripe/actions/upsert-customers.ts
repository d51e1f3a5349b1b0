import { createAction } from 'nango';
import { functions } from '../functions.js';

export default createAction({
  description: 'Create or update a customer in Stripe',
  version: '1.0.0',
  scopes: ['Customers: Write'],
  input: functions.upsert.input,
  output: functions.upsert.output,
  exec: (nango, input) => functions.upsert.run(nango, input),
});
