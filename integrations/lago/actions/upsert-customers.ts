import { createAction } from 'nango';
import { lagoCustomer } from '../../../providers/lago/wire.js';
import { actionOutputSchema } from '../../../schemas/action-output.js';
import { customerSchema } from '../../../schemas/customer.js';
import { upsertCustomer } from '../../../src/nango/upsert-customer.js';
import { lago } from '../connector.js';

export default createAction({
  description: 'Create or update a customer in Lago',
  version: '1.0.0',
  scopes: [],
  input: customerSchema,
  output: actionOutputSchema(lagoCustomer),
  exec: (nango, input) =>
    upsertCustomer(nango, { provider: lago, inputSchema: customerSchema, response: lagoCustomer, input }),
});
