import { createAction } from 'nango';
import { autumnCustomer } from '../../../providers/autumn/wire.js';
import { actionOutputSchema } from '../../../schemas/action-output.js';
import { customerSchema } from '../../../schemas/customer.js';
import { upsertCustomer } from '../../../src/nango/upsert-customer.js';
import { autumn } from '../connector.js';

export default createAction({
  description: 'Create or update a customer in Autumn',
  version: '1.0.0',
  scopes: ['customers:read', 'customers:write'],
  input: customerSchema,
  output: actionOutputSchema(autumnCustomer),
  exec: (nango, input) =>
    upsertCustomer(nango, { provider: autumn, inputSchema: customerSchema, response: autumnCustomer, input }),
});
