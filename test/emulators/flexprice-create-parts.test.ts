import { describe, expect, it } from 'vitest';
import { ACME, startFlexprice, validationError } from './flexprice-client.js';

describe('metadata', () => {
  it('stores null values as "" and sorts the keys', async () => {
    const { send } = await startFlexprice();
    const { text } = await send('POST', '/customers', { ...ACME, metadata: { b: '1', a: null } });
    expect(text).toContain('"metadata":{"a":"","b":"1"}');
  });

  it('keeps a key called __proto__', async () => {
    const { send } = await startFlexprice();
    const { text } = await send('POST', '/customers', '{"external_id":"a","name":"A","metadata":{"__proto__":"x"}}');
    expect(text).toContain('"metadata":{"__proto__":"x"}');
  });

  it.each([
    [undefined, null],
    [{}, {}],
  ])('given as %j is shown as %j', async (metadata, shown) => {
    const { send } = await startFlexprice();
    const { body } = await send('POST', '/customers', { ...ACME, metadata });
    expect(Object(body).metadata).toEqual(shown);
  });

  // internal/types/tax_metadata.go
  it.each([
    [{ gstin: '27AAMCM4148E1Z' }, 'GSTIN must be 15 characters, e.g. "27AAMCM4148E1ZD"'],
    [{ pan: 'of milk' }, 'PAN must be 10 characters, e.g. "AAMCC5329F"'],
    [{ hsn_sac: '12345' }, 'HSN/SAC must be 4, 6 or 8 digits, e.g. "998415"'],
    [
      { gstin: '27AAMCM4148E1ZD', pan: 'AAMCC5329F' },
      'Characters 3-12 of the GSTIN are the PAN; either correct the PAN or omit it',
    ],
  ])('refuses the tax keys %j', async (metadata, message) => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, metadata });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_error', message });
  });

  it('accepts proper tax keys in any case', async () => {
    const { send } = await startFlexprice();
    const metadata = { gstin: '27aamcm4148e1zd', pan: 'AAMCM4148E', hsn_sac: '998415' };
    const { status, body } = await send('POST', '/customers', { ...ACME, metadata });
    expect(status).toBe(201);
    expect(body).toMatchObject({ metadata });
  });
});

// internal/ee/service/customer.go: handleCustomerOnboarding
describe('onboarding', () => {
  it('is started by a create unless skipped', async () => {
    const { emulator, send } = await startFlexprice();
    await send('POST', '/customers', { ...ACME, external_id: 'plain' });
    await send('POST', '/customers', { ...ACME, external_id: 'named', onboarding_workflow_name: 'unknown' });
    await send('POST', '/customers', { ...ACME, external_id: 'skipped', skip_onboarding_workflow: true });
    expect(emulator.onboarded).toEqual(['plain', 'named']);
  });

  it('is not started by a create that fails', async () => {
    const { emulator, send } = await startFlexprice();
    await send('POST', '/customers', { ...ACME, email: 'nope' });
    expect(emulator.onboarded).toEqual([]);
  });
});

// internal/ee/service/tax.go LinkTaxRatesToEntity, in the transaction of the insert
describe('tax_rate_overrides', () => {
  const options = { taxRateCodes: ['vat', 'gst'], autoAppliedTaxRateCodes: ['gst'] };
  const vat = { tax_rate_code: 'vat', currency: 'EUR' };

  it.each([
    [undefined, ['gst']],
    [null, ['gst']],
    [[], []],
    [[vat], ['vat']],
  ])('%j links %j', async (tax_rate_overrides, linked) => {
    const { emulator, create } = await startFlexprice(options);
    const id = await create({ ...ACME, tax_rate_overrides });
    expect(emulator.taxRatesOf(id)).toEqual(linked);
  });

  it('answers 404 to an unknown code and creates nothing', async () => {
    const { emulator, send } = await startFlexprice(options);
    const { status, body } = await send('POST', '/customers', {
      ...ACME,
      tax_rate_overrides: [vat, { tax_rate_code: 'none', currency: 'EUR' }],
    });
    expect(status).toBe(404);
    expect(body).toEqual({
      code: 'not_found',
      message: 'Taxrate with code none was not found',
      http_status_code: 404,
      details: { taxrate_code: 'none' },
    });
    expect(emulator.customers()).toEqual([]);
    expect(emulator.onboarded).toEqual([]);
  });

  it.each([
    [{ currency: 'EUR' }, 'Request validation failed'],
    [{ tax_rate_code: 'vat' }, 'Request validation failed'],
    [{ ...vat, priority: -1 }, 'Priority cannot be less than 0'],
    [{ ...vat, priority: 1.5 }, 'Invalid request format'],
  ])('refuses %j', async (override, message) => {
    const { send } = await startFlexprice(options);
    const answer = await send('POST', '/customers', { ...ACME, tax_rate_overrides: [override] });
    expect(answer).toMatchObject({ status: 400, body: { message } });
  });
});

// internal/api/dto/entityintegrationmapping.go: checked, then discarded
describe('integration_entity_mapping', () => {
  it('is checked on create', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', {
      ...ACME,
      integration_entity_mapping: [{ entity_type: 'customer', provider_type: 'stripe', provider_entity_id: 'cus_1' }],
    });
    expect(status).toBe(400);
    expect(body).toEqual(validationError('CreateEntityIntegrationMappingRequest', { EntityID: 'required' }));
  });

  it('links nothing when it is complete', async () => {
    const { send, create } = await startFlexprice();
    const id = await create({
      ...ACME,
      integration_entity_mapping: [
        { entity_id: 'x', entity_type: 'customer', provider_type: 'stripe', provider_entity_id: 'cus_1' },
      ],
    });
    const { status, body } = await send('GET', `/customers/${id}?expand=integrations`);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('integrations');
  });
});
