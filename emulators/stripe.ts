import { type Context, Hono } from 'hono';
import { type Emulator, type EmulatorOptions, startServer } from './server.js';
import type { FieldRules } from './stripe/apply-fields.js';
import type { StripeRecord } from './stripe/customer.js';
import { answerError, noPermission, StripeError, tooMany, unknownUrl, wrongKey } from './stripe/errors.js';
import { IdempotencyStore } from './stripe/idempotency.js';
import { createRateLimits } from './stripe/rate-limits.js';
import { customerRoutes } from './stripe/routes.js';
import { createStore } from './stripe/store.js';

export type { StripeRecord } from './stripe/customer.js';

export interface StripeEmulatorOptions extends EmulatorOptions {
  /** How long a search does not see what was written, in milliseconds. Default: 0, which Stripe itself never manages. */
  readonly searchLagMs?: number;
  /** What an update does to the parts of `address` that it leaves out; not established. Default: replace, which empties them. */
  readonly addressUpdates?: FieldRules['addressUpdates'];
  /** What the key may do with customers. Default: write. */
  readonly permission?: 'write' | 'read' | 'none';
}

export interface StripeEmulator extends Emulator<StripeRecord> {
  /** Makes the next requests with this idempotency key answer 409, as while another one is being carried out. */
  holdKey(key: string, times?: number): void;
  /** Forgets all results, as after a day. */
  forgetKeys(): void;
  /** Ids of those who were deleted, oldest first. */
  deletedIds(): readonly string[];
}

const DEFAULT_VERSION = '2026-08-26.dahlia';

/**
 * Stripe's customer API. Its server is closed: fields, limits and errors are those of the published description and of
 * Stripe's documentation; what is inferred is marked so.
 */
export async function startEmulator(options: StripeEmulatorOptions = {}): Promise<StripeEmulator> {
  const { apiKey = 'sk_test_emulator', now = Date.now, permission = 'write', rateLimits = true } = options;
  const store = createStore({ now, lagMs: options.searchLagMs ?? 0 });
  const idempotency = new IdempotencyStore(now);
  const limits = createRateLimits(now);
  let requestCount = 0;

  const app = new Hono();
  app.use(async (context, next) => {
    requestCount += 1;
    context.header('Request-Id', `req_E${String(requestCount).padStart(13, '0')}`);
    context.header('Stripe-Version', versionOf(context));
    const key = keyOf(context.req.header('authorization'));
    if (key !== apiKey) throw wrongKey(key);
    const reason = rateLimits ? limits.take(`${context.req.method} ${endpointOf(context.req.path)}`) : undefined;
    if (reason !== undefined) {
      context.header('Stripe-Rate-Limited-Reason', reason);
      throw tooMany();
    }
    if (permission === 'none' || (permission === 'read' && context.req.method !== 'GET')) throw noPermission();
    await next();
  });
  app.route(
    '/',
    customerRoutes({ store, idempotency, rules: { addressUpdates: options.addressUpdates ?? 'replace' } }),
  );
  app.notFound((context) => answerError(context, unknownUrl(context.req.method, context.req.path)));
  app.onError((error, context) => {
    if (error instanceof StripeError) return answerError(context, error);
    throw error;
  });

  const server = await startServer({ app, port: options.port ?? 0 });
  return {
    id: 'stripe',
    url: server.origin,
    apiKey,
    requests: server.requests,
    faults: server.faults,
    customers: () => [...store.all()].reverse(),
    holdKey: (key, times = 1) => idempotency.hold(key, times),
    forgetKeys: () => idempotency.clear(),
    deletedIds: store.deletedIds,
    reset() {
      store.clear();
      idempotency.clear();
      limits.reset();
      server.requests.length = 0;
      server.faults.clear();
    },
    close: () => server.close(),
  };
}

/** As bearer, or as the user name of basic authentication, which is how Nango sends it. */
function keyOf(authorization = ''): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+) (.+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString().split(':')[0];
  return undefined;
}

/** @throws StripeError for a version of another form than Stripe's. */
function versionOf(context: Context): string {
  const version = context.req.header('stripe-version') ?? DEFAULT_VERSION;
  if (/^\d{4}-\d\d-\d\d(\.[a-z]+)?$/.test(version)) return version;
  throw new StripeError(400, { message: `Invalid Stripe API version: ${version}` });
}

/** Requests about different customers count towards the same limit. */
function endpointOf(path: string): string {
  return path.replace(/cus_\w+/, '{id}');
}
