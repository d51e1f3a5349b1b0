import { describe, expect, it } from 'vitest';
import { mappedFields, sentTo, type WritableField } from './writable-fields-under-test.js';

const recharge = (fields: object) => ({ provider_fields: { recharge: fields } });
const flexprice = (fields: object) => ({ provider_fields: { flexprice: fields } });
const autumn = (fields: object) => ({ provider_fields: { autumn: fields } });
const stripe = (fields: object) => ({ provider_fields: { stripe: fields } });
const controls = (billing_controls: object) => autumn({ billing_controls });
const address = {
  line1: '1 Main St',
  line2: 'Floor 2',
  city: 'Bonn',
  state: 'NRW',
  postal_code: '53111',
  country: 'DE',
};

const taxRate = { tax_rate_code: 'vat', currency: 'eur', priority: 0, auto_apply: true, metadata: { a: 'x' } };
const entityMapping = {
  entity_id: 'e',
  entity_type: 'customer',
  provider_type: 'stripe',
  provider_entity_id: 'cus_1',
  metadata: { deep: { a: [1] } },
};
const topup = {
  feature_id: 'f',
  enabled: true,
  threshold: 5,
  quantity: 10,
  purchase_limit: { interval: 'month', interval_count: 1, limit: 3, count: 0 },
  invoice_mode: false,
};
const spendLimit = {
  feature_id: 'f',
  enabled: true,
  limit_type: 'absolute',
  overage_limit: 0,
  skip_overage_billing: true,
};
const usageLimit = {
  feature_id: 'f',
  enabled: true,
  limit: 5,
  interval: 'week',
  anchor: 'utc',
  filter: { properties: { region: 'eu' } },
};
const usageAlert = { feature_id: 'f', enabled: true, threshold: 80, threshold_type: 'usage_percentage', name: 'n' };

/** By provider: what a create needs besides, and every field that the provider's documentation lets one write. */
const providers: Readonly<Record<string, { readonly base: object; readonly fields: readonly WritableField[] }>> = {
  // Recharge, API version 2021-11, "Create a customer" and "Update a customer"
  recharge: {
    base: { email: 'a@b.example', first_name: 'A', last_name: 'B' },
    fields: [
      ['email', { email: 'c@d.example' }, 'c@d.example'],
      ['first_name', { first_name: 'Ada' }, 'Ada'],
      ['last_name', { last_name: 'Byron' }, 'Byron'],
      ['phone', { phone: '+16175551212' }, '+16175551212'],
      ['tax_exempt', { tax_exempt: true }, true],
      ['external_customer_id.ecommerce', { external_ids: { ecommerce: '5', shopify: '6' } }, '5'],
      ['external_customer_id.ecommerce', { external_ids: { shopify: '6' } }, '6'],
      ['external_customer_id.ecommerce', { external_ids: { bigcommerce: '7' } }, '7'],
      [
        'apply_credit_to_next_recurring_charge',
        recharge({ apply_credit_to_next_recurring_charge: false }),
        false,
        'update',
      ],
    ],
  },

  // flexprice/flexprice, internal/api/dto/customer.go, CreateCustomerRequest and UpdateCustomerRequest
  flexprice: {
    base: {},
    fields: [
      ['external_id', { id: 'acme-1' }, 'acme-1'],
      ['name', { name: 'Acme' }, 'Acme'],
      ['email', { email: 'a@b.example' }, 'a@b.example'],
      ['contact', { phone: '+16175551212' }, '+16175551212'],
      ['address_line1', { address }, '1 Main St'],
      ['address_line2', { address }, 'Floor 2'],
      ['address_city', { address }, 'Bonn'],
      ['address_state', { address }, 'NRW'],
      ['address_postal_code', { address }, '53111'],
      ['address_country', { address }, 'DE'],
      ['timezone', { timezone: 'America/Toronto' }, 'America/Toronto'],
      ['metadata', { metadata: { a: 1, b: 'x' } }, { a: '1', b: 'x' }],
      ['integration_entity_mapping', flexprice({ integration_entity_mapping: [entityMapping] }), [entityMapping]],
      ['tax_rate_overrides', flexprice({ tax_rate_overrides: [taxRate] }), [taxRate]],
      ['tax_rate_overrides', flexprice({ tax_rate_overrides: [] }), []],
      ['skip_onboarding_workflow', flexprice({ skip_onboarding_workflow: false }), false],
      ['skip_onboarding_workflow', {}, true],
      ['onboarding_workflow_name', flexprice({ onboarding_workflow_name: 'w' }), 'w'],
    ],
  },

  // useautumn/autumn, shared/api/customers/crud/createCustomerParams.ts and common/customerData.ts
  autumn: {
    base: {},
    fields: [
      ['customer_id', { id: 'cus_1:a-B' }, 'cus_1:a-B'],
      ['name', { name: 'Acme' }, 'Acme'],
      ['name', { name: null }, null, 'update'],
      ['email', { email: 'jörg@b.example' }, 'jörg@b.example'],
      ['email', { email: null }, null, 'update'],
      ['fingerprint', autumn({ fingerprint: 'fp' }), 'fp'],
      ['fingerprint', autumn({ fingerprint: null }), null, 'update'],
      ['metadata', { metadata: { a: 1, b: true } }, { a: 1, b: true }],
      ['metadata', { metadata: { a: null } }, { a: null }, 'update'],
      ['stripe_id', autumn({ stripe_id: 'cus_1' }), 'cus_1'],
      ['stripe_id', autumn({ stripe_id: null }), null, 'update'],
      ['create_in_stripe', autumn({ create_in_stripe: true }), true],
      ['auto_enable_plan_id', autumn({ auto_enable_plan_id: 'free' }), 'free'],
      ['send_email_receipts', autumn({ send_email_receipts: false }), false],
      ['currency', autumn({ currency: 'eur' }), 'eur'],
      ['currency', autumn({ currency: null }), null, 'update'],
      ['billing_controls.auto_topups', controls({ auto_topups: [topup] }), [topup]],
      ['billing_controls.spend_limits', controls({ spend_limits: [spendLimit] }), [spendLimit]],
      ['billing_controls.usage_limits', controls({ usage_limits: [usageLimit] }), [usageLimit]],
      ['billing_controls.usage_alerts', controls({ usage_alerts: [usageAlert] }), [usageAlert]],
      [
        'billing_controls.overage_allowed',
        controls({ overage_allowed: [{ feature_id: 'f', enabled: false }] }),
        [{ feature_id: 'f', enabled: false }],
      ],
      ['billing_controls.overage_allowed', controls({ overage_allowed: [] }), [], 'update'],
      ['config.disable_pooled_balance', autumn({ config: { disable_pooled_balance: true } }), true],
      ['config.disable_overage_billing', autumn({ config: { disable_overage_billing: false } }), false],
    ],
  },

  // stripe/openapi, API version 2026-08-26.dahlia, PostCustomers and PostCustomersCustomer
  stripe: {
    base: {},
    fields: [
      ['metadata', { metadata: { a: 1, b: true } }, { a: '1', b: 'true', customer_sync_id: 'a' }],
      ['metadata', { metadata: { a: null } }, { a: '', customer_sync_id: 'a' }, 'update'],
      ['metadata.customer_sync_id', { id: 'acct_1' }, 'acct_1'],
      ['name', { name: 'Acme' }, 'Acme'],
      ['name', { name: null }, '', 'update'],
      ['name', { first_name: 'Ada', last_name: 'Byron' }, 'Ada Byron'],
      ['business_name', stripe({ business_name: 'Acme' }), 'Acme'],
      ['individual_name', stripe({ individual_name: null }), '', 'update'],
      ['email', { email: 'a@b.example' }, 'a@b.example'],
      ['phone', { phone: '+16175551212' }, '+16175551212'],
      ['description', stripe({ description: 'x' }), 'x'],
      ['address.line1', { address }, '1 Main St'],
      ['address.line2', { address }, 'Floor 2'],
      ['address.city', { address }, 'Bonn'],
      ['address.state', { address }, 'NRW'],
      ['address.postal_code', { address }, '53111'],
      ['address.country', { address }, 'DE'],
      ['address.country', { address: null }, '', 'update'],
      ['shipping.address.line1', { shipping_address: address }, '1 Main St'],
      ['shipping.address.line2', { shipping_address: address }, 'Floor 2'],
      ['shipping.address.city', { shipping_address: address }, 'Bonn'],
      ['shipping.address.state', { shipping_address: address }, 'NRW'],
      ['shipping.address.postal_code', { shipping_address: address }, '53111'],
      ['shipping.address.country', { shipping_address: address }, 'DE'],
      ['shipping.name', { shipping_address: address, name: 'Acme' }, 'Acme'],
      ['shipping.name', { shipping_address: address }, 'a'],
      ['preferred_locales.0', { locale: 'de-AT' }, 'de-AT'],
      ['tax_exempt', { tax_exempt: true }, 'exempt'],
      ['tax_exempt', { tax_exempt: false }, 'none'],
      ['tax_exempt', { tax_exempt: true, ...stripe({ tax_exempt: 'reverse' }) }, 'reverse'],
      ['invoice_prefix', stripe({ invoice_prefix: 'ACME' }), 'ACME'],
      ['next_invoice_sequence', stripe({ next_invoice_sequence: 7 }), 7],
      [
        'invoice_settings.custom_fields',
        stripe({ invoice_settings: { custom_fields: [{ name: 'PO', value: '1' }] } }),
        [{ name: 'PO', value: '1' }],
      ],
      ['invoice_settings.custom_fields', stripe({ invoice_settings: { custom_fields: null } }), '', 'update'],
      [
        'invoice_settings.default_payment_method',
        stripe({ invoice_settings: { default_payment_method: 'pm_1' } }),
        'pm_1',
      ],
      ['invoice_settings.footer', stripe({ invoice_settings: { footer: 'x' } }), 'x'],
      [
        'invoice_settings.rendering_options.amount_tax_display',
        stripe({ invoice_settings: { rendering_options: { amount_tax_display: 'exclude_tax' } } }),
        'exclude_tax',
      ],
      [
        'invoice_settings.rendering_options.template',
        stripe({ invoice_settings: { rendering_options: { template: null } } }),
        '',
        'update',
      ],
      [
        'cash_balance.settings.reconciliation_mode',
        stripe({ cash_balance: { reconciliation_mode: 'manual' } }),
        'manual',
      ],
      ['tax.ip_address', stripe({ tax: { ip_address: '192.0.2.1' } }), '192.0.2.1'],
      ['tax.validate_location', stripe({ tax: { validate_location: 'deferred' } }), 'deferred'],
      ['tax_id_data', stripe({ tax_id_data: [{ type: 'eu_vat', value: 'DE1' }] }), [{ type: 'eu_vat', value: 'DE1' }]],
      ['payment_method', stripe({ payment_method: 'pm_1' }), 'pm_1'],
      ['test_clock', stripe({ test_clock: 'clock_1' }), 'clock_1'],
    ],
  },
};

describe.each(Object.entries(providers))('%s', (provider, { base, fields }) => {
  for (const field of fields) {
    const [target, customer, sent, on = 'create'] = field;
    it(`${target} is set on ${on} by ${JSON.stringify(customer)}`, () => {
      expect(sentTo(provider, base, field)).toEqual(sent);
    });
  }

  it('has no field beyond these', () => {
    expect([...new Set(fields.map(([field]) => field))].sort()).toEqual(mappedFields(provider));
  });
});
