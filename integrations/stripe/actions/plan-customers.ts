import { createAction } from 'nango';
import { functions } from '../functions.js';

export default createAction({
  description: 'Show what the upsert actions would change in Stripe, and write nothing',
  version: '1.0.0',
  scopes: ['Customers: Read'],
  input: functions.plan.input,
  output: functions.plan.output,
  exec: (nango, input) => functions.plan.run(nango, input),
});
