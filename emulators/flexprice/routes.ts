import { type Context, Hono } from 'hono';
import type { CustomerService } from './customer-service.js';
import { answerError, answerJson, answerUnknownRoute, type ErrorShape, FlexpriceError } from './errors.js';
import type { Integrations } from './integrations.js';
import { listCustomers } from './list-customers.js';
import { type CustomerFilter, readQueryFilter, readSearchFilter, wantsIntegrations } from './list-filter.js';
import type { FlexpriceRecord } from './record.js';
import type { Replica } from './replica.js';
import { readCreateRequest, readUpdateRequest } from './request.js';
import type { CustomerStore } from './store.js';

/** What the key may do: `read_only` lacks the role to write, `suspended` belongs to a suspended tenant, `no_environment` is kept out of its environment. */
export type Access = 'full' | 'read_only' | 'suspended' | 'no_environment';

export interface RoutesParts {
  readonly service: CustomerService;
  readonly store: CustomerStore;
  readonly replica: Replica;
  readonly integrations: Integrations;
  readonly apiKey: string;
  readonly access: Access;
  readonly errorShape: ErrorShape;
  readonly newRequestId: () => string;
}

type Next = () => Promise<void>;

/** The customer routes of `internal/api/router.go`. */
export function flexpriceRoutes(parts: RoutesParts): Hono {
  const { service, integrations } = parts;
  const app = new Hono();
  const authenticate = (context: Context, next: Next) => checkKey(context, next, parts);
  const mayWrite = (context: Context, next: Next) => checkWriteAccess(context, next, parts.access);

  app.use(async (context, next) => {
    context.header('X-Request-ID', context.req.header('x-request-id') || parts.newRequestId());
    // gin matches the decoded path: an external id with a slash is a path of one segment more, for which no route exists.
    if (/%2f/i.test(context.req.path)) return answerUnknownRoute(context);
    await next();
    return undefined;
  });
  app.notFound(answerUnknownRoute);
  app.onError((error, context) => answerError(context, error, parts.errorShape));

  const customers = '/v1/customers';
  // Authentication stands at the routes, not before them: an unknown route answers 404 without a key.
  app.post(`${customers}/search`, authenticate, async (context) =>
    answerPage(context, parts, readSearchFilter(await context.req.text())),
  );
  app.get(customers, authenticate, (context) =>
    answerPage(context, parts, readQueryFilter(new URL(context.req.url).searchParams)),
  );
  app.post(customers, authenticate, mayWrite, async (context) => {
    const request = readCreateRequest(await context.req.text());
    return answerJson(context, 201, service.create(request));
  });
  app.put(customers, authenticate, mayWrite, (context) => answerUpdate(context, service));
  app.put(`${customers}/:id`, authenticate, mayWrite, (context) => answerUpdate(context, service));
  app.get(`${customers}/:id`, authenticate, (context) =>
    answerCustomer(context, integrations, () => service.get(context.req.param('id') ?? '')),
  );
  app.delete(`${customers}/:id`, authenticate, mayWrite, (context) => {
    service.archive(context.req.param('id') ?? '');
    return context.body(null, 204);
  });
  for (const route of ['external', 'lookup']) {
    app.get(`${customers}/${route}/:key`, authenticate, (context) =>
      answerCustomer(context, integrations, () => service.getByExternalId(context.req.param('key') ?? '')),
    );
  }
  return app;
}

async function answerUpdate(context: Context, service: CustomerService): Promise<Response> {
  const request = readUpdateRequest(await context.req.text());
  const id = context.req.param('id') || context.req.query('id') || undefined;
  const externalId = context.req.query('external_customer_id');
  if (!externalId) {
    if (id !== undefined) return answerJson(context, 200, service.update(id, request));
    throw new FlexpriceError(
      'validation_error',
      'Provide id as query parameter (?id=...) or provide external_customer_id as query parameter (?external_customer_id=...)',
    );
  }

  const customer = service.getByExternalId(externalId);
  if (id !== undefined && id !== customer.id) {
    throw new FlexpriceError(
      'validation_error',
      'Providing either id or external_customer_id is sufficient. But when providing both, ensure both identifiers refer to the same customer.',
    );
  }
  return answerJson(context, 200, service.update(customer.id, request));
}

function answerCustomer(context: Context, integrations: Integrations, read: () => FlexpriceRecord): Response {
  const expanded = wantsIntegrations(context.req.query('expand'));
  const record = read();
  return answerJson(context, 200, expanded ? integrations.expand(record) : record);
}

function answerPage(context: Context, { store, replica, integrations }: RoutesParts, filter: CustomerFilter): Response {
  const { items, pagination } = listCustomers(store, replica, filter);
  const shown = wantsIntegrations(filter.expand) ? items.map(integrations.expand) : items;
  return answerJson(context, 200, { items: shown, pagination });
}

/** `internal/rest/middleware/auth.go`: a JWT would do as well, but no token is one that this emulator knows. */
async function checkKey(context: Context, next: Next, { apiKey, access }: RoutesParts): Promise<Response | undefined> {
  if (context.req.header('x-api-key') !== apiKey) {
    const authorization = context.req.header('authorization');
    if (!authorization) return answerJson(context, 401, { error: 'Unauthorized' });
    const error = authorization.startsWith('Bearer ') ? 'Invalid token' : 'Invalid authorization header format';
    return answerJson(context, 401, { error });
  }
  if (access === 'no_environment') {
    return answerJson(context, 403, { error: 'Access denied', message: "You don't have access to this environment" });
  }
  await next();
  return undefined;
}

async function checkWriteAccess(context: Context, next: Next, access: Access): Promise<Response | undefined> {
  if (access === 'suspended') return answerJson(context, 403, { message: 'tenant account is suspended' });
  if (access === 'read_only') return answerJson(context, 403, { message: 'insufficient permissions' });
  await next();
  return undefined;
}
