import type { ProviderDefinition } from '../../schemas/definition.js';

/** Stripe, API version 2026-08-26.dahlia. */
export const definition = {
  id: 'stripe',
  name: 'Stripe',
  docs: 'https://docs.stripe.com/api/customers',
  api: {
    // Without the /v1, as Nango's own integration for Stripe has it.
    base_url: 'https://api.stripe.com',
    base_url_env: 'STRIPE_BASE_URL',
    body: 'form',
    // Without it the account's default version applies, whatever it is.
    headers: { 'stripe-version': '2026-08-26.dahlia' },
    version_echo: { header: 'stripe-version', value: '2026-08-26.dahlia' },
    idempotency_header: 'idempotency-key',
    replay_header: 'idempotent-replayed',
  },
  auth: {
    header: 'authorization',
    value: 'Bearer {key}',
    env: 'STRIPE_API_KEY',
    where: 'In the Stripe Dashboard: Developers > API keys > Create restricted key, with Customers: Write.',
    scopes: ['Customers: Read', 'Customers: Write'],
  },
  environment: { sandbox_key_prefix: ['sk_test_', 'rk_test_'], live_key_prefix: ['sk_live_', 'rk_live_'] },
  operations: {
    get: { method: 'GET', path: '/v1/customers/{id}', read: true },
    search: { method: 'GET', path: '/v1/customers/search', read: true },
    list: { method: 'GET', path: '/v1/customers', read: true },
    create: { method: 'POST', path: '/v1/customers', read: false },
    update: { method: 'POST', path: '/v1/customers/{id}', read: false },
  },
  identity: {
    address: 'provider_id',
    match: { target: 'metadata.customer_sync_id', record: 'metadata.customer_sync_id', ignore_case: false },
    unique: false,
    provider_id: 'id',
    // Stripe docs, "Search", data freshness: under a minute as a rule, up to an hour in an outage.
    reads: 'eventual',
  },
  // Who repeats a create within a day gets the customer that the first one made, as it is by now.
  corrected_after_create: 'all',
  limits: [
    // Stripe docs, "Rate limits". A sandbox has a quarter of the live rate, and a key of Nango's does not tell which it is.
    { documented: '100 requests/s, 25 in a sandbox', requests_per_second: 20, burst: 2 },
    { operations: ['search'], documented: '20 requests/s for searches', requests_per_second: 16 },
  ],
  // Not documented; Stripe's own libraries obey it.
  wait_headers: [{ name: 'retry-after', means: 'retry_after' }],
  wait_after_429_ms: 1000,
  errors: {
    // Only some errors have a code; all have a type.
    code: ['error.code', 'error.type'],
    message: ['error.message'],
    fields: [],
    field: 'error.param',
    rules: [
      {
        status: 404,
        message: 'a similar object exists in',
        is: 'config',
        remedy:
          'The id of this customer belongs to the other mode: STRIPE_API_KEY is a test key and the id a live one, or the other way round.',
        source: 'Stripe support, "No such customer": the sentence that Stripe adds when a key is of the other mode.',
      },
      {
        status: 404,
        message: 'unrecognized request url',
        is: 'config',
        remedy: 'The base URL must not end in /v1: correct STRIPE_BASE_URL.',
        source: "Stripe's answer to a path that it does not have, as its own client libraries' issues quote it.",
      },
      { status: 404, code: 'resource_missing', is: 'not_found' },
      {
        // Whoever answers without that code is not Stripe, and knows nothing of whether the customer exists.
        status: 404,
        operation: 'get',
        is: 'config',
        remedy: 'This is no answer of Stripe: correct STRIPE_BASE_URL.',
      },
      {
        // The key follows from our id: a create of this customer was asked for within the last day, with other values.
        status: 400,
        code: 'idempotency_error',
        operation: 'create',
        is: 'exists',
        source: 'Stripe docs, "Idempotent requests" and "Error handling".',
      },
      {
        status: 409,
        is: 'busy',
        source: 'Stripe docs, "Errors": another request with the same idempotency key is being carried out.',
      },
    ],
  },
  effects: {
    create: ['Stripe sends the webhook customer.created.'],
    update: [
      'Stripe sends the webhook customer.updated.',
      'A changed address or tax exemption changes the tax on invoices that are still drafts and on later ones.',
    ],
  },
  notes: [
    'Customers are found by our id, which is kept in their metadata under customer_sync_id. A search shows new ones after a minute, for merchants in India never.',
    'Customers that were not made by this program are taken over by naming their id: external_ids.stripe, or customer-sync link.',
    'Whoever was deleted at Stripe can be created again with other values after a day, unless a job remembers the deleted id.',
  ],
} satisfies ProviderDefinition;
