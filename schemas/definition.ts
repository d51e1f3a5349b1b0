import { z } from 'zod';
import { type ErrorCode, errorCodes } from './error-codes.js';

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** Dotted path into a JSON body or record. */
const path = z.string().min(1);

const headerName = z.string().regex(/^[a-z0-9-]+$/, 'must be in lower case');

const operationSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below the base URL, with `{name}` for a path parameter. */
  path: z.string().startsWith('/'),
  /** Whether it changes nothing. A dry run refuses every request that no operation declares as a read. */
  read: z.boolean(),
});

/**
 * How an answer is understood. Rules are tried in order; all the conditions of a rule must hold. Where no rule fits,
 * the status alone decides.
 */
const errorRuleSchema = z.strictObject({
  status: z.union([z.int(), z.array(z.int())]).optional(),
  /** The provider's own error code. */
  code: z.union([z.string(), z.array(z.string())]).optional(),
  /** A field named in the error. */
  field: z.string().optional(),
  /** With `field`: what is said about it. */
  says: z.string().optional(),
  /** Words in the message, lower case. Only where the provider gives nothing else; `source` says where they were seen. */
  message: z.string().optional(),
  operation: z.string().optional(),
  /** `exists`: a create found the customer there already. `busy`: nothing was done, try again shortly. */
  is: z.enum([...codes, 'exists', 'busy']),
  remedy: z.string().optional(),
  source: z.string().optional(),
});

export type ErrorRule = z.infer<typeof errorRuleSchema>;

const limitSchema = z.strictObject({
  /** Operations that share this limit. Absent: all. */
  operations: z.array(z.string()).optional(),
  /** What the provider documents, for people. */
  documented: z.string(),
  /**
   * The working rate, of which a connection's rate share is taken: what was found to run clean, else a margin below what
   * is documented.
   */
  requests_per_second: z.number().positive(),
  /** How many may go out at once after a pause. Default: 1. */
  burst: z.int().min(1).optional(),
});

export type RateLimit = z.infer<typeof limitSchema>;

/** What a provider's API is, as data. */
export const definitionSchema = z.strictObject({
  /** The key: lower case, as in `providers/<id>`. */
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string(),
  docs: z.url(),
  api: z.strictObject({
    base_url: z.url(),
    /** Environment variable that replaces the base URL. */
    base_url_env: z.string(),
    /** Other base URLs the provider runs, by a short name. */
    other_base_urls: z.record(z.string(), z.url()).optional(),
    /** How request bodies are written: JSON, or form fields with nested names in brackets. */
    body: z.enum(['json', 'form']),
    /** Sent with every request, for example the pinned API version. */
    headers: z.record(headerName, z.string()),
    /** A response header that repeats the version applied; checked where the host shows it. */
    version_echo: z.strictObject({ header: headerName, value: z.string() }).optional(),
    /** Request header for an idempotency key. Present only where a repeat answers the first result. */
    idempotency_header: headerName.optional(),
    /** A response header that is `true` where the answer is that of an earlier request with the same key. */
    replay_header: headerName.optional(),
  }),
  auth: z.strictObject({
    header: headerName,
    /** `{key}` is the secret. */
    value: z.string(),
    /** Environment variable that holds the secret. */
    env: z.string(),
    /** Where people get the secret: the way through the provider's own pages. */
    where: z.string().optional(),
    /** Scopes the key needs, as the provider names them. */
    scopes: z.array(z.string()),
  }),
  /** How a key tells the sandbox from live data. Empty where it does not. */
  environment: z.strictObject({
    sandbox_key_prefix: z.union([z.string(), z.array(z.string())]).optional(),
    live_key_prefix: z.union([z.string(), z.array(z.string())]).optional(),
  }),
  operations: z.record(z.string(), operationSchema),
  identity: z.strictObject({
    /** What a write is addressed by: our id, or the provider's. */
    address: z.enum(['our_id', 'provider_id']),
    /** The payload field and the record field that must be equal for a record to be this customer. */
    match: z.strictObject({ target: z.string(), record: path, ignore_case: z.boolean() }),
    /** Whether the provider itself refuses a second record with the same match value. */
    unique: z.boolean(),
    /** Where the record holds the provider's own id. */
    provider_id: path,
    /**
     * Payload fields that, when set both here and at the provider, must be equal before a record found by the match is
     * taken as this customer.
     */
    confirm: z.array(z.string()).optional(),
    /** Whether a read just after a write shows it. A write without an answer is settled by strong reads only. */
    reads: z.enum(['strong', 'eventual']),
  }),
  /** Fields that a create does not keep although an update does; `all` where a create may find the customer there. */
  corrected_after_create: z.union([z.literal('all'), z.array(z.string())]).optional(),
  limits: z.array(limitSchema),
  /** Response headers that say how long to wait, and how each one counts. */
  wait_headers: z.array(z.strictObject({ name: headerName, means: z.enum(['retry_after', 'seconds']) })),
  /**
   * Response headers that tell how much of a limit is left, whoever used it. `used_of_size`: how full a leaky bucket is,
   * as in `12/40`. `remaining`: how many requests, and in another header the seconds until there are more.
   */
  quota_headers: z
    .array(
      z.discriminatedUnion('means', [
        z.strictObject({ means: z.literal('used_of_size'), name: headerName, leaks_per_second: z.number().positive() }),
        z.strictObject({ means: z.literal('remaining'), name: headerName, reset: headerName }),
      ]),
    )
    .optional(),
  /** How long to wait after a 429 that does not say it, in milliseconds. */
  wait_after_429_ms: z.int().min(1).optional(),
  errors: z.strictObject({
    /** Where error bodies hold the provider's code, message and fields; the first that is there counts. */
    code: z.array(path),
    message: z.array(path),
    fields: z.array(path),
    /** Where error bodies name the one field that they are about, as a body would write it. */
    field: path.optional(),
    /** A pattern for fields that are only named in the message; the first group is the field. */
    fields_in_message: z.string().optional(),
    rules: z.array(errorRuleSchema),
  }),
  /** What else happens at the provider, printed in plans. */
  effects: z.strictObject({ create: z.array(z.string()), update: z.array(z.string()) }),
  /** What archiving a customer does. Absent where it cannot be done. */
  archive: z
    .strictObject({
      /** Where it is not addressed as other writes are: the record is looked up first. */
      by: z.literal('provider_id').optional(),
      effect: z.string(),
      /** A job has to name this where archiving does more than to put the customer away. */
      consent: z.string().optional(),
    })
    .optional(),
  /** What people should know and no other field says. */
  notes: z.array(z.string()).optional(),
});

export type ProviderDefinition = z.infer<typeof definitionSchema>;
export type Operation = z.infer<typeof operationSchema>;
