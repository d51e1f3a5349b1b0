import { createAction } from 'nango';
import { flexpriceCustomer } from '../../../providers/flexprice/wire.js';
import { actionOutputSchema } from '../../../schemas/action-output.js';
import { customerSchema } from '../../../schemas/customer.js';
import { upsertCustomer } from '../../../src/nango/upsert-customer.js';
import { flexprice } from '../connector.js';

export default createAction({
  description: 'Create or update a customer in Flexprice',
  version: '1.0.0',
  scopes: [],
  input: customerSchema,
  output: actionOutputSchema(flexpriceCustomer),
  exec: (nango, input) =>
    upsertCustomer(nango, { provider: flexprice, inputSchema: customerSchema, response: flexpriceCustomer, input }),
});
