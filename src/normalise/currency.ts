import { customerSchema } from '../../schemas/customer.js';
import { type Reading, remembering, textReader } from './reading.js';

/** Reads an ISO 4217 code in any case, and the euro sign. Every other sign stands for several currencies. */
export const readCurrency = remembering(
  textReader((text): Reading => {
    const code = text === '€' ? 'EUR' : text.toUpperCase();
    if (!customerSchema.shape.currency.safeParse(code).success)
      return { unreadable: 'is not an ISO 4217 currency code' };
    return code === text ? undefined : { to: code, message: 'written as an ISO 4217 code' };
  }),
);
