import { z } from 'zod';
import type { StoredCustomer, Version } from './customer.js';

export interface InputRules {
  /** What null does to `phone` and to the external id. */
  readonly nulls: 'clear' | 'refuse';
  readonly unknownFields: 'ignore' | 'refuse';
}

type Operation = 'create' | 'update';
type WritableField = 'email' | 'firstName' | 'lastName' | 'phone' | 'externalId' | 'taxExempt' | 'applyCredit';

/** What one write says about a customer. Undefined: the field is left as it is. */
export type CustomerInput = { readonly [Field in WritableField]: StoredCustomer[Field] | undefined };

type Messages = string | readonly string[] | { readonly [field: string]: Messages };
export type FieldErrors = Readonly<Record<string, Messages>>;

export type ReadInput =
  | { readonly ok: true; readonly input: CustomerInput }
  | { readonly ok: false; readonly errors: FieldErrors };

export type InputReader = (body: object, version: Version, operation: Operation) => ReadInput;

const REQUIRED = ['email', 'first_name', 'last_name'];
const COMMON_FIELDS = [...REQUIRED, 'phone', 'tax_exempt'];
const EXTERNAL_ID_FIELD = { '2021-01': 'shopify_customer_id', '2021-11': 'external_customer_id' };

export function createInputReader(rules: InputRules): InputReader {
  const schema = inputSchema(rules);
  return (body, version, operation) => {
    const known = knownFields(version, operation);
    const unknown = Object.keys(body).filter((field) => !known.includes(field));
    if (rules.unknownFields === 'refuse' && unknown.length > 0) {
      return { ok: false, errors: errorForEach(unknown, ['Unknown field.']) };
    }
    const missing = operation === 'create' ? REQUIRED.filter((field) => !Object.hasOwn(body, field)) : [];
    if (missing.length > 0) return { ok: false, errors: errorForEach(missing, 'Required field missing') };

    const parsed = schema.safeParse(
      Object.fromEntries(Object.entries(body).filter(([field]) => known.includes(field))),
    );
    if (!parsed.success) return { ok: false, errors: toFieldErrors(parsed.error.issues) };
    return { ok: true, input: toInput(parsed.data) };
  };
}

function knownFields(version: Version, operation: Operation): readonly string[] {
  const fields = [...COMMON_FIELDS, EXTERNAL_ID_FIELD[version]];
  return operation === 'update' ? [...fields, 'apply_credit_to_next_recurring_charge'] : fields;
}

const unlessNull = (ofType: string) => (issue: { readonly input?: unknown }) =>
  issue.input === null ? 'Field may not be null.' : ofType;

function inputSchema({ nulls }: InputRules) {
  const text = z.string({ error: unlessNull('Not a valid string.') });
  const flag = z.boolean({ error: unlessNull('Not a valid boolean.') });
  const name = text.min(1, 'Shorter than minimum length 1.');
  // Free text even for a phone: E.164 is asked for, but numbers in other forms are held and no refusal was ever seen.
  const clearable = nulls === 'clear' ? text.nullable() : text;
  const external = z.object({ ecommerce: clearable.optional() }, { error: unlessNull('Invalid input type.') });

  return z.object({
    // Inferred: how an e-mail is checked, and the words, which are those of marshmallow, whose style the others have.
    email: text.regex(/^[^\s@]+@[^\s@]+$/, 'Not a valid email address.').optional(),
    first_name: name.optional(),
    last_name: name.optional(),
    phone: clearable.optional(),
    tax_exempt: flag.optional(),
    apply_credit_to_next_recurring_charge: flag.optional(),
    external_customer_id: (nulls === 'clear' ? external.nullable() : external).optional(),
    shopify_customer_id: clearable.optional(),
  });
}

function toInput(body: z.infer<ReturnType<typeof inputSchema>>): CustomerInput {
  return {
    email: body.email,
    firstName: body.first_name,
    lastName: body.last_name,
    phone: body.phone,
    taxExempt: body.tax_exempt,
    applyCredit: body.apply_credit_to_next_recurring_charge,
    externalId: externalIdOf(body),
  };
}

function externalIdOf(body: z.infer<ReturnType<typeof inputSchema>>): string | null | undefined {
  if (body.external_customer_id === undefined) return body.shopify_customer_id;
  return body.external_customer_id === null ? null : body.external_customer_id.ecommerce;
}

export function newCustomer(id: number, now: number, input: CustomerInput): StoredCustomer {
  const blank = {
    id,
    email: '',
    firstName: '',
    lastName: '',
    phone: null,
    externalId: null,
    taxExempt: false,
    applyCredit: false,
    createdAt: now,
    updatedAt: now,
  };
  return applyInput(blank, input);
}

export function applyInput(customer: StoredCustomer, input: CustomerInput): StoredCustomer {
  return {
    ...customer,
    email: input.email ?? customer.email,
    firstName: input.firstName ?? customer.firstName,
    lastName: input.lastName ?? customer.lastName,
    phone: input.phone === undefined ? customer.phone : input.phone,
    externalId: input.externalId === undefined ? customer.externalId : input.externalId,
    taxExempt: input.taxExempt ?? customer.taxExempt,
    applyCredit: input.applyCredit ?? customer.applyCredit,
  };
}

function errorForEach(fields: readonly string[], messages: Messages): FieldErrors {
  return Object.fromEntries(fields.map((field) => [field, messages]));
}

/** Issues as Recharge words them: `{field: [message]}`, one level deeper for a field inside an object. */
function toFieldErrors(issues: readonly z.core.$ZodIssue[]): FieldErrors {
  return Object.fromEntries(
    issues.map(({ path: [field = '_schema', nested], message }) => [
      String(field),
      nested === undefined ? [message] : { [String(nested)]: [message] },
    ]),
  );
}
