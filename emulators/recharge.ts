import { type Context, Hono } from 'hono';
import * as answers from './recharge/answers.js';
import { type RechargeRecord, type StoredCustomer, toRecord, VERSIONS, type Version } from './recharge/customer.js';
import { createInputReader, type InputRules, newCustomer } from './recharge/customer-input.js';
import { customerRoutes, type DuplicateError } from './recharge/customer-routes.js';
import { createLeakyBucket, type LeakyBucket, limitsOfToken } from './recharge/leaky-bucket.js';
import type { ListRules } from './recharge/list-customers.js';
import { createStore } from './recharge/store.js';
import { type Emulator, type EmulatorOptions, startServer } from './server.js';

export type { RechargeRecord } from './recharge/customer.js';

export interface RechargeEmulatorOptions extends EmulatorOptions {
  /** Forces what a taken e-mail is answered with. Default: 422 under 2021-11 and 400 under 2021-01, with a string. */
  readonly duplicateError?: Partial<DuplicateError>;
  /** How `GET /customers?email=` compares; not established. Default: case-insensitive. */
  readonly emailFilter?: ListRules['emailFilter'];
  /** What null does to `phone` and to the external id; not established. Default: clear. */
  readonly nulls?: InputRules['nulls'];
  /** What a field that the API does not have leads to; not established. Default: ignore. */
  readonly unknownFields?: InputRules['unknownFields'];
  /** Scopes of the token. Default: all that the customer endpoints ask for, under both versions. */
  readonly scopes?: readonly string[];
}

export interface RechargeSeed {
  readonly email: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly phone?: string | null;
  readonly external_customer_id?: { readonly ecommerce: string | null };
  readonly tax_exempt?: boolean;
}

export interface RechargeEmulator extends Emulator<RechargeRecord> {
  /** Puts a record in past every check, so that two can share one e-mail. */
  seed(record: RechargeSeed): RechargeRecord;
  /** Makes the next writes to one customer answer 409, as while Recharge regenerates its charges. */
  lockRoute(customerId: number, times?: number): void;
}

const ALL_SCOPES = ['read_customers', 'write_customers', 'write_payment_methods', 'write_payments'];
const FIRST_ID = 176_871_450;

/** Recharge's customer API, versions 2021-01 and 2021-11. Its server is closed: what is not documented or recorded is marked as inferred. */
export async function startEmulator(options: RechargeEmulatorOptions = {}): Promise<RechargeEmulator> {
  const { apiKey = 'sk_1x1_emulator', now = Date.now, scopes = ALL_SCOPES } = options;
  const store = createStore();
  const bucket = createLeakyBucket({ ...limitsOfToken(apiKey), now });
  const locks = new Map<number, number>();
  let created = 0;
  // Not started again by reset(): an id that a ledger still holds never comes to mean another customer.
  const nextId = () => FIRST_ID + created++;

  const app = new Hono();
  app.use(gate({ apiKey, bucket, enforced: options.rateLimits !== false, scopes }));
  app.get('/token_information', (context) => context.json({ token_information: tokenInformation(scopes) }));
  app.route(
    '/',
    customerRoutes({
      store,
      readInput: createInputReader({
        nulls: options.nulls ?? 'clear',
        unknownFields: options.unknownFields ?? 'ignore',
      }),
      listRules: { emailFilter: options.emailFilter ?? 'case-insensitive' },
      duplicateError: { form: 'string', ...options.duplicateError },
      versionOf: (context) => versionOf(context) ?? '2021-01',
      nextId,
      now,
      meetsLock: (customerId) => takeLock(locks, customerId),
    }),
  );
  app.notFound(answers.endpointNotFound);

  const server = await startServer({ app, port: options.port ?? 0 });
  return {
    id: 'recharge',
    url: server.origin,
    apiKey,
    requests: server.requests,
    faults: server.faults,
    customers: () => store.sorted('id-asc').map(toRecord),
    seed(record) {
      const customer = seededCustomer(nextId(), now(), record);
      store.put(customer);
      return toRecord(customer);
    },
    lockRoute(customerId, times = 1) {
      locks.set(customerId, times);
    },
    reset() {
      store.clear();
      locks.clear();
      bucket.refill();
      server.requests.length = 0;
      server.faults.clear();
    },
    close: () => server.close(),
  };
}

interface GateParts {
  readonly apiKey: string;
  readonly bucket: LeakyBucket;
  readonly enforced: boolean;
  readonly scopes: readonly string[];
}

/** What every request passes first. Inferred: the order of the checks. */
function gate({ apiKey, bucket, enforced, scopes }: GateParts) {
  return async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    if (context.req.header('x-recharge-access-token') !== apiKey) return answers.badAuthentication(context);

    const version = versionOf(context);
    if (version === undefined) return answers.invalidVersion(context);
    context.header('X-Recharge-Version', version);

    if (enforced) {
      const { allowed, used } = bucket.take();
      context.header('X-Recharge-Limit', `${used}/${bucket.size}`);
      if (!allowed) return answers.tooManyRequests(context);
    } else {
      context.header('X-Recharge-Limit', `1/${bucket.size}`);
    }

    const missing = neededScopes(context, version).find((scope) => !scopes.includes(scope));
    if (missing !== undefined) return answers.missingScope(context, missing);
    await next();
    return undefined;
  };
}

/** Undefined when the header names a version that does not exist. */
function versionOf(context: Context): Version | undefined {
  const asked = context.req.header('x-recharge-version');
  return asked === undefined ? '2021-01' : VERSIONS.find((version) => version === asked);
}

function neededScopes(context: Context, version: Version): readonly string[] {
  const { method, path } = context.req;
  if (!path.startsWith('/customers')) return [];
  if (method === 'GET') return ['read_customers'];
  if (method !== 'POST') return ['write_customers'];
  return ['write_customers', version === '2021-11' ? 'write_payment_methods' : 'write_payments'];
}

/** Name, e-mail and scopes are documented; how they are arranged is that of the recharge-api Python client. */
function tokenInformation(scopes: readonly string[]) {
  return {
    client: { name: 'Emulator', email: 'owner@store.example' },
    contact_email: 'owner@store.example',
    name: 'emulator',
    scopes,
  };
}

function takeLock(locks: Map<number, number>, customerId: number): boolean {
  const left = locks.get(customerId) ?? 0;
  if (left > 0) locks.set(customerId, left - 1);
  return left > 0;
}

function seededCustomer(id: number, now: number, record: RechargeSeed): StoredCustomer {
  return newCustomer(id, now, {
    email: record.email,
    firstName: record.first_name ?? 'Seeded',
    lastName: record.last_name ?? 'Customer',
    phone: record.phone,
    externalId: record.external_customer_id?.ecommerce,
    taxExempt: record.tax_exempt,
    applyCredit: undefined,
  });
}
