import { type Context, Hono } from 'hono';
import { applyFields, type FieldRules } from './apply-fields.js';
import type { StripeRecord } from './customer.js';
import { invalid, missing, noSuchCustomer, notAForm } from './errors.js';
import { type Fields, parseForm } from './form.js';
import type { IdempotencyStore, Result } from './idempotency.js';
import { searchCustomers } from './search.js';
import type { CustomerStore } from './store.js';

interface RoutesParts {
  readonly store: CustomerStore;
  readonly idempotency: IdempotencyStore;
  readonly rules: FieldRules;
}

export function customerRoutes({ store, idempotency, rules }: RoutesParts): Hono {
  const app = new Hono();

  app.get('/v1/customers/search', (context) => {
    const query = context.req.query('query');
    if (query === undefined) throw missing('query');
    const found = searchCustomers(store.indexed(), query);
    const limit = limitOf(context);
    return context.json({
      object: 'search_result',
      url: '/v1/customers/search',
      has_more: found.length > limit,
      data: found.slice(0, limit),
      next_page: null,
    });
  });

  app.get('/v1/customers', (context) => {
    const email = context.req.query('email');
    const all = store.all().filter((record) => email === undefined || record.email === email);
    const limit = limitOf(context);
    const start = startOf(all, context.req.query('starting_after'));
    const data = all.slice(start, start + limit);
    return context.json({ object: 'list', url: '/v1/customers', has_more: start + limit < all.length, data });
  });

  app.post('/v1/customers', async (context) =>
    write(context, await fieldsOf(context), (fields) =>
      store.create((record) => applyFields(record, fields, 'create', rules)),
    ),
  );

  app.get('/v1/customers/:id', (context) => {
    const id = context.req.param('id');
    const record = store.get(id);
    if (record === undefined) throw noSuchCustomer(id);
    return context.json(record === 'deleted' ? deletedCustomer(id) : record);
  });

  app.post('/v1/customers/:id', async (context) => {
    const id = context.req.param('id');
    return write(context, await fieldsOf(context), (fields) => {
      const updated = applyFields(existing(id), fields, 'update', rules);
      store.put(updated);
      return updated;
    });
  });

  app.delete('/v1/customers/:id', (context) => {
    const { id } = existing(context.req.param('id'));
    store.delete(id);
    return context.json(deletedCustomer(id));
  });

  function existing(id: string): StripeRecord {
    const record = store.get(id);
    if (record === undefined || record === 'deleted') throw noSuchCustomer(id);
    return record;
  }

  function write(context: Context, fields: Fields, work: (fields: Fields) => StripeRecord): Response {
    const key = context.req.header('idempotency-key');
    const request = JSON.stringify([context.req.path, sorted(fields)]);
    const carryOut = (): Result => ({ status: 200, body: work(fields) });
    const { status, body, isReplay } = idempotency.run(key, request, carryOut);
    if (key !== undefined) context.header('Idempotency-Key', key);
    if (isReplay) context.header('Idempotent-Replayed', 'true');
    return context.json(Object(body), status);
  }

  return app;
}

async function fieldsOf(context: Context): Promise<Fields> {
  const type = context.req.header('content-type') ?? '';
  const text = await context.req.text();
  if (text !== '' && !type.startsWith('application/x-www-form-urlencoded')) throw notAForm();
  const fields = parseForm(text);
  if (fields === undefined) throw notAForm();
  return fields;
}

/** The same for the same parameters, in whatever order they were sent. */
function sorted(fields: Fields): unknown {
  return Object.entries(fields)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name, typeof value === 'string' ? value : sorted(value)]);
}

function limitOf(context: Context): number {
  const limit = Number(context.req.query('limit') ?? 10);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw invalid('limit', 'Invalid integer: must be between 1 and 100', 'parameter_invalid_integer');
}

function startOf(all: readonly StripeRecord[], after: string | undefined): number {
  if (after === undefined) return 0;
  const index = all.findIndex(({ id }) => id === after);
  if (index === -1) throw noSuchCustomer(after, 'starting_after');
  return index + 1;
}

function deletedCustomer(id: string) {
  return { id, object: 'customer', deleted: true };
}
