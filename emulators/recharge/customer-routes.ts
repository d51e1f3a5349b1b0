import { type Context, Hono } from 'hono';
import * as answers from './answers.js';
import { type StoredCustomer, toRecord, toRecord202101, type Version } from './customer.js';
import { applyInput, type CustomerInput, type InputReader, newCustomer } from './customer-input.js';
import { type CustomerPage, type ListRules, listCustomers } from './list-customers.js';
import { readListQuery } from './list-query.js';
import type { CustomerStore } from './store.js';

export interface DuplicateError {
  readonly status?: 400 | 409 | 422 | undefined;
  readonly form: 'string' | 'array';
}

export interface CustomerRoutesParts {
  readonly store: CustomerStore;
  readonly readInput: InputReader;
  readonly listRules: ListRules;
  readonly duplicateError: DuplicateError;
  readonly versionOf: (context: Context) => Version;
  readonly nextId: () => number;
  readonly now: () => number;
  /** Whether this write meets the route lock; asking uses one of the locked answers up. */
  readonly meetsLock: (customerId: number) => boolean;
}

export function customerRoutes(parts: CustomerRoutesParts): Hono {
  const { store, versionOf } = parts;
  const app = new Hono();
  app.get('/customers', (context) => {
    const read = readListQuery(new URL(context.req.url).searchParams, versionOf(context));
    if (!read.ok) return answers.unprocessable(context, read.errors);
    return answerPage(context, listCustomers(store, read.query, parts.listRules), read.query.limit, versionOf(context));
  });
  app.post('/customers', (context) => createCustomer(context, parts));
  app.get('/customers/:id', (context) => {
    const customer = addressedCustomer(context, store);
    if (customer === undefined) return answers.notFound(context);
    return answerCustomer(context, customer, 200, versionOf(context));
  });
  app.put('/customers/:id', (context) => updateCustomer(context, parts));
  app.delete('/customers/:id', (context) => {
    const customer = addressedCustomer(context, store);
    if (customer === undefined) return answers.notFound(context);
    if (parts.meetsLock(customer.id)) return answers.routeLocked(context);
    store.delete(customer.id);
    return context.body(null, 204);
  });
  app.all('/customers', answers.methodNotAllowed);
  app.all('/customers/:id', answers.methodNotAllowed);
  return app;
}

async function createCustomer(context: Context, parts: CustomerRoutesParts): Promise<Response> {
  const version = parts.versionOf(context);
  const body = await readBody(context);
  if (body === undefined) return answers.notAnObject(context);
  const read = parts.readInput(body, version, 'create');
  if (!read.ok) return answers.unprocessable(context, read.errors);
  if (isTaken(parts.store, read.input)) return answerDuplicate(context, version, parts.duplicateError);

  const customer = newCustomer(parts.nextId(), parts.now(), {
    ...read.input,
    // Nango's recordings: a POST with `tax_exempt: true` answered false; customers updated later show true.
    // That a create ignores it is inferred from them, and for 2021-11 untested.
    taxExempt: undefined,
  });
  parts.store.put(customer);
  return answerCustomer(context, customer, version === '2021-11' ? 201 : 200, version);
}

async function updateCustomer(context: Context, parts: CustomerRoutesParts): Promise<Response> {
  const version = parts.versionOf(context);
  // Before the customer is looked up: from there on nothing waits, so that no other write comes in between.
  const body = await readBody(context);
  const customer = addressedCustomer(context, parts.store);
  if (customer === undefined) return answers.notFound(context);
  if (parts.meetsLock(customer.id)) return answers.routeLocked(context);
  if (body === undefined) return answers.notAnObject(context);
  const read = parts.readInput(body, version, 'update');
  if (!read.ok) return answers.unprocessable(context, read.errors);
  if (isTaken(parts.store, read.input, customer.id)) return answerDuplicate(context, version, parts.duplicateError);

  const updated = { ...applyInput(customer, read.input), updatedAt: parts.now() };
  parts.store.put(updated);
  return answerCustomer(context, updated, 200, version);
}

function addressedCustomer(context: Context, store: CustomerStore): StoredCustomer | undefined {
  return store.get(Number(context.req.param('id')));
}

/** Inferred: e-mails that differ in case alone are the same e-mail. */
function isTaken(store: CustomerStore, { email }: CustomerInput, exceptId?: number): boolean {
  return email !== undefined && store.withEmail(email).some(({ id }) => id !== exceptId);
}

/** 422 in the 2021-11 responses recorded in RechargeSharp, 400 in Nango's template, which speaks 2021-01; the same text in both. */
function answerDuplicate(context: Context, version: Version, { status, form }: DuplicateError): Response {
  const message = 'email already exists on store';
  const errors = { email: form === 'array' ? [message] : message };
  return context.json({ errors }, status ?? (version === '2021-11' ? 422 : 400));
}

function answerCustomer(context: Context, customer: StoredCustomer, status: 200 | 201, version: Version): Response {
  return context.json({ customer: version === '2021-11' ? toRecord(customer) : toRecord202101(customer) }, status);
}

/** Cursors stand in the body under 2021-11 and in the Link header under 2021-01. */
function answerPage(context: Context, page: CustomerPage, limit: number, version: Version): Response {
  const { customers, nextCursor, previousCursor } = page;
  if (version === '2021-11') {
    return context.json({
      next_cursor: nextCursor,
      previous_cursor: previousCursor,
      customers: customers.map(toRecord),
    });
  }
  const links = [
    { cursor: previousCursor, relation: 'previous' },
    { cursor: nextCursor, relation: 'next' },
  ].flatMap(({ cursor, relation }) => {
    if (cursor === null) return [];
    const url = new URL('/customers', context.req.url);
    url.search = new URLSearchParams({ limit: String(limit), cursor }).toString();
    return [`<${url}>; rel="${relation}"`];
  });
  if (links.length > 0) context.header('Link', links.join(', '));
  return context.json({ customers: customers.map(toRecord202101) });
}

/** Undefined for anything but a JSON object. Inferred: malformed JSON is answered like a body of another type. */
async function readBody(context: Context): Promise<object | undefined> {
  try {
    const body: unknown = JSON.parse(await context.req.text());
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
