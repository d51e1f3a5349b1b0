import { describe, expect, it } from 'vitest';
import { mappedFields, sentTo, type WritableField } from './writable-fields-under-test.js';

const own = (fields: object) => ({ provider_fields: { lago: fields } });
const billing = (fields: object) => own({ billing_configuration: fields });
const address = {
  line1: '1 Main St',
  line2: 'Floor 2',
  city: 'Bonn',
  state: 'NRW',
  postal_code: '53111',
  country: 'DE',
};
const link = {
  integration_type: 'netsuite',
  integration_code: 'ns-eu',
  code: 'c',
  external_customer_id: '42',
  subsidiary_id: '2',
  sync_with_provider: true,
  targeted_object: 'companies',
};

// getlago/lago-api, app/controllers/api/v1/customers_controller.rb, create_params
const fields: readonly WritableField[] = [
  ['external_id', { id: 'acct.1/ä' }, 'acct.1/ä'],
  ['name', { name: 'Acme' }, 'Acme'],
  ['firstname', { first_name: 'Ada' }, 'Ada'],
  ['lastname', { last_name: 'Byron' }, 'Byron'],
  ['customer_type', { type: 'company' }, 'company'],
  ['account_type', own({ account_type: 'partner' }), 'partner'],
  ['email', { email: 'a@b.example' }, 'a@b.example'],
  ['phone', { phone: '+4915' }, '+4915'],
  ['url', { url: 'https://a.example' }, 'https://a.example'],
  ['logo_url', { logo_url: 'https://a.example/l' }, 'https://a.example/l'],
  ['legal_name', { legal_name: 'Acme Inc' }, 'Acme Inc'],
  ['legal_number', { legal_number: 'HRB 1' }, 'HRB 1'],
  ['tax_identification_number', { tax_id: 'DE123' }, 'DE123'],
  ['external_salesforce_id', { external_ids: { salesforce: '001' } }, '001'],
  ['address_line1', { address }, '1 Main St'],
  ['address_line2', { address }, 'Floor 2'],
  ['city', { address }, 'Bonn'],
  ['state', { address }, 'NRW'],
  ['zipcode', { address }, '53111'],
  ['country', { address }, 'DE'],
  ['shipping_address.address_line1', { shipping_address: address }, '1 Main St'],
  ['shipping_address.address_line2', { shipping_address: address }, 'Floor 2'],
  ['shipping_address.city', { shipping_address: address }, 'Bonn'],
  ['shipping_address.state', { shipping_address: address }, 'NRW'],
  ['shipping_address.zipcode', { shipping_address: address }, '53111'],
  ['shipping_address.country', { shipping_address: address }, 'DE'],
  ['currency', { currency: 'EUR' }, 'EUR'],
  ['timezone', { timezone: 'Europe/Berlin' }, 'Europe/Berlin'],
  ['net_payment_term', own({ net_payment_term: 0 }), 0],
  ['net_payment_term', own({ net_payment_term: null }), null, 'update'],
  ['finalize_zero_amount_invoice', own({ finalize_zero_amount_invoice: 'skip' }), 'skip'],
  ['billing_entity_code', own({ billing_entity_code: 'eu' }), 'eu'],
  ['tax_codes', own({ tax_codes: ['vat'] }), ['vat']],
  ['tax_codes', own({ tax_codes: [] }), [], 'update'],
  ['invoice_custom_section_codes', own({ invoice_custom_section_codes: ['s'] }), ['s']],
  ['skip_invoice_custom_sections', own({ skip_invoice_custom_sections: false }), false],
  [
    'metadata',
    { metadata: { a: 1, b: 'x' }, ...own({ metadata_in_invoice: ['a'] }) },
    [
      { key: 'a', value: '1', display_in_invoice: true },
      { key: 'b', value: 'x', display_in_invoice: false },
    ],
  ],
  ['billing_configuration.invoice_grace_period', billing({ invoice_grace_period: 3 }), 3],
  [
    'billing_configuration.subscription_invoice_issuing_date_anchor',
    billing({ subscription_invoice_issuing_date_anchor: 'current_period_end' }),
    'current_period_end',
  ],
  [
    'billing_configuration.subscription_invoice_issuing_date_anchor',
    billing({ subscription_invoice_issuing_date_anchor: null }),
    null,
    'update',
  ],
  [
    'billing_configuration.subscription_invoice_issuing_date_adjustment',
    billing({ subscription_invoice_issuing_date_adjustment: 'keep_anchor' }),
    'keep_anchor',
  ],
  ['billing_configuration.payment_provider', billing({ payment_provider: 'stripe' }), 'stripe'],
  ['billing_configuration.payment_provider_code', billing({ payment_provider_code: 'eu' }), 'eu'],
  ['billing_configuration.provider_customer_id', billing({ provider_customer_id: 'cus_1' }), 'cus_1'],
  ['billing_configuration.sync', billing({ sync: true }), true],
  ['billing_configuration.sync_with_provider', billing({ sync_with_provider: false }), false],
  ['billing_configuration.document_locale', { locale: 'fr-CA' }, 'fr'],
  ['billing_configuration.provider_payment_methods', billing({ provider_payment_methods: ['card'] }), ['card']],
  ['integration_customers', own({ integration_customers: [link] }), [link]],
];

describe('Lago', () => {
  for (const field of fields) {
    const [target, customer, sent, on = 'create'] = field;
    it(`${target} is set on ${on} by ${JSON.stringify(customer)}`, () => {
      expect(sentTo('lago', {}, field)).toEqual(sent);
    });
  }

  it('has no field beyond these', () => {
    expect([...new Set(fields.map(([field]) => field))].sort()).toEqual(mappedFields('lago'));
  });
});
