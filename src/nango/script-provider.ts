import type { z } from 'zod';
import type { Provider, StoredRecord } from '../core/connector.js';
import type { ParsedCustomer } from '../core/customer/parse-customer.js';

/** A provider as the scripts of its integration need it. */
export interface ScriptProvider<Input extends z.ZodType = z.ZodType, Response extends StoredRecord = StoredRecord> {
  readonly provider: Provider;
  /** What an action takes as one customer. */
  readonly input: Input;
  /** Where that has several forms: the one that this input is meant to have, so that errors name its fields. */
  readonly formOf?: (input: unknown) => z.ZodType;
  /** Makes a customer of it. */
  readonly read: (input: unknown) => ParsedCustomer;
  /** The provider's customer, as its documentation lists the fields. */
  readonly response: z.ZodType<Response>;
}
