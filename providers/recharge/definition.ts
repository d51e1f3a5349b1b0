import type { ProviderDefinition } from '../../schemas/definition.js';

/** Recharge, customer API version 2021-11. */
export const definition = {
  id: 'recharge',
  name: 'Recharge',
  docs: 'https://developer.rechargepayments.com/2021-11/customers',
  api: {
    base_url: 'https://api.rechargeapps.com',
    base_url_env: 'RECHARGE_BASE_URL',
    body: 'json',
    // Without this header the account's default applies, which is 2021-01 with other fields and statuses.
    headers: { 'x-recharge-version': '2021-11' },
    version_echo: { header: 'x-recharge-version', value: '2021-11' },
  },
  auth: {
    header: 'x-recharge-access-token',
    value: '{key}',
    env: 'RECHARGE_API_KEY',
    where: 'In the merchant portal: Tools & apps > API tokens > Create an API token. It is shown once.',
    scopes: ['read_customers', 'write_customers', 'write_payment_methods'],
  },
  // A test store is a store of its own; neither its key nor its URL says so.
  environment: {},
  operations: {
    get: { method: 'GET', path: '/customers/{id}', read: true },
    find: { method: 'GET', path: '/customers', read: true },
    create: { method: 'POST', path: '/customers', read: false },
    update: { method: 'PUT', path: '/customers/{id}', read: false },
  },
  identity: {
    address: 'provider_id',
    // One store has one customer per e-mail address; external ids are neither unique nor checked.
    match: { target: 'email', record: 'email', ignore_case: true },
    unique: true,
    provider_id: 'id',
    confirm: ['external_customer_id.ecommerce'],
    reads: 'strong',
  },
  // Seen: a create with `tax_exempt: true` answers 200 with false, an update keeps it.
  corrected_after_create: ['tax_exempt'],
  // A burst of the whole bucket leaves no room for what is held up on the way and comes with what follows it.
  limits: [{ documented: '2 requests/s, bucket of 40, per token', requests_per_second: 1.6, burst: 32 }],
  wait_headers: [{ name: 'retry-after', means: 'retry_after' }],
  quota_headers: [{ means: 'used_of_size', name: 'x-recharge-limit', leaks_per_second: 2 }],
  // No Retry-After was ever seen; the bucket leaks two requests a second.
  wait_after_429_ms: 2000,
  errors: {
    code: [],
    message: ['errors', 'error', 'warning'],
    fields: ['errors'],
    rules: [
      {
        status: [400, 409, 422],
        field: 'email',
        says: 'already exists',
        is: 'exists',
        remedy: 'Another Recharge customer has this e-mail address: merge the two, or correct the address.',
        source:
          'Recorded 422 under 2021-11 (RechargeSharp fixtures) and 400 under 2021-01 (Nango template): "email already exists on store".',
      },
      // A write that regenerates charges locks the customer; nothing was done.
      { status: 409, is: 'busy', source: 'Recharge changelog, "Improved Handling of Charge Regeneration in the API"' },
      {
        status: 422,
        field: 'platform',
        says: 'not compatible',
        is: 'config',
        remedy:
          'This store runs on a platform whose customers Recharge does not let its API write: no customer can be sent there. Check that RECHARGE_API_KEY is of the right store, and ask Recharge.',
        source: 'tap-recharge, client.py: {"errors":{"platform":["This API is not compatible with your platform"]}}.',
      },
      { status: 426, is: 'config', remedy: 'Recharge no longer serves API version 2021-11: upgrade this package.' },
    ],
  },
  effects: {
    create: ['Recharge sends the webhook customer/created. No customer is made in Shopify or BigCommerce.'],
    update: [
      'Recharge sends the webhook customer/updated.',
      'On Shopify stores, Shopify Customer Sync copies name, e-mail, phone and tax exemption to Shopify, and may write them back.',
    ],
  },
  notes: [
    'The e-mail address is the identity: a changed address needs the stored Recharge id (external_ids.recharge).',
  ],
} satisfies ProviderDefinition;
