import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { refused, save, stored, upsert } from './lago-client.js';

const clock = { now: Date.parse('2026-11-20T10:00:00.250Z') };
const lago = await startEmulator({ rateLimits: false, now: () => clock.now, taxCodes: ['vat_20'] });

beforeEach(() => {
  clock.now = Date.parse('2026-11-20T10:00:00.250Z');
  lago.reset();
});
afterAll(() => lago.close());

// lago-api, app/serializers/v1/customer_serializer.rb and customers_controller.rb#create
describe('creating', () => {
  it('answers 200 with the whole customer', async () => {
    const answer = await upsert(lago, {
      external_id: 'acct_1042',
      name: 'Pied Piper Inc',
      email: 'Billing@piedpiper.test,ap@piedpiper.test',
      country: 'us',
      address_line1: '5230 Penfield Ave',
      city: 'Woodland Hills',
      state: 'CA',
      zipcode: '91364',
      currency: 'USD',
      metadata: [{ key: 'crm_id', value: '0015g00000', display_in_invoice: false }],
    });

    expect(answer).toEqual({
      status: 200,
      body: {
        customer: {
          lago_id: '1a60c057-0000-4000-8000-000000000001',
          billing_entity_code: 'acme_corp',
          external_id: 'acct_1042',
          account_type: 'customer',
          name: 'Pied Piper Inc',
          firstname: null,
          lastname: null,
          customer_type: null,
          sequential_id: 1,
          slug: 'EMU-1A60-001',
          created_at: '2026-11-20T10:00:00Z',
          updated_at: '2026-11-20T10:00:00Z',
          country: 'US',
          address_line1: '5230 Penfield Ave',
          address_line2: null,
          state: 'CA',
          zipcode: '91364',
          email: 'Billing@piedpiper.test,ap@piedpiper.test',
          city: 'Woodland Hills',
          url: null,
          phone: null,
          logo_url: null,
          legal_name: null,
          legal_number: null,
          currency: 'USD',
          tax_identification_number: null,
          timezone: null,
          applicable_timezone: 'UTC',
          net_payment_term: null,
          external_salesforce_id: null,
          finalize_zero_amount_invoice: 'inherit',
          billing_configuration: {
            invoice_grace_period: null,
            payment_provider: null,
            payment_provider_code: null,
            document_locale: null,
            subscription_invoice_issuing_date_anchor: null,
            subscription_invoice_issuing_date_adjustment: null,
          },
          shipping_address: {
            address_line1: null,
            address_line2: null,
            city: null,
            zipcode: null,
            state: null,
            country: null,
          },
          skip_invoice_custom_sections: false,
          metadata: [
            {
              lago_id: '1a60de7a-0000-4000-8000-000000000002',
              key: 'crm_id',
              value: '0015g00000',
              display_in_invoice: false,
              created_at: '2026-11-20T10:00:00Z',
            },
          ],
          taxes: [],
          integration_customers: [],
          applicable_invoice_custom_sections: [],
          error_details: [],
        },
      },
    });
    expect(answer.body).toEqual({ customer: lago.customers()[0] });
  });

  it('numbers customers in the order of their creation', async () => {
    await save(lago, { external_id: 'a' });
    const second = await save(lago, { external_id: 'b' });
    expect(second).toMatchObject({ sequential_id: 2, slug: 'EMU-1A60-002' });
  });

  it('uses no number up for a customer that it refuses', async () => {
    await upsert(lago, { external_id: 'a', currency: 'usd' });
    expect(await save(lago, { external_id: 'b' })).toMatchObject({ sequential_id: 1 });
  });
});

// lago-api, app/services/customers/upsert_from_api_service.rb: find_or_initialize_by(external_id:)
describe('matching', () => {
  it('updates the customer with the same external_id and keeps its lago_id', async () => {
    const created = await save(lago, { external_id: 'a', name: 'One' });
    const updated = await save(lago, { external_id: 'a', name: 'Two' });
    expect(updated).toEqual({ ...created, name: 'Two' });
  });

  it('tells ids apart that differ in case or in outer spaces', async () => {
    await save(lago, { external_id: 'acct' });
    await save(lago, { external_id: 'ACCT' });
    await save(lago, { external_id: ' acct' });
    expect(lago.customers().map(({ external_id }) => external_id)).toEqual(['acct', 'ACCT', ' acct']);
  });

  it('reads a number as text', async () => {
    await save(lago, { external_id: 42, name: 'One' });
    await save(lago, { external_id: '42', name: 'Two' });
    expect(stored(lago, '42').name).toBe('Two');
  });

  it('lets two customers share an e-mail address', async () => {
    await save(lago, { external_id: 'a', email: 'same@example.com' });
    await save(lago, { external_id: 'b', email: 'same@example.com' });
    expect(lago.customers()).toHaveLength(2);
  });

  it.each([[undefined], [null], [''], ['  ']])('refuses %j as external_id', async (externalId) => {
    expect(await upsert(lago, { external_id: externalId, name: 'Foo' })).toEqual(
      refused({ external_id: ['value_is_mandatory'] }),
    );
    expect(lago.customers()).toEqual([]);
  });

  // The name of 2022; only external_id is permitted since v0.8.0-alpha.
  it('does not know customer_id', async () => {
    expect(await upsert(lago, { customer_id: 'a', name: 'Foo' })).toEqual(
      refused({ external_id: ['value_is_mandatory'] }),
    );
  });
});

const everyText = {
  name: 'Foo Bar',
  firstname: 'Foo',
  lastname: 'Bar',
  legal_name: 'Foo Bar Ltd',
  legal_number: '123',
  phone: '+1 555 0100',
  url: 'https://example.com',
  logo_url: 'https://example.com/logo.png',
  tax_identification_number: 'EU123',
  email: 'foo@example.com',
  external_salesforce_id: 'sf-1',
};
const everyAddressField = {
  address_line1: '1 Main St',
  address_line2: 'Suite 2',
  city: 'Paris',
  state: 'IDF',
  zipcode: '75001',
  country: 'FR',
};

// lago-api, upsert_from_api_service.rb (params.key?) and null_byte_sanitizable.rb (blank_to_nil)
describe('absent, null and ""', () => {
  const everything = {
    ...everyText,
    ...everyAddressField,
    customer_type: 'company',
    currency: 'EUR',
    net_payment_term: 30,
    finalize_zero_amount_invoice: 'skip',
  };

  it('leaves alone what is not sent', async () => {
    await save(lago, { external_id: 'a', ...everything });
    expect(await save(lago, { external_id: 'a' })).toMatchObject(everything);
  });

  it('clears every scalar by null', async () => {
    await save(lago, { external_id: 'a', ...everything });
    const nulls = Object.fromEntries(Object.keys(everything).map((name) => [name, null]));
    expect(await save(lago, { external_id: 'a', ...nulls })).toMatchObject({
      ...nulls,
      finalize_zero_amount_invoice: 'inherit',
    });
  });

  it('stores "" in texts and null in addresses', async () => {
    await save(lago, { external_id: 'a', ...everyText, ...everyAddressField });
    const texts = Object.fromEntries(Object.keys(everyText).map((name) => [name, '']));
    const address = Object.fromEntries(Object.keys(everyAddressField).map((name) => [name, '']));
    const cleared = Object.fromEntries(Object.keys(everyAddressField).map((name) => [name, null]));
    const saved = await save(lago, { external_id: 'a', ...texts, ...address, shipping_address: address });
    expect(saved).toMatchObject({ ...texts, ...cleared, shipping_address: cleared });
  });

  it('reads "" as null in customer_type', async () => {
    await save(lago, { external_id: 'a', customer_type: 'company' });
    expect(await save(lago, { external_id: 'a', customer_type: '' })).toMatchObject({ customer_type: null });
  });

  it.each([
    [{ currency: '' }, { currency: ['value_is_invalid'] }],
    [{ finalize_zero_amount_invoice: '' }, { finalize_zero_amount_invoice: ['invalid_value'] }],
    [{ billing_configuration: { document_locale: '' } }, { document_locale: ['not_a_valid_language_code'] }],
  ])('refuses %j', async (sent, details) => {
    expect(await upsert(lago, { external_id: 'a', ...sent })).toEqual(refused(details));
  });

  // Rails' strong parameters drop null where an object or an array is declared.
  it('reads null for an object or an array as absent', async () => {
    const before = await save(lago, {
      external_id: 'a',
      metadata: [{ key: 'k', value: 'v' }],
      tax_codes: ['vat_20'],
      shipping_address: everyAddressField,
      billing_configuration: { document_locale: 'fr' },
    });
    const after = await save(lago, {
      external_id: 'a',
      metadata: null,
      tax_codes: null,
      shipping_address: null,
      billing_configuration: null,
      integration_customers: null,
      invoice_custom_section_codes: null,
    });
    expect(after).toEqual(before);
  });

  it('drops an object or an array in the place of a scalar', async () => {
    await save(lago, { external_id: 'a', name: 'Foo', phone: '1' });
    const saved = await save(lago, { external_id: 'a', name: { first: 'Bar' }, phone: ['2'] });
    expect(saved).toMatchObject({ name: 'Foo', phone: '1' });
  });

  it('merges shipping_address key by key', async () => {
    await save(lago, { external_id: 'a', shipping_address: everyAddressField });
    const saved = await save(lago, {
      external_id: 'a',
      shipping_address: { city: 'Lyon', state: null, country: 'de' },
    });
    expect(saved.shipping_address).toEqual({ ...everyAddressField, city: 'Lyon', state: null, country: 'DE' });
  });

  it('keeps no field that it does not know', async () => {
    const saved = await save(lago, { external_id: 'a', vat_rate: 20, customer_id: 'b' });
    expect(saved).not.toHaveProperty('vat_rate');
    expect(saved).not.toHaveProperty('customer_id');
  });
});

// lago-api, customer_serializer.rb (iso8601) and Rails' dirty tracking
describe('updated_at', () => {
  it('moves with a change and is written in whole seconds', async () => {
    await save(lago, { external_id: 'a', name: 'Foo' });
    clock.now += 90_000;
    expect(await save(lago, { external_id: 'a', name: 'Bar' })).toMatchObject({
      created_at: '2026-11-20T10:00:00Z',
      updated_at: '2026-11-20T10:01:30Z',
    });
  });

  it('stays when the same values are sent again', async () => {
    const sent = { external_id: 'a', ...everyText, ...everyAddressField, shipping_address: everyAddressField };
    const created = await save(lago, sent);
    clock.now += 90_000;
    expect(await save(lago, sent)).toEqual(created);
  });

  it('stays when only the metadata change, which are rows of their own', async () => {
    await save(lago, { external_id: 'a' });
    clock.now += 90_000;
    const saved = await save(lago, { external_id: 'a', metadata: [{ key: 'k', value: 'v' }] });
    expect(saved).toMatchObject({
      updated_at: '2026-11-20T10:00:00Z',
      metadata: [{ created_at: '2026-11-20T10:01:30Z' }],
    });
  });
});
