import { stripeResponse } from '../../providers/stripe/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { stripe } from './connector.js';

export const functions = createFunctions({
  provider: stripe,
  input: customerSchema,
  read: parseCustomer,
  response: stripeResponse,
});
