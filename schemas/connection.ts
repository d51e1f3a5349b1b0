import { z } from 'zod';
import { addressFields, customerSchema, openFields } from './customer.js';

const text = z.string().min(1);

/** Refuses a setting of another kind of connection, and says where it belongs. */
function notHere(why: string) {
  return z.never({ error: why }).optional();
}

const onlyNango = notHere('is for connections through Nango: add "via: nango-proxy" or "via: nango-action"');
const keptByNango = notHere('is kept by Nango: set it on the integration or the connection there');

const fieldList = z
  .array(text.refine(isCustomerField, 'is not a field of the canonical customer such as "email" or "address.city"'))
  .min(1);

const fieldsSchema = z
  .strictObject({
    /** Only these are ever sent. */
    own: fieldList.optional(),
    /** Sent when a customer is created, and left alone afterwards. */
    create_only: fieldList.optional(),
    /** Never sent. */
    ignore: fieldList.optional(),
  })
  .refine(
    ({ own = [], create_only: createOnly = [], ignore = [] }) => {
      const all = [...own, ...createOnly, ...ignore];
      return new Set(all).size === all.length;
    },
    { error: 'names a field twice; a field is in one of "own", "create_only" and "ignore"' },
  );

const partOfOne = { error: 'must be above 0 and at most 1' };

const shared = {
  /** The provider's key, such as `lago`. */
  provider: text,
  /** Part of the provider's rate limit to use. Default: 0.5, since the company's own application uses the account too. */
  rate_share: z.number().gt(0, partOfOne).max(1, partOfOne).optional(),
};

const mapped = {
  /** Files with changes to the provider's mapping, applied in this order. */
  overlay: z.union([text, z.array(text).min(1)]).optional(),
  /** Who owns which field of the canonical customer. Default: every field is ours. */
  fields: fieldsSchema.optional(),
};

export const nangoAccessSchema = z.strictObject({
  /** Address of Nango. Default: NANGO_HOST, else Nango's cloud. */
  host: text.optional(),
  /** Key of the Nango environment. Default: NANGO_SECRET_KEY. */
  secret_key: text.optional(),
  /** Whether a Nango within one's own network may be reached by plain http. Default: no. */
  allow_http: z.boolean().optional(),
});

export type NangoAccessSettings = z.infer<typeof nangoAccessSchema>;

const throughNango = {
  ...shared,
  /** The integration's unique key in Nango. Default: the provider's key. */
  integration: text.optional(),
  /** One connection. */
  connection_id: text.optional(),
  /** All connections of the integration that have these tags, looked up at each run: `{}` is all of them. */
  select: z.strictObject({ tags: z.record(text, text) }).optional(),
  nango: nangoAccessSchema.optional(),
  base_url: keptByNango,
  allow_http: notHere('is for direct connections: write "nango: {allow_http: true}"'),
  credentials: keptByNango,
};

type Addressed = { readonly connection_id?: string | undefined; readonly select?: object | undefined };

const namesOneOrSet = ({ connection_id: one, select }: Addressed) => (one === undefined) !== (select === undefined);
const oneOrSet = { error: 'needs either "connection_id" or "select: {tags: {...}}", and not both' };

const directSchema = z.strictObject({
  ...shared,
  ...mapped,
  via: z.literal('direct').optional(),
  /** Default: the provider's environment variable, else its own URL. */
  base_url: text.optional(),
  /** Whether a provider within one's own network may be reached by plain http. Default: no. */
  allow_http: z.boolean().optional(),
  /** Default: the provider's environment variable. */
  credentials: z.strictObject({ api_key: text }).optional(),
  integration: onlyNango,
  connection_id: onlyNango,
  select: onlyNango,
  nango: onlyNango,
});

/** Requests are made here and sent through Nango's proxy. */
const proxySchema = z
  .strictObject({ ...throughNango, ...mapped, via: z.literal('nango-proxy') })
  .refine(namesOneOrSet, oneOrSet);

/** The actions that are deployed in Nango do the work. */
const actionSchema = z
  .strictObject({
    ...throughNango,
    via: z.literal('nango-action'),
    overlay: notHere('is read by the action from the metadata of the connection in Nango: "customer_sync.mapping"'),
    fields: notHere('cannot be kept by the deployed actions: use "via: nango-proxy"'),
  })
  .refine(namesOneOrSet, oneOrSet);

/** How one account is reached, or, with `select`, a set of accounts: what stands under a name of `connections`. */
export const connectionSchema = z.discriminatedUnion('via', [directSchema, proxySchema, actionSchema], {
  error: ({ code }) => (code === 'invalid_union' ? 'must be direct, nango-proxy or nango-action' : undefined),
});

export type ConnectionSettings = z.infer<typeof connectionSchema>;
export type DirectConnectionSettings = z.infer<typeof directSchema>;
export type NangoConnectionSettings = z.infer<typeof proxySchema> | z.infer<typeof actionSchema>;

function isCustomerField(path: string): boolean {
  const [field = '', part] = path.split('.', 2);
  if (!Object.hasOwn(customerSchema.shape, field)) return false;
  if (part === undefined || openFields.includes(field)) return true;
  return field.endsWith('address') && addressFields.some((name) => path === `${field}.${name}`);
}
