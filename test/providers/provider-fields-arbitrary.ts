import fc from 'fast-check';

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/);
const count = fc.nat(60);
const none: never[] = [];
const all = { requiredKeys: none, noNullPrototype: true };

const lago = fc.record(
  {
    account_type: fc.constantFrom('customer', 'partner'),
    billing_entity_code: word,
    net_payment_term: fc.option(count),
    finalize_zero_amount_invoice: fc.constantFrom('inherit', 'skip', 'finalize'),
    tax_codes: fc.uniqueArray(word, { maxLength: 3 }),
    skip_invoice_custom_sections: fc.boolean(),
    invoice_custom_section_codes: fc.array(word, { maxLength: 2 }),
    metadata_in_invoice: fc.array(word, { maxLength: 2 }),
    billing_configuration: fc.record(
      {
        invoice_grace_period: fc.option(count),
        subscription_invoice_issuing_date_anchor: fc.option(fc.constantFrom('current_period_end', 'next_period_start')),
        subscription_invoice_issuing_date_adjustment: fc.option(
          fc.constantFrom('keep_anchor', 'align_with_finalization_date'),
        ),
        payment_provider: fc.constantFrom('stripe', 'gocardless', 'cashfree', 'adyen', 'flutterwave', 'moneyhash'),
        payment_provider_code: word,
        provider_customer_id: word,
        sync: fc.boolean(),
        sync_with_provider: fc.boolean(),
        provider_payment_methods: fc.uniqueArray(word, { maxLength: 3 }),
      },
      all,
    ),
    integration_customers: fc.uniqueArray(
      fc.record(
        {
          integration_type: fc.constantFrom('netsuite', 'anrok', 'xero', 'hubspot'),
          integration_code: word,
          code: word,
          external_customer_id: word,
          subsidiary_id: word,
          sync_with_provider: fc.boolean(),
          targeted_object: word,
        },
        { requiredKeys: ['integration_type'], noNullPrototype: true },
      ),
      { maxLength: 3, selector: ({ integration_type: type }) => type },
    ),
  },
  all,
);

const flexprice = fc.record(
  {
    skip_onboarding_workflow: fc.boolean(),
    onboarding_workflow_name: word,
    tax_rate_overrides: fc.array(
      fc.record(
        {
          tax_rate_code: word,
          currency: fc.constantFrom('eur', 'USD'),
          priority: count,
          auto_apply: fc.boolean(),
          metadata: fc.dictionary(word, word, { maxKeys: 2, noNullPrototype: true }),
        },
        { requiredKeys: ['tax_rate_code', 'currency'], noNullPrototype: true },
      ),
      { maxLength: 2 },
    ),
    integration_entity_mapping: fc.array(
      fc.record({ entity_id: word, entity_type: word, provider_type: word, provider_entity_id: word }),
      { maxLength: 2 },
    ),
  },
  all,
);

const byFeature = <T extends { feature_id?: string | undefined }>(entry: fc.Arbitrary<T>) =>
  fc.uniqueArray(entry, { maxLength: 2, selector: ({ feature_id: feature }) => feature });

const autumn = fc.record(
  {
    fingerprint: fc.option(word),
    stripe_id: fc.option(word),
    create_in_stripe: fc.boolean(),
    auto_enable_plan_id: word,
    send_email_receipts: fc.boolean(),
    currency: fc.option(fc.constantFrom('EUR', 'usd')),
    billing_controls: fc.record(
      {
        auto_topups: byFeature(
          fc.record(
            {
              feature_id: word,
              enabled: fc.boolean(),
              threshold: count,
              quantity: fc.integer({ min: 1, max: 99 }),
              purchase_limit: fc.record({ interval: fc.constantFrom('hour', 'month'), limit: fc.constantFrom(1, 5) }),
              invoice_mode: fc.boolean(),
            },
            { requiredKeys: ['feature_id', 'threshold', 'quantity'], noNullPrototype: true },
          ),
        ),
        spend_limits: byFeature(fc.record({ feature_id: word, overage_limit: count })),
        usage_limits: byFeature(
          fc.record({ feature_id: word, limit: count, interval: fc.constantFrom('day', 'year') }),
        ),
        usage_alerts: byFeature(
          fc.record({ feature_id: word, threshold: count, threshold_type: fc.constantFrom('usage', 'remaining') }),
        ),
        overage_allowed: byFeature(fc.record({ feature_id: word, enabled: fc.boolean() })),
      },
      all,
    ),
    config: fc.record({ disable_pooled_balance: fc.boolean(), disable_overage_billing: fc.boolean() }, all),
  },
  all,
);

const stripe = fc.record(
  {
    description: fc.option(word),
    business_name: fc.option(word),
    individual_name: fc.option(word),
    tax_exempt: fc.constantFrom('none', 'exempt', 'reverse'),
    invoice_prefix: fc.constantFrom('ACME', 'A1B2'),
    next_invoice_sequence: fc.integer({ min: 1, max: 99 }),
    invoice_settings: fc.record(
      {
        custom_fields: fc.option(fc.array(fc.record({ name: word, value: word }), { minLength: 1, maxLength: 4 })),
        default_payment_method: fc.option(word),
        footer: fc.option(word),
        rendering_options: fc.record(
          { amount_tax_display: fc.option(fc.constant('exclude_tax')), template: fc.option(word) },
          all,
        ),
      },
      all,
    ),
    cash_balance: fc.record({ reconciliation_mode: fc.constantFrom('automatic', 'manual') }, { noNullPrototype: true }),
    tax: fc.record(
      {
        ip_address: fc.option(fc.constant('192.0.2.1')),
        validate_location: fc.constantFrom('deferred', 'immediately'),
      },
      all,
    ),
    tax_id_data: fc.array(fc.record({ type: fc.constant('eu_vat'), value: word }), { maxLength: 2 }),
    payment_method: word,
    test_clock: word,
  },
  all,
);

/** Valid `provider_fields.<id>`, by provider. */
export const providerFieldsArbitraries: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
  recharge: fc.constant({}),
  lago,
  flexprice,
  autumn,
  stripe,
};
