import type { Customer } from '../../schemas/customer.js';

/** One way to turn a customer into the body of Lago's `POST /customers`. */
export type Engine =
  | { readonly kind: 'sync'; readonly map: (customer: Customer) => unknown }
  /** Every call answers with a promise. */
  | { readonly kind: 'async'; readonly map: (customer: Customer) => Promise<unknown> };
