import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulators/lago.js';
import { refused, save, stored, upsert } from './lago-client.js';

const lago = await startEmulator({ rateLimits: false });
const release151 = await startEmulator({ rateLimits: false, version: '1.51' });
const release148 = await startEmulator({ rateLimits: false, version: '1.48' });
const emulators = [lago, release151, release148];

beforeEach(() => {
  for (const emulator of emulators) emulator.reset();
});
afterAll(() => Promise.all(emulators.map((emulator) => emulator.close())));

// lago-api, app/models/customer.rb validations and config/locales/en.yml
describe('validation', () => {
  it.each([
    [{ currency: 'usd' }, { currency: ['value_is_invalid'] }],
    [{ currency: 'ZZZ' }, { currency: ['value_is_invalid'] }],
    [{ country: 'United States' }, { country: ['not_a_valid_country_code'] }],
    [{ country: 'USA' }, { country: ['not_a_valid_country_code'] }],
    [{ shipping_address: { country: 'USA' } }, { shipping_country: ['not_a_valid_country_code'] }],
    [{ name: 'x'.repeat(256) }, { name: ['value_is_too_long'] }],
    [{ net_payment_term: -1 }, { net_payment_term: ['value_is_out_of_range'] }],
    [{ net_payment_term: 'soon' }, { net_payment_term: ['is not a number'] }],
    [{ customer_type: 'robot' }, { customer_type: ['value_is_invalid'] }],
    [{ finalize_zero_amount_invoice: 'never' }, { finalize_zero_amount_invoice: ['invalid_value'] }],
    [{ email: 'joe@' }, { email: ['invalid_email_format'] }],
    [
      { country: 'United States', email: 'joe@' },
      { country: ['not_a_valid_country_code'], email: ['invalid_email_format'] },
    ],
    [
      { skip_invoice_custom_sections: true, invoice_custom_section_codes: ['bank'] },
      { invoice_custom_sections: ['skip_sections_and_selected_ids_sent_together'] },
    ],
  ])('refuses %j and stores nothing', async (sent, details) => {
    expect(await upsert(lago, { external_id: 'a', ...sent })).toEqual(refused(details));
    expect(lago.customers()).toEqual([]);
  });

  it('names all wrong fields at once, as Lago`s own spec has it', async () => {
    const { body } = await upsert(lago, { name: 'Foo Bar', currency: 'invalid' });
    expect(JSON.stringify(body)).toBe(
      '{"status":422,"error":"Unprocessable Entity","code":"validation_errors",' +
        '"error_details":{"currency":["value_is_invalid"],"external_id":["value_is_mandatory"]}}',
    );
  });

  it('leaves a customer as it was when the update is refused', async () => {
    const before = await save(lago, { external_id: 'a', name: 'Foo', metadata: [{ key: 'k', value: 'v' }] });
    await upsert(lago, { external_id: 'a', name: 'Bar', metadata: [], country: 'nowhere' });
    expect(stored(lago, 'a')).toEqual(before);
  });

  it.each([
    [{ name: 'é'.repeat(255) }],
    [{ country: 'xk' }],
    [{ currency: 'KWD' }],
    [{ net_payment_term: '30' }],
    [{ phone: 'call me', url: 'not a url', zipcode: '?', state: 'x'.repeat(2000) }],
  ])('takes %j', async (sent) => {
    expect(await upsert(lago, { external_id: 'a', ...sent })).toMatchObject({ status: 200 });
  });

  it('upcases the country', async () => {
    expect(await save(lago, { external_id: 'a', country: 'fr' })).toMatchObject({ country: 'FR' });
  });

  it('strips NUL bytes from texts and addresses', async () => {
    const saved = await save(lago, {
      external_id: 'a',
      name: 'Foo\0Bar',
      firstname: '\0',
      city: 'Pa\0ris',
      state: '\0',
    });
    expect(saved).toMatchObject({ name: 'FooBar', firstname: '', city: 'Paris', state: null });
  });

  it('fails on NUL bytes in texts, not in addresses, before 1.51', async () => {
    const saved = await save(release148, { external_id: 'a', city: 'Pa\0ris' });
    expect(saved).toMatchObject({ city: 'Paris' });
    expect(await upsert(release148, { external_id: 'a', name: 'Foo\0Bar' })).toEqual({
      status: 500,
      body: { status: 500, error: 'Internal Server Error' },
    });
  });

  it('does not limit the name before 1.51', async () => {
    expect(await upsert(release148, { external_id: 'a', name: 'x'.repeat(256) })).toMatchObject({ status: 200 });
  });
});

// lago-api, app/validators/email_validator.rb, app/support/{regex,email_sanitizer}.rb
describe('e-mail', () => {
  it.each([
    ['a@example.com,b@example.com', 'a@example.com,b@example.com'],
    ['a@example.com, b@example.com', 'a@example.com, b@example.com'],
    [' Joe@Example.COM ', 'Joe@Example.COM'],
    ['foo\u200B\u200C\u200D\u00A0\u200E\u200Fbar@example.com', 'foobar@example.com'],
    ['first\u2013last@example.com', 'first-last@example.com'],
    ['joão.silva@example.com', 'joão.silva@example.com'],
    ["o'brien+tag@mail.example.co.uk", "o'brien+tag@mail.example.co.uk"],
  ])('takes %j', async (sent, kept) => {
    expect(await save(lago, { external_id: 'a', email: sent })).toMatchObject({ email: kept });
  });

  it.each([
    ['joão.silva@'],
    ['a@example.com,'],
    ['a@example.com;b@example.com'],
    ['a@b@example.com'],
    ['a b@example.com'],
    ['a@localhost'],
    ['a@münchen.example'],
    ['Joe <joe@example.com>'],
  ])('refuses %j', async (email) => {
    expect(await upsert(lago, { external_id: 'a', email })).toEqual(refused({ email: ['invalid_email_format'] }));
  });

  it('takes ASCII only before the @ up to 1.51', async () => {
    expect(await upsert(release151, { external_id: 'a', email: 'joão@example.com' })).toEqual(
      refused({ email: ['invalid_email_format'] }),
    );
  });
});
