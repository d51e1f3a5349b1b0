import { z } from 'zod';
import { billingControls } from './billing-controls.js';
import { ApiError } from './errors.js';

const ALLOWED_CHARACTERS = 'Use only letters, numbers, underscores, hyphens, and colons.';

// https://docs.stripe.com/currencies: the presentment currencies.
const CURRENCIES = new Set(
  `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
  crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jpy
  kes kgs khr kmf krw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok
  npr nzd pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try
  ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw`.split(/\s+/),
);

const customerId = z
  .string()
  .refine((value) => /^[a-zA-Z0-9_:-]+$/.test(value), { error: (issue) => idProblem(String(issue.input)) });

/** The server's zod takes an object that has a key `constructor` for something other than a plain record. */
const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => !Object.hasOwn(value, 'constructor'), 'Invalid input: expected record, received object');

const profileFields = {
  name: z.string().nullish(),
  email: z.email({ pattern: z.regexes.unicodeEmail, message: 'not a valid email address' }).nullish(),
  fingerprint: z.string().nullish(),
  metadata: metadata.nullish(),
  stripe_id: z.string().nullish(),
};

const settingFields = {
  send_email_receipts: z.boolean().optional(),
  currency: z
    .string()
    .refine((code) => CURRENCIES.has(code.toLowerCase()), 'must be a Stripe-supported currency code')
    .nullish(),
  billing_controls: billingControls.optional(),
  config: z
    .object({
      disable_pooled_balance: z.boolean().optional(),
      disable_overage_billing: z.boolean().optional(),
    })
    .optional(),
};

// The order is the order of the sentences when several fields are wrong.
const createFields = {
  ...profileFields,
  create_in_stripe: z.boolean().optional(),
  auto_enable_plan_id: z.string().optional(),
  ...settingFields,
};

const updateFields = { ...profileFields, ...settingFields };

const expandable = z.enum([
  'invoices',
  'invoice_previews',
  'trials_used',
  'rewards',
  'entities',
  'referrals',
  'payment_method',
  'subscriptions.plan',
  'purchases.plan',
  'balances.feature',
  'flags.feature',
  'billing_controls.auto_topups.purchase_limit',
]);

/** A query string may name one value or several with commas. */
const expandInQuery = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(expandable),
);

const withAutumnId = z.boolean().default(false);

export const customerQuery = z.object({ expand: expandInQuery.optional(), with_autumn_id: withAutumnId });

export const getOrCreateBody = z.object({
  customer_id: customerId.nullable(),
  ...createFields,
  expand: z.array(expandable).optional(),
  with_autumn_id: withAutumnId,
});

/** `POST /v1/customers`, the older spelling: `id` in the body, the flags in the query. */
export const createBody = z.object({ id: customerId.nullable(), ...createFields });

export const getBody = z.object({ customer_id: customerId, ...customerQuery.shape });

export const updateBody = z.object({
  customer_id: customerId,
  ...updateFields,
  new_customer_id: customerId.optional(),
});

/** `POST` and `PATCH /v1/customers/:id`: `id` in the body renames. */
export const updateByPathBody = z.object({ id: customerId.optional(), ...updateFields });

export const deleteBody = z.object({ customer_id: customerId, delete_in_stripe: z.boolean().default(false) });
export const deleteQuery = z.object({ delete_in_stripe: z.boolean().default(false) });

const listFilters = {
  plans: z.array(z.object({ id: z.string(), versions: z.array(z.number()).optional() })).optional(),
  subscription_status: z.enum(['active', 'scheduled']).optional(),
  search: z.string().optional(),
  processors: z.array(z.enum(['stripe', 'revenuecat', 'vercel'])).optional(),
};

/** Up to version 2.2. Numbers are coerced, so `"10"` is ten and `null` is nought. */
export const offsetListBody = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(10),
  ...listFilters,
});

/** From version 2.3. The limit of 1,000 is the organisation's and answered by the handler. */
export const cursorListBody = z.object({
  start_cursor: z.string().default(''),
  limit: z.coerce.number().int().min(1).max(5000).default(50),
  ...listFilters,
  sort_order: z.enum(['asc', 'desc']).optional(),
  created_at_range: z
    .object({ start: z.coerce.number().optional(), end: z.coerce.number().optional() })
    .refine(({ start, end }) => start === undefined || end === undefined || start <= end, {
      message: 'created_at_range.start must be <= created_at_range.end',
    })
    .optional(),
});

/** `GET /v1/customers`. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(10).max(100).default(10),
  offset: z.coerce.number().int().min(0).default(0),
});

export type GetOrCreateInput = z.output<typeof getOrCreateBody>;
export type UpdateInput = z.output<typeof updateBody>;
export type OffsetListInput = z.output<typeof offsetListBody>;
export type CursorListInput = z.output<typeof cursorListBody>;

export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${reworded(message)}`);
  const text = problems.length === 1 ? problems.join() : `[Validation Errors] ${problems.join('; ')}`;
  throw new ApiError(400, 'invalid_inputs', text);
}

/** The server rewords three of zod's messages and passes the others on as they are. */
function reworded(message: string): string {
  const wrongType = /^Invalid input: expected (string|number|boolean), received (.+)$/.exec(message);
  if (wrongType !== null) return `must be a ${wrongType[1]} (received ${wrongType[2]})`;
  const options = /^Invalid option: expected one of (.+)$/.exec(message);
  if (options !== null) return `must be one of: ${(options[1] ?? '').replaceAll('"', '').split('|').join(', ')}`;
  return message.includes('expected string to have >=1 characters') ? 'cannot be empty' : message;
}

function idProblem(value: string): string {
  if (value === '') return "can't be an empty string";
  if (value.includes('@')) return `cannot contain @ symbol. ${ALLOWED_CHARACTERS}`;
  if (value.includes(' ')) return `cannot contain spaces. ${ALLOWED_CHARACTERS}`;
  if (value.includes('.')) return `cannot contain periods. ${ALLOWED_CHARACTERS}`;
  return `cannot contain '${/[^a-zA-Z0-9_:-]/.exec(value)?.[0]}'. ${ALLOWED_CHARACTERS}`;
}
