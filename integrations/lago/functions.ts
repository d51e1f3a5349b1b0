import { lagoResponse } from '../../providers/lago/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { lago } from './connector.js';

export const functions = createFunctions({
  provider: lago,
  input: customerSchema,
  read: parseCustomer,
  response: lagoResponse,
});
