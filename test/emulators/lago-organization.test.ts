import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { refused, save, stored, upsert } from './lago-client.js';

const now = () => Date.parse('2026-11-20T10:00:00Z');
const billingEntityCodes = ['acme_corp', 'acme_eu'] as const;
const lago = await startEmulator({ rateLimits: false, now, billingEntityCodes, taxCodes: ['vat_20', 'vat_5'] });
const licensed = await startEmulator({ rateLimits: false, premium: true });
const release151 = await startEmulator({ rateLimits: false, version: '1.51', billingEntityCodes });
const european = await startEmulator({ rateLimits: false, managesEuTaxes: true, taxCodes: ['vat_20'] });
const emulators = [lago, licensed, release151, european];

beforeEach(() => {
  for (const emulator of emulators) emulator.reset();
});
afterAll(() => Promise.all(emulators.map((emulator) => emulator.close())));

// lago-api, app/services/customers/update_currency_service.rb at v1.51.0 and at head
describe('currency of a customer with billing objects', () => {
  it('changes at head', async () => {
    await save(lago, { external_id: 'a', currency: 'EUR' });
    lago.addSubscription('a');
    expect(await save(lago, { external_id: 'a', currency: 'USD' })).toMatchObject({ currency: 'USD' });
  });

  it('is refused up to 1.51, alone and before any other check', async () => {
    await save(release151, { external_id: 'a', currency: 'EUR' });
    release151.addSubscription('a');
    expect(await upsert(release151, { external_id: 'a', currency: 'USD', country: '?' })).toEqual(
      refused({ currency: ['currencies_does_not_match'] }),
    );
    expect(stored(release151, 'a').currency).toBe('EUR');
  });

  it('may be sent again unchanged', async () => {
    await save(release151, { external_id: 'a', currency: 'EUR' });
    release151.addSubscription('a');
    expect(await save(release151, { external_id: 'a', currency: 'EUR', name: 'Foo' })).toMatchObject({ name: 'Foo' });
  });

  it('changes up to 1.51 while there are no billing objects', async () => {
    await save(release151, { external_id: 'a', currency: 'EUR' });
    expect(await save(release151, { external_id: 'a', currency: 'USD' })).toMatchObject({ currency: 'USD' });
  });
});

// lago-api, upsert_from_api_service.rb#assign_premium_attributes and timezone_validator.rb
describe('premium licence', () => {
  it('is needed for the timezone and the grace period, which are ignored without a word', async () => {
    const sent = { timezone: 'Mars/Olympus', billing_configuration: { invoice_grace_period: 3 } };
    expect(await save(lago, { external_id: 'a', ...sent })).toMatchObject({
      timezone: null,
      billing_configuration: { invoice_grace_period: null },
    });
  });

  it('keeps both', async () => {
    const sent = { timezone: 'America/New_York', billing_configuration: { invoice_grace_period: 3 } };
    expect(await save(licensed, { external_id: 'a', ...sent })).toMatchObject({
      ...sent,
      applicable_timezone: 'America/New_York',
    });
  });

  it.each([['America/Toronto'], ['']])('refuses %j as timezone', async (timezone) => {
    expect(await upsert(licensed, { external_id: 'a', timezone })).toEqual(refused({ timezone: ['invalid_timezone'] }));
  });

  it('refuses a grace period below zero', async () => {
    expect(await upsert(licensed, { external_id: 'a', billing_configuration: { invoice_grace_period: -1 } })).toEqual(
      refused({ invoice_grace_period: ['value_is_out_of_range'] }),
    );
  });

  it('ignores account_type, which needs revenue share', async () => {
    expect(await save(lago, { external_id: 'a', account_type: 'partner' })).toMatchObject({ account_type: 'customer' });
  });
});

// lago-api, app/services/billing_entities/resolve_service.rb
describe('billing entity', () => {
  it('is the default one unless another is named, and stays when it is not named again', async () => {
    expect(await save(lago, { external_id: 'a', billing_entity_code: 'acme_eu' })).toMatchObject({
      billing_entity_code: 'acme_eu',
    });
    expect(await save(lago, { external_id: 'a' })).toMatchObject({ billing_entity_code: 'acme_eu' });
  });

  it('goes back to the default one by null', async () => {
    await save(lago, { external_id: 'a', billing_entity_code: 'acme_eu' });
    expect(await save(lago, { external_id: 'a', billing_entity_code: null })).toMatchObject({
      billing_entity_code: 'acme_corp',
    });
  });

  it('answers 404 when the code is unknown, before anything is checked', async () => {
    expect(await upsert(lago, { external_id: 'a', billing_entity_code: 'nope', country: '?' })).toEqual({
      status: 404,
      body: { status: 404, error: 'Not Found', code: 'billing_entity_not_found' },
    });
    expect(lago.customers()).toEqual([]);
  });

  it('stays without a word up to 1.51 once there are billing objects', async () => {
    await save(release151, { external_id: 'a' });
    release151.addSubscription('a');
    expect(await save(release151, { external_id: 'a', billing_entity_code: 'acme_eu' })).toMatchObject({
      billing_entity_code: 'acme_corp',
    });
  });
});

// lago-api, app/services/customers/apply_taxes_service.rb
describe('tax codes', () => {
  it('replace the set', async () => {
    await save(lago, { external_id: 'a', tax_codes: ['vat_20', 'vat_20'] });
    const saved = await save(lago, { external_id: 'a', tax_codes: ['vat_5'] });
    expect(saved.taxes).toMatchObject([{ code: 'vat_5', rate: 20, created_at: '2026-11-20T10:00:00Z' }]);
  });

  it('are all taken off by []', async () => {
    await save(lago, { external_id: 'a', tax_codes: ['vat_20'] });
    expect(await save(lago, { external_id: 'a', tax_codes: [] })).toMatchObject({ taxes: [] });
  });

  it('are read without the nulls among them', async () => {
    await save(lago, { external_id: 'a', tax_codes: ['vat_20', null] });
    expect(stored(lago, 'a').taxes).toHaveLength(1);
    expect(await save(lago, { external_id: 'a', tax_codes: [null] })).toMatchObject({ taxes: [] });
  });

  it('answer 404 and roll everything back when one is unknown', async () => {
    const before = await save(lago, { external_id: 'a', name: 'Foo' });
    expect(await upsert(lago, { external_id: 'a', name: 'Bar', tax_codes: ['vat_20', 'nope'] })).toEqual({
      status: 404,
      body: { status: 404, error: 'Not Found', code: 'tax_not_found' },
    });
    expect(stored(lago, 'a')).toEqual(before);
  });
});

// lago-api, eu_auto_taxes_service.rb, eu_tax_code_resolver.rb and apply_taxes_service.rb
describe('a billing entity that manages EU taxes', () => {
  const taxesAfter = async (customer: object) =>
    (await save(european, { external_id: 'a', ...customer })).taxes.map(({ code }) => code);

  it.each([
    [{}, 'lago_eu_fr_standard'],
    [{ country: 'de' }, 'lago_eu_de_standard'],
    [{ country: 'US' }, 'lago_eu_tax_exempt'],
  ])('gives a new customer %j the tax %s', async (customer, code) => {
    expect(await taxesAfter(customer)).toEqual([code]);
  });

  it('adds it to the taxes that are sent', async () => {
    expect(await taxesAfter({ tax_codes: ['vat_20'] })).toEqual(['vat_20', 'lago_eu_fr_standard']);
  });

  it('removes it with an update that sends others and changes nothing that it depends on', async () => {
    await taxesAfter({ tax_codes: ['vat_20'] });
    expect(await taxesAfter({ tax_codes: ['vat_20'] })).toEqual(['vat_20']);
    expect(await taxesAfter({ name: 'Foo' })).toEqual(['lago_eu_fr_standard']);
  });

  it.each([{ country: 'DE' }, { zipcode: '10115' }])('sets it alone where this changes: %j', async (change) => {
    await taxesAfter({ tax_codes: ['vat_20'] });
    expect(await taxesAfter(change)).toEqual([`lago_eu_${'country' in change ? 'de' : 'fr'}_standard`]);
  });

  it('leaves the taxes of a customer with a tax number to a later check', async () => {
    expect(await taxesAfter({ tax_identification_number: 'FR12345678901' })).toEqual([]);
  });
});
