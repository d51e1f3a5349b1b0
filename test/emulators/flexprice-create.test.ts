import { describe, expect, it } from 'vitest';
import { ACME, startFlexprice, validationError } from './flexprice-client.js';

// internal/api/v1/customer.go CreateCustomer, internal/ee/service/customer.go, internal/repository/ent/customer.go
describe('POST /customers', () => {
  it('answers 201 with every field, unset text as "" and contact left out', async () => {
    const { send } = await startFlexprice({ now: () => Date.UTC(2026, 7, 22, 10, 0, 0, 120) });

    const { status, headers, body } = await send('POST', '/customers', {
      external_id: 'acme-1',
      name: 'Acme Inc',
      email: 'billing@acme.test',
      address_country: 'US',
      metadata: { crm_id: '42' },
      skip_onboarding_workflow: true,
    });

    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      id: expect.stringMatching(/^cust_[0-9A-HJKMNP-TV-Z]{26}$/),
      external_id: 'acme-1',
      name: 'Acme Inc',
      email: 'billing@acme.test',
      address_line1: '',
      address_line2: '',
      address_city: '',
      address_state: '',
      address_postal_code: '',
      address_country: 'US',
      timezone: 'UTC',
      metadata: { crm_id: '42' },
      environment_id: expect.stringMatching(/^env_/),
      tenant_id: expect.stringMatching(/^tenant_/),
      status: 'published',
      created_at: '2026-08-22T10:00:00.12Z',
      updated_at: '2026-08-22T10:00:00.12Z',
      created_by: expect.stringMatching(/^user_/),
      updated_by: expect.stringMatching(/^user_/),
    });
  });

  it('stores every writable field', async () => {
    const { emulator, send } = await startFlexprice();
    const customer = {
      ...ACME,
      email: 'billing@acme.test',
      contact: '+4511223344',
      address_line1: 'Blegdamsvej 17',
      address_line2: '1st floor',
      address_city: 'København',
      address_state: 'Hovedstaden',
      address_postal_code: '2100',
      address_country: 'DK',
      timezone: 'Europe/Copenhagen',
      metadata: { tier: 'gold' },
    };
    await send('POST', '/customers', customer);
    expect(emulator.customers()).toMatchObject([customer]);
  });

  it('answers 409 to a published external id and changes nothing', async () => {
    const { emulator, send } = await startFlexprice();
    await send('POST', '/customers', ACME);
    const { status, body } = await send('POST', '/customers', { external_id: 'acme-1', name: 'Other' });
    expect(status).toBe(409);
    expect(body).toEqual({
      code: 'already_exists',
      message: 'A customer with this identifier already exists',
      http_status_code: 409,
      details: { external_id: 'acme-1' },
    });
    expect(emulator.customers()).toMatchObject([ACME]);
  });

  it('lets only one of two simultaneous creates through', async () => {
    const { emulator, send } = await startFlexprice();
    const answers = await Promise.all([send('POST', '/customers', ACME), send('POST', '/customers', ACME)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(emulator.customers()).toHaveLength(1);
  });

  it('tells external ids apart by case and by blanks, and e-mails and names not at all', async () => {
    const { emulator, send } = await startFlexprice();
    for (const external_id of ['acme-1', 'ACME-1', ' acme-1']) {
      const { status } = await send('POST', '/customers', { external_id, name: 'Acme', email: 'a@acme.test' });
      expect(status).toBe(201);
    }
    expect(emulator.customers()).toHaveLength(3);
  });

  it('creates a new customer for the external id of an archived one', async () => {
    const { emulator, send, create } = await startFlexprice();
    const archived = await create();
    await send('DELETE', `/customers/${archived}`);
    const { status } = await send('POST', '/customers', { ...ACME, name: 'Acme again' });
    expect(status).toBe(201);
    expect(emulator.customers()).toMatchObject([{ external_id: 'acme-1', name: 'Acme again' }]);
    expect(emulator.customers()[0]?.id).not.toBe(archived);
  });

  it('ignores unknown keys, such as the parent ids removed on 2026-04-04', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, parent_customer_id: 'cust_1' });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('parent_customer_id');
  });
});

// internal/api/dto/customer.go, go-playground/validator v10.30
describe('the rules of a create', () => {
  it('names every failing field by its Go name', async () => {
    const { emulator, send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', {
      external_id: 'acme-2',
      name: 'A',
      email: 'nope',
      address_country: 'USA',
    });
    expect(status).toBe(400);
    expect(body).toEqual(validationError('CreateCustomerRequest', { Email: 'email', AddressCountry: 'len' }));
    expect(emulator.customers()).toEqual([]);
  });

  it.each([
    [
      { external_id: '', name: '' },
      { ExternalID: 'required', Name: 'required' },
    ],
    [
      { external_id: null, name: null },
      { ExternalID: 'required', Name: 'required' },
    ],
    [{ external_id: undefined }, { ExternalID: 'required' }],
    [{ name: 'n'.repeat(256) }, { Name: 'max' }],
    [{ contact: '1'.repeat(21) }, { Contact: 'max' }],
    [{ address_line1: 'a'.repeat(256) }, { AddressLine1: 'max' }],
    [{ address_city: 'a'.repeat(101) }, { AddressCity: 'max' }],
    [{ address_postal_code: '1'.repeat(21) }, { AddressPostalCode: 'max' }],
    [{ address_country: 'us' }, { AddressCountry: 'iso3166_1_alpha2' }],
    [{ address_country: 'XX' }, { AddressCountry: 'iso3166_1_alpha2' }],
    [{ timezone: 'Mars/Olympus' }, { Timezone: 'timezone' }],
    [{ timezone: 'Local' }, { Timezone: 'timezone' }],
    [{ timezone: 'europe/copenhagen' }, { Timezone: 'timezone' }],
    [{ timezone: 'America/New_york' }, { Timezone: 'timezone' }],
    [{ timezone: '+01:00' }, { Timezone: 'timezone' }],
  ])('refuses %j', async (change, tags) => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, ...change });
    expect(status).toBe(400);
    expect(body).toEqual(validationError('CreateCustomerRequest', tags));
  });

  it.each(['a@b', 'a@localhost', '.a@acme.test', 'a..b@acme.test', 'Acme <a@acme.test>', 'a@acme.t3', 'a b@acme.test'])(
    'refuses the e-mail %s',
    async (email) => {
      const { send } = await startFlexprice();
      const { body } = await send('POST', '/customers', { ...ACME, email });
      expect(body).toEqual(validationError('CreateCustomerRequest', { Email: 'email' }));
    },
  );

  it.each(['a+b@acme.test', "o'brien@acme.co.uk", 'søren@københavn.dk', 'UPPER@ACME.TEST'])(
    'accepts the e-mail %s',
    async (email) => {
      const { send } = await startFlexprice();
      const { status, body } = await send('POST', '/customers', { ...ACME, email });
      expect(status).toBe(201);
      expect(body).toMatchObject({ email });
    },
  );

  it.each(['Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+1', 'UTC'])(
    'accepts the timezone %s',
    async (timezone) => {
      const { send } = await startFlexprice();
      const { body } = await send('POST', '/customers', { ...ACME, timezone });
      expect(body).toMatchObject({ timezone });
    },
  );

  it('skips "" in every optional field', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', {
      ...ACME,
      email: '',
      contact: '',
      address_country: '',
      address_city: '',
      timezone: '',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ email: '', contact: '', address_country: '', address_city: '', timezone: 'UTC' });
  });

  it('takes null for absent', async () => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, email: null, contact: null, metadata: null });
    expect(status).toBe(201);
    expect(body).toMatchObject({ email: '', metadata: null });
    expect(body).not.toHaveProperty('contact');
  });

  it.each([
    { name: 7 },
    { skip_onboarding_workflow: 'yes' },
    { metadata: { n: 1 } },
    { metadata: { n: true } },
    { metadata: { n: {} } },
    { metadata: [] },
    { tax_rate_overrides: {} },
  ])('answers 400 to the wrong type in %j', async (change) => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, ...change });
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'validation_error', message: 'Invalid request format', http_status_code: 400 });
  });

  it.each(['', '{"external_id":', '[]', '"acme"'])('answers 400 to the body %j', async (body) => {
    const { send } = await startFlexprice();
    const answer = await send('POST', '/customers', body);
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid request format' } });
  });

  it.each([{ external_id: 'x'.repeat(256) }, { email: `${'e'.repeat(250)}@acme.test` }])(
    'answers 500 to what only the database finds too long',
    async (change) => {
      const { emulator, send } = await startFlexprice();
      const { status, body } = await send('POST', '/customers', { ...ACME, ...change });
      expect(status).toBe(500);
      expect(body).toEqual({ code: 'database_error', message: 'Failed to create customer', http_status_code: 500 });
      expect(emulator.customers()).toEqual([]);
    },
  );

  it('answers 500 to a NUL, but not to the six characters that spell one in JSON', async () => {
    const { send } = await startFlexprice();
    const real = await send('POST', '/customers', { ...ACME, metadata: { note: 'a\0b' } });
    const spelt = await send('POST', '/customers', { ...ACME, name: 'a\\u0000b' });
    expect([real.status, spelt.status]).toEqual([500, 201]);
  });

  // internal/domain/customer/model.go ValidateAddress counts bytes
  it.each([
    ['address_line1', 200, 'Address line 1 must be less than 255 characters'],
    ['address_line2', 200, 'Address line 2 must be less than 255 characters'],
    ['address_city', 50, 'City name must be less than 100 characters'],
    ['address_state', 50, 'State name must be less than 100 characters'],
    ['address_postal_code', 10, 'Postal code must be less than 20 characters'],
  ])('refuses a %s of %i three-byte characters, which the validator lets through', async (field, count, message) => {
    const { send } = await startFlexprice();
    const { status, body } = await send('POST', '/customers', { ...ACME, [field]: '漢'.repeat(count) });
    expect(status).toBe(400);
    expect(body).toEqual({ code: 'validation_error', message, http_status_code: 400 });
  });

  it('counts the characters of a name, not its bytes', async () => {
    const { send } = await startFlexprice();
    const { status } = await send('POST', '/customers', { ...ACME, name: '漢'.repeat(255) });
    expect(status).toBe(201);
  });
});
