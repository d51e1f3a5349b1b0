import { createAction } from 'nango';
import { rechargeCustomer } from '../../../providers/recharge/wire.js';
import { actionOutputSchema } from '../../../schemas/action-output.js';
import { customerSchema } from '../../../schemas/customer.js';
import { upsertCustomer } from '../../../src/nango/upsert-customer.js';
import { recharge } from '../connector.js';

export default createAction({
  description: 'Create or update a customer in Recharge',
  version: '1.0.0',
  scopes: ['read_customers', 'write_customers', 'write_payment_methods'],
  input: customerSchema,
  output: actionOutputSchema(rechargeCustomer),
  exec: (nango, input) =>
    upsertCustomer(nango, { provider: recharge, inputSchema: customerSchema, response: rechargeCustomer, input }),
});
