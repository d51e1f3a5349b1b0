import type { ProviderDefinition } from '../../schemas/definition.js';

const notLago = 'This is no answer of Lago: correct LAGO_BASE_URL, which must end in /api/v1.';

/** Lago, customer API of servers 1.31 and later; a self-hosted server may be years old. */
export const definition = {
  id: 'lago',
  name: 'Lago',
  docs: 'https://getlago.com/docs/api-reference/customers/object',
  api: {
    base_url: 'https://api.getlago.com/api/v1',
    base_url_env: 'LAGO_BASE_URL',
    other_base_urls: { eu: 'https://api.eu.getlago.com/api/v1' },
    body: 'json',
    headers: {},
  },
  auth: {
    header: 'authorization',
    value: 'Bearer {key}',
    env: 'LAGO_API_KEY',
    where: 'In the Lago app: Developers > API keys > Reveal. A server of your own has its own app.',
    scopes: ['customers: read and write'],
  },
  // A test organisation is an organisation of its own; its key looks like any other.
  environment: {},
  operations: {
    // POST creates and updates; the two names tell the flow's intent apart in errors and logs.
    create: { method: 'POST', path: '/customers', read: false },
    update: { method: 'POST', path: '/customers', read: false },
    list: { method: 'GET', path: '/customers', read: true },
    get: { method: 'GET', path: '/customers/{external_id}', read: true },
    delete: { method: 'DELETE', path: '/customers/{external_id}', read: false },
  },
  identity: {
    address: 'our_id',
    match: { target: 'external_id', record: 'external_id', ignore_case: false },
    unique: true,
    provider_id: 'lago_id',
    reads: 'strong',
  },
  // Burst and rate stay below the limit together: what is held up on the way arrives at once, with what follows it.
  limits: [{ documented: '50 requests/s per organisation', requests_per_second: 40, burst: 4 }],
  wait_headers: [
    { name: 'retry-after', means: 'retry_after' },
    // Seconds to wait, not a time.
    { name: 'x-ratelimit-reset', means: 'seconds' },
  ],
  quota_headers: [{ means: 'remaining', name: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' }],
  errors: {
    code: ['code'],
    message: ['error'],
    fields: ['error_details'],
    rules: [
      { status: 404, code: 'customer_not_found', is: 'not_found' },
      {
        status: 404,
        code: 'resource_not_found',
        is: 'config',
        remedy: 'The base URL must end in /api/v1: set LAGO_BASE_URL to the address of your Lago API with that ending.',
      },
      {
        status: 404,
        code: ['tax_not_found', 'billing_entity_not_found'],
        is: 'rejected',
        remedy: 'Create it in Lago first, or correct the code under provider_fields.lago.',
      },
      // Whoever answers without such a code is not Lago, and knows nothing of who is there and who is gone.
      { status: 404, operation: 'list', is: 'config', remedy: notLago },
      { status: 404, operation: 'get', is: 'config', remedy: notLago },
      { status: 404, operation: 'delete', is: 'config', remedy: notLago },
      // A second writer created the customer, or a metadata key, between our read and our write.
      { status: 422, field: 'external_id', says: 'value_already_exist', is: 'exists' },
      { status: 422, field: 'key', says: 'value_already_exist', is: 'exists' },
      {
        status: 422,
        field: 'currency',
        says: 'currencies_does_not_match',
        is: 'rejected',
        remedy:
          'This Lago server keeps the currency of a customer with billing history (before August 2026): leave currency out for it, or upgrade Lago.',
      },
      {
        status: 422,
        field: 'base',
        says: 'payment_provider',
        is: 'rejected',
        remedy:
          'Lago saved the customer, but has no such payment provider, or several and wants payment_provider_code: correct provider_fields.lago.billing_configuration.',
      },
      { status: 422, code: 'lock_acquisition_failed', is: 'busy' },
      {
        status: 422,
        code: ['third_party_error', 'provider_error'],
        is: 'rejected',
        remedy:
          'Lago saved the customer, but the payment or tax provider linked to it refused the change: see the customer in Lago.',
      },
      {
        status: 401,
        message: 'authentication failed',
        is: 'rejected',
        remedy:
          "Lago's own key for the payment provider of this customer is not accepted: renew it in Lago's integrations. The Lago key is fine.",
        source: 'Lago server, api_errors: a refused provider key surfaces as 401 "Stripe authentication failed."',
      },
    ],
  },
  effects: {
    create: ['Lago sends the webhook customer.created.'],
    update: [
      'Lago sends the webhook customer.updated.',
      'Customers linked to a payment provider are updated there as well.',
    ],
  },
  archive: {
    effect: 'Active subscriptions end, pending ones are cancelled, draft invoices are finalised.',
    consent: 'end_subscriptions',
  },
  notes: [
    'Ids with dots or slashes cannot be read by path: they need the list filter of Lago 1.49 or later.',
    'Metadata: five entries, keys of 20 and values of 100 characters, entries of others included.',
    'The time zone is ignored without a premium licence, which shows as a not_kept warning.',
  ],
} satisfies ProviderDefinition;
