import { Hono } from 'hono';
import { listCustomers } from './list-customers.js';
import type { Organization } from './organization.js';
import { readCustomer } from './parameters.js';
import type { RateLimit } from './rate-limit.js';
import { toRecord } from './record.js';
import { badRequest, forbidden, methodNotAllowed, notFound, Refusal, unauthorized } from './refusal.js';
import { upsertCustomer } from './upsert-customer.js';

export interface AppParts {
  readonly organization: Organization;
  readonly apiKey: string;
  /** Undefined for a self-hosted server, which has no gateway in front. */
  readonly rateLimit: RateLimit | undefined;
  /** What the key may do with customers. */
  readonly permissions: { readonly read: boolean; readonly write: boolean };
}

export const PATH_PREFIX = '/api/v1';

/** Lago's customer endpoints: `POST` and `GET /customers`, `GET` and `DELETE /customers/:external_id`. */
export function createApp(parts: AppParts): Hono {
  const { rateLimit, apiKey } = parts;
  const app = new Hono();

  app.all('*', async ({ req: { raw: request } }) => {
    const isOurs = readKey(request) === apiKey;
    // Inferred: a request that belongs to no organization is not counted.
    if (rateLimit !== undefined && isOurs && !rateLimit.take()) {
      // Inferred: the body is not documented; a gateway's own page is the likeliest, and it is not JSON.
      return new Response('Too Many Requests', { status: 429, headers: rateLimit.headers() });
    }
    const response = await answer(request, isOurs, parts);
    for (const [name, value] of Object.entries(rateLimit?.headers() ?? {})) response.headers.set(name, value);
    return response;
  });
  return app;
}

/** The second word of the header, whatever the first one says. */
function readKey(request: Request): string | undefined {
  return request.headers.get('authorization')?.trim().split(/\s+/)[1];
}

async function answer(request: Request, isOurs: boolean, parts: AppParts): Promise<Response> {
  try {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = findRoute(method, request.url);
    const body = route.kind === 'create' ? await readJson(request) : undefined;
    if (!isOurs) throw unauthorized();
    const mode = method === 'GET' ? 'read' : 'write';
    if (!parts.permissions[mode]) throw forbidden(mode);
    return handle(route, body, parts.organization);
  } catch (error) {
    if (error instanceof Refusal) return json(error.status, error.body);
    throw error;
  }
}

type Route =
  | { readonly kind: 'create' }
  | { readonly kind: 'list'; readonly query: URLSearchParams }
  | { readonly kind: 'show' | 'delete'; readonly externalId: string };

const knownMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Rails takes a dot in the last part of a path for the start of a format: `/customers/coker.com` asks for `coker`, and
 * `/customers/a.b.c` matches no route at all. PUT and PATCH fall to the route that catches everything else.
 */
function findRoute(method: string, url: string): Route {
  if (!knownMethods.includes(method)) throw methodNotAllowed();
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/\/+/g, '/').replace(/\/$/, '');
  const match = /^\/api\/v1\/customers(?:\/([^/.]+))?(?:\.[^/.]+)?$/.exec(path);
  if (match === null) throw notFound('resource');

  const segment = match[1];
  if (segment === undefined && method === 'POST') return { kind: 'create' };
  if (segment === undefined && method === 'GET') return { kind: 'list', query: searchParams };
  if (segment !== undefined && method === 'GET') return { kind: 'show', externalId: decode(segment) };
  if (segment !== undefined && method === 'DELETE') return { kind: 'delete', externalId: decode(segment) };
  throw notFound('resource');
}

/** Inferred: an encoded dot passes the router. So might an encoded slash, but proxies in front tend to decode it. */
function decode(segment: string): string {
  if (/%2f/i.test(segment)) throw notFound('resource');
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest();
  }
}

/** Inferred: broken JSON is found before the key is looked at, and a body counts as JSON only if its header says so. */
async function readJson(request: Request): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) return undefined;
  const text = await request.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest();
  }
}

function handle(route: Route, body: unknown, organization: Organization): Response {
  const { store } = organization;
  switch (route.kind) {
    case 'create': {
      const { customer, runJobs } = upsertCustomer(organization, readCustomer(body));
      const response = json(200, { customer: toRecord(customer, organization) });
      runJobs();
      return response;
    }
    case 'list':
      return json(200, listCustomers(route.query, organization));
    case 'show':
    case 'delete': {
      const customer = store.find(route.externalId);
      if (customer === undefined) throw notFound('customer');
      if (route.kind === 'show') return json(200, { customer: toRecord(customer, organization) });
      store.remove(route.externalId);
      // Inferred: marking the row as deleted moves `updated_at`.
      return json(200, { customer: toRecord({ ...customer, updatedAt: organization.now() }, organization) });
    }
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
