import { flexpriceResponse } from '../../providers/flexprice/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { flexprice } from './connector.js';

export const functions = createFunctions({
  provider: flexprice,
  input: customerSchema,
  read: parseCustomer,
  response: flexpriceResponse,
});
