import { rechargeResponse } from '../../providers/recharge/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { recharge } from './connector.js';
import { readRechargeInput, rechargeForm, upsertBodySchema } from './upsert-body.js';

export const functions = createFunctions({
  provider: recharge,
  input: customerSchema.or(upsertBodySchema),
  formOf: rechargeForm,
  read: readRechargeInput,
  response: rechargeResponse,
});
