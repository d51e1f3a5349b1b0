import { z } from 'zod';
import { connectionSchema, nangoAccessSchema } from './connection.js';
import { conditionSchema } from './mapping.js';

const text = z.string().min(1);

/** Names end up in file names, in messages and on command lines. */
const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must begin with a letter and have letters, digits, "_" and "-" only');

/** `30s`, `15m`, `2h`, `1d` */
const duration = z.string().regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'must be a time such as 30s, 15m, 2h or 1d');

const meaning = {
  /** How columns become customers: a source mapping file. Without it, columns have the names of canonical fields. */
  source_mapping: text.optional(),
  /** A value that cannot be read makes the customer invalid, instead of being left out. */
  strict: z.boolean().optional(),
};

const fileSourceSchema = z.strictObject({
  type: z.literal('file'),
  /** A file, or several by a pattern with `*`, `?` and `**`, or a list of both; read in the order of their names. */
  path: z.union([text, z.array(text).min(1)]),
  ...meaning,
  format: z.enum(['jsonl', 'json', 'csv']).optional(),
  /** CSV: one character. */
  delimiter: z.string().length(1).optional(),
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']).optional(),
  /** Whether the files hold every customer there is, so that who is missing has left. Default: true. */
  complete: z.boolean().optional(),
});

const queried = {
  /** One SELECT, with or without a semicolon. */
  query: text,
  /** One SELECT with `$1` (a list of ids; in SQLite `?1`, a JSON list). Default: made from `query` and `key`. */
  by_ids: text.optional(),
  /** Column with the customer's id. Default: `id`. */
  key: text.optional(),
  /** Reads only what changed since the last run. */
  watermark: z
    .strictObject({
      /** Column with the time of a row's last change. */
      column: text,
      /** How far before the last run's end the next one begins, since a slow transaction commits late. Default: 10m. */
      overlap: duration.optional(),
    })
    .optional(),
  /** `cursor` (default): all rows as they were at one moment. `keyset`: page by page in the order of `key`. */
  paging: z.enum(['cursor', 'keyset']).optional(),
  /** Rows fetched at a time. Default: 1000. */
  page_size: z.int().min(1).max(100_000).optional(),
  ...meaning,
};

const postgresSourceSchema = z.strictObject({
  type: z.literal('postgres'),
  /** `${env:DATABASE_URL}`, or a URL without a password. */
  url: text,
  ...queried,
});

const sqliteSourceSchema = z.strictObject({ type: z.literal('sqlite'), path: text, ...queried });

const nangoSourceSchema = z.strictObject({
  type: z.literal('nango'),
  /** The integration's unique key in Nango. */
  integration: text,
  connection_id: text,
  /** The records' model, as the sync names it. */
  model: text,
  variant: text.optional(),
  /** Reads only records that changed since the last run. Default: false, all of them. */
  incremental: z.boolean().optional(),
  nango: nangoAccessSchema.optional(),
  ...meaning,
});

const commandSourceSchema = z.strictObject({
  type: z.literal('command'),
  /** A program and its arguments, run without a shell in the configuration's folder. Prints one JSON object a line. */
  command: z.array(text).min(1),
  /** Prints only the customers whose ids it gets on standard input, one a line. */
  by_ids: z.array(text).min(1).optional(),
  /** Environment variables it gets besides PATH and HOME. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name of a variable'), z.string()).optional(),
  /** How long it may print nothing. Default: 10m. */
  timeout: duration.optional(),
  /** Whether it prints every customer there is. Default: true. */
  complete: z.boolean().optional(),
  ...meaning,
});

/** Where customers come from: what stands under a name of `sources`. */
export const sourceSettingsSchema = z.discriminatedUnion(
  'type',
  [fileSourceSchema, postgresSourceSchema, sqliteSourceSchema, nangoSourceSchema, commandSourceSchema],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'must be file, postgres, sqlite, nango or command' : undefined),
  },
);

const hookSchema = z
  .strictObject({
    /** Run without a shell; gets the report as JSON on standard input. */
    command: z.array(text).min(1).optional(),
    /** Gets the report as JSON in a POST. */
    webhook: text.optional(),
  })
  .refine(({ command, webhook }) => (command === undefined) !== (webhook === undefined), {
    error: 'needs either "command" or "webhook"',
  });

const percent = z.number().min(0).max(100);

const jobModes = ['upsert', 'update_only', 'create_only', 'mirror'] as const;

const jobSchema = z.strictObject({
  /** A name of `sources`. */
  source: text,
  /** Names of `connections`. */
  to: z.array(text).min(1),
  mode: z.enum(jobModes).optional(),
  /** Only customers for whom it holds; asked of the canonical customer. */
  filter: conditionSchema.optional(),
  /** `every 15m`, or a cron expression of five fields. Without it, the job runs only when it is told to. */
  schedule: text.optional(),
  /** An IANA name, or an offset such as `+01:00`, which knows no summer time. Default: UTC. */
  timezone: text.optional(),
  /** Limits beyond which a run stops before it writes. */
  guards: z
    .strictObject({
      max_changed_percent: percent.optional(),
      max_shrink_percent: percent.optional(),
      max_archived: z.int().min(0).optional(),
    })
    .optional(),
  /** For `mirror`: customers that leave the source are archived. */
  allow_archive: z.boolean().optional(),
  /** Consents by the names that a provider's definition asks for, since archiving there does more. */
  consents: z.array(text).min(1).optional(),
  /** When a run could not be done. */
  on_failure: hookSchema.optional(),
  /** When a run was done, and customers failed that were fine before. */
  on_degraded: hookSchema.optional(),
});

/** `customer-sync.yaml` */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional(),
  sources: z.record(name, sourceSettingsSchema).optional(),
  connections: z.record(name, connectionSchema).optional(),
  jobs: z.record(name, jobSchema).optional(),
  /** The file in which runs remember what they sent. Default: `.customer-sync/ledger.db`. */
  ledger: text.optional(),
  /** Folder for the reports of runs. Default: `.customer-sync/reports`. */
  reports: text.optional(),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
export type SourceSettingsOf<Type extends SourceSettings['type']> = Extract<SourceSettings, { readonly type: Type }>;
export type SqlSettings = SourceSettingsOf<'postgres' | 'sqlite'>;
export type JobSettings = z.infer<typeof jobSchema>;
export type HookSettings = z.infer<typeof hookSchema>;

/** Where a secret may stand, as `${env:NAME}` or `${file:/path}`; `*` is any name. */
export const secretPlaces = [
  'connections.*.credentials.api_key',
  'connections.*.nango.secret_key',
  'sources.*.url',
  'sources.*.nango.secret_key',
  'sources.*.env.*',
  'jobs.*.on_failure.webhook',
  'jobs.*.on_degraded.webhook',
] as const;
