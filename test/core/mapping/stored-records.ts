type Fields = Readonly<Record<string, unknown>>;

/** The record a provider holds after a create, by provider, in the form in which it answers. Nothing is refused. */
export const storedAfterCreate: Readonly<Record<string, (payload: Fields) => Fields>> = {
  recharge: (payload) => ({
    id: 1,
    phone: null,
    tax_exempt: false,
    external_customer_id: { ecommerce: null },
    ...payload,
  }),

  lago: ({
    metadata,
    tax_codes: taxes,
    integration_customers: links,
    invoice_custom_section_codes: _,
    ...payload
  }) => ({
    lago_id: 'l1',
    name: null,
    taxes: listOf(taxes).map((code) => ({ lago_id: `tax-${code}`, code, rate: 20 })),
    ...payload,
    metadata: listOf(metadata)
      .filter(isFields)
      .map((entry) => ({ display_in_invoice: false, ...entry, lago_id: `id-${entry['key']}` })),
    integration_customers: listOf(links)
      .filter(isFields)
      .map(({ integration_type: type, ...link }) => ({ ...link, lago_id: `link-${type}`, type })),
  }),

  flexprice: ({
    skip_onboarding_workflow: _skip,
    onboarding_workflow_name: _name,
    tax_rate_overrides: _taxes,
    integration_entity_mapping: _links,
    ...payload
  }) => ({ id: 'cust_1', email: '', address_line1: '', timezone: 'UTC', metadata: null, ...payload }),

  autumn: ({ customer_id: id, currency: _, create_in_stripe: _stripe, auto_enable_plan_id: _plan, ...payload }) => ({
    id,
    name: null,
    email: null,
    metadata: {},
    billing_controls: {},
    config: {},
    ...payload,
  }),

  stripe: ({
    cash_balance: _cash,
    tax: _tax,
    tax_id_data: _taxIds,
    payment_method: _method,
    invoice_settings: settings,
    preferred_locales: locales,
    ...payload
  }) => ({
    id: 'cus_1',
    object: 'customer',
    name: null,
    email: null,
    address: null,
    shipping: null,
    tax_exempt: 'none',
    invoice_prefix: 'ABC123',
    next_invoice_sequence: 1,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
      ...(isFields(settings) && settings),
    },
    ...payload,
    preferred_locales: Object.values(isFields(locales) ? locales : {}),
  }),
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
