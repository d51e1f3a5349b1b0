import { z } from 'zod';
import { customerSchema } from '../../schemas/customer.js';
import { customerProblems } from '../../src/core/customer/customer-problems.js';
import { type ParsedCustomer, parseCustomer } from '../../src/core/customer/parse-customer.js';
import { isObject } from '../../src/core/mapping/path.js';

const text = z.string().min(1);

/** The body that the page of Nango's own action for Recharge documents. It has no id of ours. */
export const upsertBodySchema = z.strictObject({
  email: customerSchema.shape.email.unwrap().unwrap(),
  first_name: text,
  last_name: text,
  /** Passed on as it is: Recharge decides. */
  phone: text.optional(),
  tax_exempt: z.boolean().optional(),
  external_customer_id: z.strictObject({ ecommerce: text }).optional(),
});

/** The documented body is told by having no `id`. */
export function rechargeForm(input: unknown) {
  return isObject(input) && !Array.isArray(input) && !('id' in input) ? upsertBodySchema : customerSchema;
}

/**
 * Recharge finds customers by e-mail, so the id that the documented body lacks only has to name the customer in errors:
 * it is the one of the shop, or the e-mail address.
 */
export function readRechargeInput(input: unknown): ParsedCustomer {
  if (rechargeForm(input) === customerSchema) return parseCustomer(input);
  const parsed = upsertBodySchema.safeParse(input);
  if (!parsed.success) {
    return { ok: false, problems: customerProblems(parsed.error.issues, input, Object.keys(upsertBodySchema.shape)) };
  }
  const { external_customer_id: external, ...fields } = parsed.data;
  const ids = external === undefined ? {} : { external_ids: { ecommerce: external.ecommerce } };
  return { ok: true, customer: { id: external?.ecommerce ?? fields.email, ...fields, ...ids } };
}
