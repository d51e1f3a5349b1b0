import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { refused, save, stored, upsert } from './lago-client.js';

const lago = await startEmulator({
  rateLimits: false,
  paymentProviders: [
    { provider: 'stripe', code: 'stripe_eu' },
    { provider: 'stripe', code: 'stripe_us' },
    { provider: 'gocardless', code: 'gc' },
  ],
  integrations: [
    { type: 'netsuite', code: 'ns' },
    { type: 'anrok', code: 'tax' },
    { type: 'avalara', code: 'tax_2' },
    { type: 'salesforce', code: 'sf' },
  ],
});
const release151 = await startEmulator({
  rateLimits: false,
  version: '1.51',
  integrations: [{ type: 'xero', code: 'x' }],
});

beforeEach(() => {
  lago.reset();
  release151.reset();
});
afterAll(() => Promise.all([lago.close(), release151.close()]));

// lago-api, upsert_from_api_service.rb: handle_api_billing_configuration runs after the transaction
describe('billing_configuration', () => {
  it('leaves a created customer behind when its document_locale is refused', async () => {
    const answer = await upsert(lago, { external_id: 'a', billing_configuration: { document_locale: 'xx' } });
    expect(answer).toEqual(refused({ document_locale: ['not_a_valid_language_code'] }));
    expect(stored(lago, 'a').billing_configuration['document_locale']).toBeNull();
  });

  it('leaves an updated customer behind when its document_locale is refused', async () => {
    await save(lago, { external_id: 'a', name: 'Foo' });
    await upsert(lago, { external_id: 'a', name: 'Bar', billing_configuration: { document_locale: 'xx' } });
    expect(stored(lago, 'a').name).toBe('Bar');
  });

  it.each([['en'], ['fr'], ['pt-BR'], ['zh-TW']])('takes %s as document_locale', async (locale) => {
    expect(await save(lago, { external_id: 'a', billing_configuration: { document_locale: locale } })).toMatchObject({
      billing_configuration: { document_locale: locale },
    });
  });

  it('is merged key by key', async () => {
    const sent = {
      subscription_invoice_issuing_date_anchor: 'next_period_start',
      subscription_invoice_issuing_date_adjustment: 'keep_anchor',
    };
    await save(lago, { external_id: 'a', billing_configuration: { ...sent, document_locale: 'fr' } });
    const saved = await save(lago, { external_id: 'a', billing_configuration: { document_locale: null } });
    expect(saved.billing_configuration).toMatchObject({ ...sent, document_locale: null });
  });

  it('refuses an unknown anchor', async () => {
    const billing = { subscription_invoice_issuing_date_anchor: 'someday' };
    expect(await upsert(lago, { external_id: 'a', billing_configuration: billing })).toEqual(
      refused({ subscription_invoice_issuing_date_anchor: ['value_is_invalid'] }),
    );
  });

  it('links a new customer to a provider', async () => {
    const billing = { payment_provider: 'stripe', payment_provider_code: 'stripe_eu', provider_customer_id: 'cus_1' };
    const saved = await save(lago, { external_id: 'a', billing_configuration: billing });
    expect(saved.billing_configuration).toMatchObject({ ...billing, provider_payment_methods: ['card'] });
  });

  it.each([
    [{ payment_provider: 'adyen', sync_with_provider: true }, 'payment_provider_not_found'],
    [{ payment_provider: 'paypal', sync_with_provider: true }, 'payment_provider_not_found'],
    [
      { payment_provider: 'stripe', payment_provider_code: 'x', sync_with_provider: true },
      'payment_provider_not_found',
    ],
    [{ payment_provider: 'stripe', provider_customer_id: 'cus_1' }, 'payment_provider_code_missing'],
  ])('refuses %j but keeps the customer', async (billing, code) => {
    const answer = await upsert(lago, {
      external_id: 'a',
      billing_configuration: { ...billing, document_locale: 'fr' },
    });
    expect(answer).toEqual(refused({ base: [code] }));
    // The locale is only saved together with the link.
    expect(stored(lago, 'a').billing_configuration).toMatchObject({ payment_provider: null, document_locale: null });
  });

  const linked = {
    external_id: 'a',
    billing_configuration: { payment_provider: 'gocardless', provider_customer_id: 'CU1' },
  };

  it('keeps the link when the provider is not sent', async () => {
    await save(lago, linked);
    const saved = await save(lago, { external_id: 'a', billing_configuration: { document_locale: 'fr' } });
    expect(saved.billing_configuration).toMatchObject({ payment_provider: 'gocardless', provider_customer_id: 'CU1' });
  });

  it('removes the link when the provider is null', async () => {
    await save(lago, linked);
    const removed = await save(lago, { external_id: 'a', billing_configuration: { payment_provider: null } });
    expect(removed.billing_configuration).toMatchObject({ payment_provider: null, payment_provider_code: null });

    const again = await save(lago, { external_id: 'a', billing_configuration: { payment_provider: 'gocardless' } });
    expect(again.billing_configuration).toMatchObject({ payment_provider: 'gocardless', provider_customer_id: null });
  });

  it('empties the provider of a linked customer without a word when its name is unknown', async () => {
    await save(lago, linked);
    const saved = await save(lago, { external_id: 'a', billing_configuration: { payment_provider: 'paypal' } });
    expect(saved.billing_configuration).toMatchObject({ payment_provider: null, payment_provider_code: 'gc' });
  });
});

// lago-api, app/services/integration_customers/create_or_update_batch_service.rb
describe('integration_customers', () => {
  const netsuite = {
    integration_type: 'netsuite',
    integration_code: 'ns',
    external_customer_id: 'NS-1',
    subsidiary_id: '2',
  };

  it('are linked by a background job, after the answer', async () => {
    const answered = await save(lago, { external_id: 'a', integration_customers: [netsuite] });
    expect(answered.integration_customers).toEqual([]);
    expect(stored(lago, 'a').integration_customers).toEqual([
      {
        lago_id: expect.stringMatching(/^1a601174-/),
        external_customer_id: 'NS-1',
        type: 'netsuite',
        integration_code: 'ns',
        code: 'ns',
        is_default: true,
        category: 'accounting',
        sync_with_provider: false,
        subsidiary_id: '2',
      },
    ]);
  });

  it('are linked within the request for Salesforce', async () => {
    const salesforce = { integration_type: 'salesforce', integration_code: 'sf', external_customer_id: 'SF-1' };
    const answered = await save(lago, { external_id: 'a', integration_customers: [salesforce, netsuite] });
    expect(answered.integration_customers).toMatchObject([{ type: 'salesforce', external_customer_id: 'SF-1' }]);
    const types = stored(lago, 'a').integration_customers.map((link) => link['type']);
    expect(types).toEqual(['salesforce', 'netsuite']);
  });

  it('are updated by id', async () => {
    await save(lago, { external_id: 'a', integration_customers: [netsuite] });
    const [before] = stored(lago, 'a').integration_customers;
    await save(lago, {
      external_id: 'a',
      integration_customers: [{ ...netsuite, id: before?.['lago_id'], external_customer_id: 'NS-2' }],
    });
    expect(stored(lago, 'a').integration_customers).toEqual([{ ...before, external_customer_id: 'NS-2' }]);
  });

  it.each([[undefined], ['1a601174-0000-4000-8000-00000000ffff']])(
    'are destroyed and made anew when the id is %j',
    async (id) => {
      await save(lago, { external_id: 'a', integration_customers: [netsuite] });
      const [before] = stored(lago, 'a').integration_customers;
      const answered = await save(lago, { external_id: 'a', integration_customers: [{ ...netsuite, id }] });
      expect(answered.integration_customers).toEqual([]);
      const [after] = stored(lago, 'a').integration_customers;
      expect(after).toMatchObject({ external_customer_id: 'NS-1' });
      expect(after?.['lago_id']).not.toBe(before?.['lago_id']);
    },
  );

  it('are all removed by [] and kept when absent', async () => {
    await save(lago, { external_id: 'a', integration_customers: [netsuite] });
    await save(lago, { external_id: 'a', name: 'Foo' });
    expect(stored(lago, 'a').integration_customers).toHaveLength(1);
    await save(lago, { external_id: 'a', integration_customers: [] });
    expect(stored(lago, 'a').integration_customers).toEqual([]);
  });

  it('take one of a type', async () => {
    expect(await upsert(lago, { external_id: 'a', integration_customers: [netsuite, netsuite] })).toEqual(
      refused({ integration_customers: ['invalid_count_per_integration_type'] }),
    );
    expect(lago.customers()).toEqual([]);
  });

  it.each([
    ['its code is unknown', { ...netsuite, integration_code: 'nope' }],
    ['it asks for neither a link nor a sync', { integration_type: 'netsuite', integration_code: 'ns' }],
  ])('pass an item over when %s', async (_, item) => {
    await save(lago, { external_id: 'a', integration_customers: [item] });
    expect(stored(lago, 'a').integration_customers).toEqual([]);
  });

  it('hold one tax system', async () => {
    const items = [
      { integration_type: 'anrok', integration_code: 'tax', external_customer_id: '1' },
      { integration_type: 'avalara', integration_code: 'tax_2', external_customer_id: '2' },
    ];
    await save(lago, { external_id: 'a', integration_customers: items });
    expect(stored(lago, 'a').integration_customers).toMatchObject([{ type: 'anrok', category: 'tax' }]);
  });

  it('fail on an unknown type, with the customer stored', async () => {
    const item = { integration_type: 'sap', integration_code: 'x', sync_with_provider: true };
    expect(await upsert(lago, { external_id: 'a', integration_customers: [item] })).toMatchObject({ status: 500 });
    expect(stored(lago, 'a').integration_customers).toEqual([]);
  });

  it('show no connection code up to 1.51', async () => {
    const item = { integration_type: 'xero', integration_code: 'x', sync_with_provider: true };
    await save(release151, { external_id: 'a', integration_customers: [item] });
    expect(stored(release151, 'a').integration_customers).toEqual([
      {
        lago_id: expect.any(String),
        external_customer_id: expect.any(String),
        type: 'xero',
        integration_code: 'x',
        sync_with_provider: true,
      },
    ]);
  });
});
