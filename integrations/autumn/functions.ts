import { autumnResponse } from '../../providers/autumn/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { autumn } from './connector.js';

export const functions = createFunctions({
  provider: autumn,
  input: customerSchema,
  read: parseCustomer,
  response: autumnResponse,
});
