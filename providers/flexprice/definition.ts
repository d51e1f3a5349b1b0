import type { ProviderDefinition } from '../../schemas/definition.js';

const notFlexprice = 'This is no answer of Flexprice: correct FLEXPRICE_BASE_URL, which must end in /v1.';
const stillUsed =
  'Flexprice archives nobody who has a wallet or a subscription that is not cancelled: end these there, or keep the customer in the source.';

/** Flexprice, customer API of 2026-07 and later (`name` required, errors as `{code, message, details}`). */
export const definition = {
  id: 'flexprice',
  name: 'Flexprice',
  docs: 'https://docs.flexprice.io/api-reference/customers/create-customer',
  api: {
    base_url: 'https://us.api.flexprice.io/v1',
    base_url_env: 'FLEXPRICE_BASE_URL',
    other_base_urls: { india: 'https://api.cloud.flexprice.io/v1' },
    body: 'json',
    headers: {},
  },
  auth: {
    header: 'x-api-key',
    value: '{key}',
    env: 'FLEXPRICE_API_KEY',
    where: 'In the dashboard, in the environment that is meant: Developers > API Keys > Create. It is shown once.',
    scopes: ['customer: read and write'],
  },
  // A key belongs to one environment, but does not show which.
  environment: {},
  operations: {
    get: { method: 'GET', path: '/customers/external/{external_id}', read: true },
    search: { method: 'POST', path: '/customers/search', read: true },
    create: { method: 'POST', path: '/customers', read: false },
    update: { method: 'PUT', path: '/customers', read: false },
    delete: { method: 'DELETE', path: '/customers/{id}', read: false },
  },
  identity: {
    // Reads and writes by Flexprice's own id reach archived customers as well, so ours is the address.
    address: 'our_id',
    match: { target: 'external_id', record: 'external_id', ignore_case: false },
    unique: true,
    provider_id: 'id',
    // Look-ups by external id go to a read replica where the deployment has one.
    reads: 'eventual',
  },
  limits: [{ documented: 'none documented; the open-source server has none', requests_per_second: 10, burst: 5 }],
  wait_headers: [{ name: 'retry-after', means: 'retry_after' }],
  errors: {
    // Since April 2026 flat, before that below `error`; middleware answers `{"error": "..."}`.
    code: ['code'],
    message: ['message', 'error.message', 'error'],
    fields: ['details', 'error.details'],
    rules: [
      {
        status: 404,
        operation: 'update',
        message: '404 page not found',
        is: 'config',
        remedy:
          'Where reading works, this Flexprice server is older than January 2026 and cannot update by external id: upgrade it. Else correct FLEXPRICE_BASE_URL, which must end in /v1.',
        source: 'Flexprice server, pull request 1115: until then the router has no PUT without an id in its path.',
      },
      {
        status: 404,
        message: '404 page not found',
        is: 'config',
        remedy: 'The base URL must end in /v1: correct FLEXPRICE_BASE_URL.',
        source: 'Flexprice server: the router answers unknown paths with this plain text.',
      },
      {
        status: 404,
        operation: 'get',
        message: 'not found',
        is: 'not_found',
        source:
          'Flexprice server: "Customer with lookup key ... was not found", in the older format, which has no code, as well.',
      },
      { status: 404, operation: 'delete', code: 'not_found', is: 'not_found' },
      {
        status: 404,
        operation: 'delete',
        message: 'customer does not exist',
        is: 'not_found',
        source:
          'Flexprice server: the answer to who is archived already, in the older format, which has no code, as well.',
      },
      // Whoever answers without these words is not Flexprice, and knows nothing of whether the customer exists.
      { status: 404, operation: 'get', is: 'config', remedy: notFlexprice },
      { status: 404, operation: 'delete', is: 'config', remedy: notFlexprice },
      {
        status: 400,
        operation: 'delete',
        message: 'cancel all subscriptions',
        is: 'rejected',
        remedy: stillUsed,
        source: 'Flexprice server, customer service: it archives nobody who has a subscription that is not cancelled.',
      },
      {
        status: 400,
        operation: 'delete',
        message: 'associated wallets',
        is: 'rejected',
        remedy: stillUsed,
        source: 'Flexprice server, customer service: it archives nobody who has a wallet.',
      },
      {
        status: 404,
        operation: 'create',
        is: 'rejected',
        remedy:
          'A tax rate under provider_fields.flexprice.tax_rate_overrides does not exist: create it first, or correct its code.',
      },
      { status: 409, code: 'already_exists', is: 'exists' },
      {
        status: [400, 409],
        operation: 'create',
        message: 'already exists',
        is: 'exists',
        source: 'Flexprice docs, "Error responses": a duplicate is 400 in the older format, which has no code.',
      },
      { status: 409, code: 'version_conflict', is: 'busy' },
    ],
  },
  effects: {
    create: [
      'Flexprice sends the webhook customer.created and links the tax rates that apply by default.',
      'The onboarding workflow, which may create subscriptions and wallets, is skipped unless provider_fields.flexprice.skip_onboarding_workflow is false.',
    ],
    update: [
      'Flexprice sends the webhook customer.updated.',
      'Where Zoho Books is connected to Flexprice, the customer is updated there as well.',
    ],
  },
  archive: {
    by: 'provider_id',
    effect:
      'The customer is put away and keeps its data; who has a wallet or a subscription that is not cancelled is refused.',
  },
  notes: [
    'E-mail, country, name and time zone can be changed but not cleared.',
    'Two programs that update one customer at the same time can undo each other: Flexprice writes whole rows.',
    'Metadata keys gstin, pan and hsn_sac are checked as Indian tax numbers.',
  ],
} satisfies ProviderDefinition;
