import type { ProviderDefinition } from '../../schemas/definition.js';

/** Autumn, API version 2.1. */
export const definition = {
  id: 'autumn',
  name: 'Autumn',
  docs: 'https://docs.useautumn.com/api-reference/customers/get-or-create-customer',
  api: {
    base_url: 'https://api.useautumn.com/v1',
    base_url_env: 'AUTUMN_BASE_URL',
    body: 'json',
    // Without it the version follows from the age of the organisation. 2.3 adds controls inherited from plans to the
    // customer, which are not the customer's own, and its list can end early; 2.1 does neither.
    headers: { 'x-api-version': '2.1' },
  },
  auth: {
    header: 'authorization',
    value: 'Bearer {key}',
    env: 'AUTUMN_SECRET_KEY',
    where: 'In the dashboard: Developer > API Keys. The sandbox and live keys are made apart.',
    scopes: ['customers:read', 'customers:write'],
  },
  environment: { sandbox_key_prefix: 'am_sk_test', live_key_prefix: 'am_sk_live' },
  operations: {
    get: { method: 'POST', path: '/customers.get', read: true },
    list: { method: 'POST', path: '/customers.list', read: true },
    create: { method: 'POST', path: '/customers.get_or_create', read: false },
    update: { method: 'POST', path: '/customers.update', read: false },
  },
  identity: {
    address: 'our_id',
    match: { target: 'customer_id', record: 'id', ignore_case: false },
    unique: true,
    provider_id: 'id',
    reads: 'strong',
  },
  // get_or_create leaves a customer that is there already as it is, and does not say that it was.
  corrected_after_create: 'all',
  limits: [
    {
      operations: ['update'],
      documented: '25 requests/s per organisation and environment',
      // At a steady 18/s the fixed window was seen to refuse 4 % of requests, at 12/s none.
      requests_per_second: 12,
    },
    { operations: ['list'], documented: '5 requests/s (API versions up to 2.2)', requests_per_second: 4 },
    {
      operations: ['get', 'create'],
      documented: '10,000 requests/s per customer, 240,000/min in all',
      requests_per_second: 200,
      burst: 20,
    },
  ],
  wait_headers: [
    { name: 'retry-after', means: 'retry_after' },
    { name: 'ratelimit-reset', means: 'seconds' },
  ],
  quota_headers: [{ means: 'remaining', name: 'ratelimit-remaining', reset: 'ratelimit-reset' }],
  errors: {
    code: ['code'],
    message: ['message'],
    fields: [],
    // Fields are named in the message only: "[Validation Errors] name: must be a string; email: not a valid ...".
    fields_in_message: '(?:^|\\] |; )([a-z_][a-z_.]*): ([^;]*)',
    rules: [
      { status: 404, code: 'customer_not_found', is: 'not_found' },
      {
        status: 404,
        code: 'product_not_found',
        is: 'rejected',
        remedy: 'provider_fields.autumn.auto_enable_plan_id names a plan that does not exist in this environment.',
      },
      {
        // Whoever answers without that code is not Autumn, and knows nothing of whether the customer exists.
        status: 404,
        operation: 'get',
        is: 'config',
        remedy: 'This is no answer of Autumn: correct AUTUMN_BASE_URL, which must end in /v1.',
      },
      {
        status: 401,
        code: 'no_auth_header',
        is: 'config',
        remedy:
          'The key is fine: Autumn answers 401 no_auth_header for paths it does not know. The base URL must end in /v1: correct AUTUMN_BASE_URL.',
      },
      {
        status: 401,
        code: 'endpoint_not_public',
        is: 'auth',
        remedy: 'AUTUMN_SECRET_KEY holds a publishable key (am_pk_...): use the secret key (am_sk_...).',
      },
      {
        status: 400,
        code: 'invalid_api_version',
        is: 'config',
        remedy: 'This Autumn server does not know API version 2.1: upgrade it.',
      },
      {
        status: 400,
        message: 'no stripe account linked',
        is: 'rejected',
        remedy:
          'Connect Stripe in Autumn, or leave stripe_id and create_in_stripe out. Autumn may have created the customer all the same.',
        source:
          'Recorded on the real server: get_or_create with create_in_stripe answers 400 after the customer was stored.',
      },
      {
        status: 400,
        code: 'stripe_error',
        is: 'rejected',
        remedy: 'Stripe refused the change of the linked customer: see the message, correct it there or here.',
      },
      {
        status: 403,
        code: 'request_temporarily_disabled',
        is: 'rejected',
        remedy: 'Autumn has blocked writes for this customer or organisation: ask Autumn.',
      },
      // Only a rename can meet it, and nothing here renames.
      { status: 409, code: 'customer_already_exists', is: 'conflict' },
    ],
  },
  effects: {
    create: [
      "Autumn attaches the organisation's default plans, or the one in provider_fields.autumn.auto_enable_plan_id.",
      'A customer without an id that has the same e-mail address is taken over, with the name and metadata it has.',
    ],
    update: ['Customers linked to Stripe are updated there first; an edit in Stripe comes back to Autumn.'],
  },
  notes: [
    'Ids may hold letters, digits, "_", "-" and ":" only; the escape_id transform writes others reversibly.',
    'Two programs that update one customer at the same time can lose metadata: every update rewrites all of it.',
  ],
} satisfies ProviderDefinition;
