import { storedBillingControls, topupCountProblem } from './billing-controls.js';
import type { CustomerRow, CustomerStore, RowChanges } from './customer-store.js';
import { ApiError, customerNotFound, invalidRequest } from './errors.js';
import type { Environment } from './keys.js';
import { assertNoNul, storedRecord, storedText } from './postgres-limits.js';
import type { GetOrCreateInput, UpdateInput } from './validation.js';

/** The customers of one environment and what is needed to make new ones. */
export interface CustomerBase {
  readonly environment: Environment;
  readonly store: CustomerStore;
  readonly now: () => number;
  readonly nextInternalId: () => string;
}

export function getCustomer({ store }: CustomerBase, customerId: string): CustomerRow {
  assertNoNul(customerId);
  const row = store.read(customerId);
  if (row === undefined) throw customerNotFound(customerId);
  return row;
}

/** An existing customer is returned nearly as it is: blank names and e-mails are filled and receipts are switched. */
export function getOrCreateCustomer(base: CustomerBase, input: GetOrCreateInput): CustomerRow {
  const known = input.customer_id === null ? undefined : base.store.read(input.customer_id);
  const row = fillBlanks(base.store, known ?? createCustomer(base, input), input);
  base.store.fillCache(row);
  if (input.create_in_stripe && !row.stripeId) throw noStripe(base.environment);
  return row;
}

/** Addressed by the customer's id or the internal id. Never creates. */
export function updateCustomer(base: CustomerBase, input: UpdateInput): CustomerRow {
  const { store, environment } = base;
  const row = findForWriting(store, input.customer_id);
  assertTopupCounts(input);
  const newId = input.new_customer_id;
  if (newId !== undefined && newId !== row.id && store.find(newId) !== undefined) {
    const message = `Customer with ID ${newId} already exists, can't change to this ID`;
    throw new ApiError(409, 'customer_already_exists', message);
  }
  // Every update of a customer that is linked to Stripe goes to Stripe first.
  const unlinks = input.stripe_id === null || input.stripe_id === '';
  if (!unlinks && (input.stripe_id || row.stripeId)) throw noStripe(environment);

  const changed = store.update(row.internalId, rowChanges(row, input));
  store.forget(input.customer_id);
  return changed ?? row;
}

export function deleteCustomer({ store }: CustomerBase, customerId: string): void {
  store.remove(findForWriting(store, customerId));
  store.forget(customerId);
}

/** The organisation has no Stripe account, so whatever needs one ends here. */
export function noStripe(environment: Environment): ApiError {
  const page = `https://app.useautumn.com${environment === 'sandbox' ? '/sandbox' : ''}/dev?tab=stripe`;
  return invalidRequest(`There is no Stripe account linked to this organization. Please connect it here: ${page}`);
}

function findForWriting(store: CustomerStore, address: string): CustomerRow {
  assertNoNul(address);
  const row = store.find(address);
  if (row === undefined) throw customerNotFound(address);
  return row;
}

/** Claims an id-less customer with the same e-mail, else inserts. Only the id of a claimed one is set. */
function createCustomer(base: CustomerBase, input: GetOrCreateInput): CustomerRow {
  const { store, environment } = base;
  if (!input.customer_id && !input.email) throw invalidRequest('Either customer ID or email is required');
  if (input.currency) throw invalidRequest('Multi-currency is not enabled for this organization');
  if (input.auto_enable_plan_id) {
    throw new ApiError(404, 'product_not_found', `Product ${input.auto_enable_plan_id} not found`);
  }
  const idless = input.email ? store.findIdless(input.email) : undefined;
  if (idless !== undefined) return claim(store, idless, input.customer_id);

  assertTopupCounts(input);
  const row = store.insert(newRow(base, input));
  // The customer is stored by now and stays so, although the answer is an error.
  if (input.stripe_id) throw noStripe(environment);
  return row;
}

function claim(store: CustomerStore, idless: CustomerRow, customerId: string | null): CustomerRow {
  if (customerId === null) return idless;
  return store.update(idless.internalId, { id: customerId }) ?? idless;
}

function newRow({ now, nextInternalId }: CustomerBase, input: GetOrCreateInput): CustomerRow {
  return {
    internalId: nextInternalId(),
    id: input.customer_id,
    name: storedText(input.name ?? ''),
    email: storedText(input.email ?? ''),
    fingerprint: input.fingerprint == null ? null : storedText(input.fingerprint),
    metadata: storedRecord(input.metadata ?? {}),
    stripeId: input.stripe_id || null,
    sendEmailReceipts: input.send_email_receipts ?? false,
    billingControls: storedBillingControls(input.billing_controls ?? {}),
    config: input.config ?? {},
    createdAt: now(),
  };
}

function fillBlanks(store: CustomerStore, row: CustomerRow, input: GetOrCreateInput): CustomerRow {
  const changes: RowChanges = {
    ...(!row.name && input.name && { name: storedText(input.name) }),
    ...(!row.email && input.email && { email: storedText(input.email) }),
    ...(input.send_email_receipts !== undefined && { sendEmailReceipts: input.send_email_receipts }),
  };
  if (Object.keys(changes).length === 0) return row;
  store.update(row.internalId, changes);
  store.patchCache(row.id ?? row.internalId, changes);
  return { ...row, ...changes };
}

function rowChanges(row: CustomerRow, input: UpdateInput): RowChanges {
  return {
    ...(input.new_customer_id !== undefined && { id: input.new_customer_id }),
    ...(input.name !== undefined && { name: nullableText(input.name) }),
    ...(input.email !== undefined && { email: nullableText(input.email) }),
    ...(input.fingerprint !== undefined && { fingerprint: nullableText(input.fingerprint) }),
    ...(input.stripe_id !== undefined && { stripeId: null }),
    ...(input.send_email_receipts !== undefined && { sendEmailReceipts: input.send_email_receipts }),
    ...(input.billing_controls !== undefined && {
      billingControls: { ...row.billingControls, ...storedBillingControls(input.billing_controls) },
    }),
    ...(input.config !== undefined && { config: { ...row.config, ...input.config } }),
    // Written by every update, also by one that names no metadata.
    metadata: mergedMetadata(row.metadata, input.metadata ?? {}),
  };
}

/** One level deep; null takes a key away. */
function mergedMetadata(
  stored: CustomerRow['metadata'],
  sent: Readonly<Record<string, unknown>>,
): CustomerRow['metadata'] {
  const merged = Object.entries({ ...stored, ...sent }).filter(([key]) => sent[key] !== null);
  return storedRecord(Object.fromEntries(merged));
}

function assertTopupCounts({ billing_controls: controls }: Pick<UpdateInput, 'billing_controls'>): void {
  const problem = topupCountProblem(controls);
  if (problem !== undefined) throw invalidRequest(problem);
}

function nullableText(text: string | null): string | null {
  return text === null ? null : storedText(text);
}
