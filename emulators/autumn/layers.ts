import type { Context, Hono } from 'hono';
import { parseApiVersion, versionOfOrganisation } from './api-version.js';
import { ApiError, databaseError } from './errors.js';
import type { IdempotencyKeys } from './idempotency-keys.js';
import type { Authenticate } from './keys.js';
import { type Hit, limitOf, ORGANISATION_CAP, type RateWindows } from './rate-limits.js';
import { type ApiEnv, readBody } from './routes.js';

interface Layers {
  readonly authenticate: Authenticate;
  readonly organisationCreatedAt: number;
  readonly rateWindows: RateWindows;
  readonly enforceLimits: boolean;
  /** Undefined: the store cannot be reached, and the server lets every key pass. */
  readonly idempotencyKeys: IdempotencyKeys | undefined;
}

type ApiContext = Context<ApiEnv>;

/**
 * What a request goes through before its route, in the server's order. A wrong key or version therefore costs nothing
 * of a rate limit, and a refusal by a limit claims no idempotency key.
 */
export function addLayers(api: Hono<ApiEnv>, layers: Layers): void {
  api.onError((error, context) => {
    const env = context.get('environment') ?? 'sandbox';
    const { status, code } = error instanceof ApiError ? error : databaseError(error.message);
    return context.json({ message: error.message, code, env }, status);
  });

  api.use('*', async (context, next) => {
    const { path, method } = context.req;
    const { environment, scopes } = layers.authenticate({
      authorization: context.req.header('authorization'),
      method,
      path,
    });
    context.set('environment', environment);
    context.set('scopes', scopes);
    context.set('version', versionOf(context, layers.organisationCreatedAt));
    return next();
  });

  api.use('*', (context, next) => limited(context, next, layers));
  api.use('*', (context, next) => claimed(context, next, layers.idempotencyKeys));
}

/** The name under which an environment's requests against the organisation's cap are counted. */
export function capKey(environment: string): string {
  return `${ORGANISATION_CAP.name}:${environment}`;
}

/** An empty header counts as missing. */
function versionOf(context: ApiContext, organisationCreatedAt: number) {
  const header = context.req.header('x-api-version');
  if (!header) return versionOfOrganisation(organisationCreatedAt);
  const version = parseApiVersion(header);
  if (version === undefined) throw new ApiError(400, 'invalid_api_version', `"${header}" is not a valid API version`);
  return version;
}

async function limited(context: ApiContext, next: () => Promise<void>, { rateWindows, enforceLimits }: Layers) {
  const { method, path } = context.req;
  const environment = context.get('environment');
  const limit = limitOf(method, path, context.get('version'));

  if (limit.perCustomer) {
    const cap = rateWindows.hit(capKey(environment), ORGANISATION_CAP);
    announce(context, cap);
    // The one refusal that is JSON, and it says nothing of when to come back.
    if (cap.exceeded && enforceLimits) throw new ApiError(429, 'rate_limit_exceeded', 'Rate limit exceeded.');
  }

  const counted = limit.perCustomer ? `:${addressedCustomer(method, path, await readBody(context))}` : '';
  const hit = rateWindows.hit(`${limit.name}:${environment}${counted}`, limit);
  announce(context, hit);
  if (!hit.exceeded || !enforceLimits) return next();
  return context.body('Too many requests, please try again later.', 429, {
    'content-type': 'text/plain; charset=UTF-8',
    'retry-after': String(hit.resetSeconds),
  });
}

function announce(context: ApiContext, { limit, remaining, resetSeconds }: Hit): void {
  context.header('ratelimit-policy', `${limit.requests};w=${limit.windowMs / 1000}`);
  context.header('ratelimit-limit', String(limit.requests));
  context.header('ratelimit-remaining', String(remaining));
  context.header('ratelimit-reset', String(resetSeconds));
}

/** Read off the request before it is validated. */
function addressedCustomer(method: string, path: string, body: unknown): string {
  const inPath = /^\/v1\/customers\/([^/]+)$/.exec(path)?.[1];
  if (inPath !== undefined) return inPath;
  const field = method === 'POST' && path === '/v1/customers' ? 'id' : 'customer_id';
  return String(new Map(Object.entries(body ?? {})).get(field));
}

/** A repeated key is refused, whatever the request; a failed request gives its key back, a refused repeat does not. */
async function claimed(context: ApiContext, next: () => Promise<void>, keys: IdempotencyKeys | undefined) {
  const key = context.req.header('idempotency-key');
  if (!key || keys === undefined) return next();
  const environment = context.get('environment');
  if (!keys.claim(environment, key)) {
    const message = `Another request with idempotency key ${key} has already been received`;
    throw new ApiError(409, 'duplicate_idempotency_key', message);
  }
  await next();
  if (context.res.status >= 400 && context.res.status !== 409) keys.release(environment, key);
}
