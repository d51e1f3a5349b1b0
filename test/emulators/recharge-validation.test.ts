import { describe, expect, it } from 'vitest';
import { NIELS, startRecharge } from './recharge-client.js';

// Nango template: created with `tax_exempt: true` and answered false; customers updated later show true
describe('tax_exempt', () => {
  it('is ignored by a create', async () => {
    const { send } = await startRecharge();
    const { body } = await send('POST', '/customers', { ...NIELS, tax_exempt: true });
    expect(body).toMatchObject({ customer: { tax_exempt: false } });
  });

  it('is kept by an update', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const { body } = await send('PUT', `/customers/${id}`, { tax_exempt: true });
    expect(body).toMatchObject({ customer: { tax_exempt: true } });
    expect(emulator.customers()).toMatchObject([{ tax_exempt: true }]);
  });
});

// RechargeSharp: create-customer_422_email-already-taken; Nango template: the same text with 400 under 2021-01
describe('a taken e-mail', () => {
  it('is answered with 422 and a string under 2021-11', async () => {
    const { emulator, send } = await startRecharge();
    emulator.seed(NIELS);
    const answer = await send('POST', '/customers', NIELS);
    expect(answer).toMatchObject({ status: 422, body: { errors: { email: 'email already exists on store' } } });
    expect(emulator.customers()).toHaveLength(1);
  });

  it('is answered with 400 and a string under 2021-01', async () => {
    const { emulator, sendUnversioned } = await startRecharge();
    emulator.seed(NIELS);
    const answer = await sendUnversioned('POST', '/customers', NIELS);
    expect(answer).toMatchObject({ status: 400, body: { errors: { email: 'email already exists on store' } } });
  });

  it.each([400, 409, 422] as const)('is answered with %i and an array when the options say so', async (status) => {
    const { emulator, send } = await startRecharge({ duplicateError: { status, form: 'array' } });
    emulator.seed(NIELS);
    const answer = await send('POST', '/customers', NIELS);
    expect(answer).toMatchObject({ status, body: { errors: { email: ['email already exists on store'] } } });
  });

  it('is taken in any case', async () => {
    const { emulator, send } = await startRecharge();
    emulator.seed(NIELS);
    const { status } = await send('POST', '/customers', { ...NIELS, email: 'NIELS@test.example' });
    expect(status).toBe(422);
  });

  it('refuses an update to the e-mail of another customer and changes nothing', async () => {
    const { emulator, send } = await startRecharge();
    emulator.seed(NIELS);
    const other = emulator.seed({ email: 'aage@test.example' });
    const answer = await send('PUT', `/customers/${other.id}`, { email: NIELS.email, first_name: 'Aage' });
    expect(answer).toMatchObject({ status: 422, body: { errors: { email: 'email already exists on store' } } });
    expect(emulator.customers()[1]).toEqual(other);
  });

  it('lets a customer keep its own e-mail and change its case', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const { status, body } = await send('PUT', `/customers/${id}`, { email: 'Niels@test.example' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ customer: { email: 'Niels@test.example' } });
  });

  it('lets only one of two simultaneous creates through', async () => {
    const { emulator, send } = await startRecharge();
    const answers = await Promise.all([send('POST', '/customers', NIELS), send('POST', '/customers', NIELS)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(emulator.customers()).toHaveLength(1);
  });
});

describe('validation', () => {
  // RechargeSharp, RechargeApiCallerTests: the three fields with "Required field missing"
  it('names every required field that a create lacks', async () => {
    const { send } = await startRecharge();
    const answer = await send('POST', '/customers', {});
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.body).toEqual({
      errors: {
        email: 'Required field missing',
        first_name: 'Required field missing',
        last_name: 'Required field missing',
      },
    });
  });

  it('finds no field in a body wrapped in `customer`', async () => {
    const { emulator, send } = await startRecharge();
    const { status } = await send('POST', '/customers', { customer: NIELS });
    expect(status).toBe(422);
    expect(emulator.customers()).toEqual([]);
  });

  // RechargeSharp: update-customer_422_bad-input
  it('refuses empty names with an array for each', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const { status, body } = await send('PUT', `/customers/${id}`, { first_name: '', last_name: '' });
    expect(status).toBe(422);
    expect(body).toEqual({
      errors: {
        first_name: ['Shorter than minimum length 1.'],
        last_name: ['Shorter than minimum length 1.'],
      },
    });
  });

  // RechargeSharp: update-address_422_address1-missing; for customers inferred from it
  it.each(['email', 'first_name', 'last_name', 'tax_exempt'])('refuses null for %s', async (field) => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const { status, body } = await send('PUT', `/customers/${id}`, { [field]: null });
    expect(status).toBe(422);
    expect(body).toEqual({ errors: { [field]: ['Field may not be null.'] } });
  });

  it.each([
    ['first_name', 7, ['Not a valid string.']],
    ['tax_exempt', 'yes', ['Not a valid boolean.']],
    ['email', 'niels', ['Not a valid email address.']],
    ['external_customer_id', 'acme-1', ['Invalid input type.']],
    ['external_customer_id', { ecommerce: 7 }, { ecommerce: ['Not a valid string.'] }],
  ])('refuses %s of a wrong kind', async (field, value, messages) => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    const { status, body } = await send('PUT', `/customers/${id}`, { [field]: value });
    expect(status).toBe(422);
    expect(body).toEqual({ errors: { [field]: messages } });
  });

  // RechargeSharp: misc-empty-body-when-server-expects-json_415; Recharge api-standards: "not a JSON object"
  it.each(['', '[]', '"niels"', 'null', '{"email":'])('answers 415 to the body %j', async (body) => {
    const { send } = await startRecharge();
    const answer = await send('POST', '/customers', body);
    expect(answer).toMatchObject({ status: 415, body: { error: 'Bad Request' } });
  });

  it('ignores unknown fields by default and refuses them on request', async () => {
    const lenient = await startRecharge();
    const strict = await startRecharge({ unknownFields: 'refuse' });
    const body = { ...NIELS, nickname: 'N' };

    const ignored = await lenient.send('POST', '/customers', body);
    const refused = await strict.send('POST', '/customers', body);

    expect(ignored.status).toBe(201);
    expect(refused).toMatchObject({ status: 422, body: { errors: { nickname: ['Unknown field.'] } } });
  });

  it('stores a phone that is not E.164', async () => {
    const { send } = await startRecharge();
    const { body } = await send('POST', '/customers', { ...NIELS, phone: '1-171-883-3711 x245' });
    expect(body).toMatchObject({ customer: { phone: '1-171-883-3711 x245' } });
  });
});

// Not established by any source: both possible behaviours can be chosen
describe('null for phone and external id', () => {
  const filled = { ...NIELS, phone: '+4511223344', external_customer_id: { ecommerce: 'acme-1' } };
  const nulls = { phone: null, external_customer_id: { ecommerce: null } };

  it('clears both by default', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(filled);
    const { status } = await send('PUT', `/customers/${id}`, nulls);
    expect(status).toBe(200);
    expect(emulator.customers()).toMatchObject([nulls]);
  });

  it('is refused with 422 when the options say so', async () => {
    const { emulator, send } = await startRecharge({ nulls: 'refuse' });
    const { id } = emulator.seed(filled);
    const { status, body } = await send('PUT', `/customers/${id}`, nulls);
    expect(status).toBe(422);
    expect(body).toEqual({
      errors: {
        phone: ['Field may not be null.'],
        external_customer_id: { ecommerce: ['Field may not be null.'] },
      },
    });
    expect(emulator.customers()).toMatchObject([filled]);
  });

  it('leaves the external id alone when the object does not name it', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(filled);
    await send('PUT', `/customers/${id}`, { external_customer_id: {} });
    expect(emulator.customers()).toMatchObject([{ external_customer_id: { ecommerce: 'acme-1' } }]);
  });
});
