import type { Context, Hono } from 'hono';
import { type ApiVersion, isAtMost } from './api-version.js';
import type { CustomerRow } from './customer-store.js';
import {
  type CustomerBase,
  deleteCustomer,
  getCustomer,
  getOrCreateCustomer,
  noStripe,
  updateCustomer,
} from './customers.js';
import { checkScopes, type Environment, type Scope, type ScopeRule } from './keys.js';
import { listByCursor, listByOffset } from './list-customers.js';
import { presentCustomer, presentListed } from './responses.js';
import {
  createBody,
  cursorListBody,
  customerQuery,
  deleteBody,
  deleteQuery,
  getBody,
  getOrCreateBody,
  offsetListBody,
  pageQuery,
  updateBody,
  updateByPathBody,
  validate,
} from './validation.js';

/** What the layers before the routes have found out about a request. */
export interface ApiEnv {
  Variables: {
    environment: Environment;
    scopes: readonly Scope[];
    version: ApiVersion;
  };
}

type ApiContext = Context<ApiEnv>;

interface Asked {
  readonly with_autumn_id?: boolean | undefined;
  readonly expand?: readonly string[] | undefined;
}

const READ: ScopeRule = { all: ['customers:read'] };
const WRITE: ScopeRule = { all: ['customers:write'] };
const READ_OR_WRITE: ScopeRule = { any: ['customers:write', 'customers:read'] };

/** Paths are below `/v1`. What is not here falls through to the dashboard's session check. */
export function addCustomerRoutes(api: Hono<ApiEnv>, bases: Readonly<Record<Environment, CustomerBase>>): void {
  const baseOf = (context: ApiContext) => bases[context.get('environment')];

  api.post('/customers.get_or_create', async (context) => {
    checkScopes(context.get('scopes'), READ_OR_WRITE);
    const input = validate(getOrCreateBody, await readBody(context));
    return answer(context, getOrCreateCustomer(baseOf(context), input), input);
  });

  api.post('/customers.get', async (context) => {
    checkScopes(context.get('scopes'), READ);
    const input = validate(getBody, await readBody(context));
    return answer(context, getCustomer(baseOf(context), input.customer_id), input);
  });

  api.post('/customers.update', async (context) => {
    checkScopes(context.get('scopes'), WRITE);
    return answer(context, updateCustomer(baseOf(context), validate(updateBody, await readBody(context))), {});
  });

  api.post('/customers.delete', async (context) => {
    checkScopes(context.get('scopes'), WRITE);
    deleteCustomer(baseOf(context), validate(deleteBody, await readBody(context)).customer_id);
    return context.json({ success: true });
  });

  api.on('POST', ['/customers.list', '/customers/list'], (context) => list(context, baseOf(context)));
  addRestRoutes(api, baseOf);
}

/** The spelling from before the RPC routes; still served. */
function addRestRoutes(api: Hono<ApiEnv>, baseOf: (context: ApiContext) => CustomerBase): void {
  api.get('/customers', (context) => {
    checkScopes(context.get('scopes'), READ);
    const { store } = baseOf(context);
    const page = validate(pageQuery, readQuery(context));
    const list = listByOffset(store, page).rows.map((row) => presentListed(row, viewOf(context)));
    const counts = { total: list.length, total_count: store.size, total_filtered_count: store.size };
    return context.json({ list, ...counts, limit: page.limit, offset: page.offset });
  });

  api.post('/customers', async (context) => {
    checkScopes(context.get('scopes'), WRITE);
    const flags = validate(customerQuery, readQuery(context));
    const { id, ...fields } = validate(createBody, await readBody(context));
    return answer(context, getOrCreateCustomer(baseOf(context), { customer_id: id, ...fields, ...flags }), flags);
  });

  api.get('/customers/:customer_id', (context) => {
    checkScopes(context.get('scopes'), READ);
    const flags = validate(customerQuery, readQuery(context));
    return answer(context, getCustomer(baseOf(context), context.req.param('customer_id')), flags);
  });

  api.on(['POST', 'PATCH'], '/customers/:customer_id', async (context) => {
    checkScopes(context.get('scopes'), WRITE);
    const { id, ...fields } = validate(updateByPathBody, await readBody(context));
    const address = { customer_id: context.req.param('customer_id'), new_customer_id: id };
    return answer(context, updateCustomer(baseOf(context), { ...address, ...fields }), {});
  });

  api.delete('/customers/:customer_id', (context) => {
    checkScopes(context.get('scopes'), WRITE);
    validate(deleteQuery, readQuery(context));
    deleteCustomer(baseOf(context), context.req.param('customer_id'));
    return context.json({ success: true });
  });
}

async function list(context: ApiContext, { store }: CustomerBase) {
  checkScopes(context.get('scopes'), READ);
  const view = viewOf(context);
  if (!isAtMost(view.version, '2.2.0')) {
    const { rows, nextCursor } = listByCursor(store, validate(cursorListBody, await readBody(context)));
    return context.json({ list: rows.map((row) => presentListed(row, view)), next_cursor: nextCursor });
  }
  const input = validate(offsetListBody, await readBody(context));
  const { rows, filteredCount } = listByOffset(store, input);
  return context.json({
    list: rows.map((row) => presentListed(row, view)),
    total: rows.length,
    total_count: store.size,
    total_filtered_count: filteredCount,
    limit: input.limit,
    offset: input.offset,
    // True also on a last page that is exactly full.
    has_more: rows.length === input.limit,
  });
}

/** Some expansions ask Stripe, after the work is done. */
function answer(context: ApiContext, row: CustomerRow, { with_autumn_id, expand = [] }: Asked) {
  const asksStripe = expand.includes('payment_method') || (expand.includes('rewards') && row.stripeId !== null);
  if (asksStripe) throw noStripe(context.get('environment'));
  return context.json(presentCustomer(row, { ...viewOf(context), expand, withAutumnId: with_autumn_id ?? false }));
}

function viewOf(context: ApiContext) {
  return { environment: context.get('environment'), version: context.get('version') };
}

/** The content type is not looked at; what is not JSON, or is null, counts as an empty object. */
export async function readBody(context: Context): Promise<unknown> {
  const body: unknown = await context.req.json().catch(() => null);
  return body ?? {};
}

/** `true` and `false` become booleans, a repeated name a list. */
function readQuery(context: Context): Record<string, unknown> {
  const values = Object.entries(context.req.queries()).map(([name, texts]) => {
    const parsed = texts.map((text) => (text === 'true' || text === 'false' ? text === 'true' : text));
    return [name, parsed.length === 1 ? parsed[0] : parsed];
  });
  return Object.fromEntries(values);
}
