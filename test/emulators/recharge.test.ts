import { describe, expect, it } from 'vitest';
import { NIELS, startRecharge } from './recharge-client.js';

const NOW = Date.UTC(2026, 10, 20, 5, 31, 39);
const now = () => NOW;

// RechargeSharp, recorded responses of 2021-11: create-customer_201, get-customer_200, update-customer_200
describe('the records of 2021-11', () => {
  it('answers 201 with every field to a create', async () => {
    const { send } = await startRecharge({ now });

    const { status, body } = await send('POST', '/customers', {
      ...NIELS,
      phone: '+4511223344',
      external_customer_id: { ecommerce: '5624561795145' },
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      customer: {
        id: expect.any(Number),
        analytics_data: { utm_params: [] },
        apply_credit_to_next_recurring_charge: false,
        created_at: '2026-11-20T05:31:39+00:00',
        email: 'niels@test.example',
        external_customer_id: { ecommerce: '5624561795145' },
        first_charge_processed_at: null,
        first_name: 'Niels',
        has_payment_method_in_dunning: false,
        has_valid_payment_method: false,
        hash: expect.stringMatching(/^[0-9a-f]{30}$/),
        last_name: 'Bohr',
        phone: '+4511223344',
        subscriptions_active_count: 0,
        subscriptions_total_count: 0,
        tax_exempt: false,
        updated_at: '2026-11-20T05:31:39+00:00',
      },
    });
  });

  it('gives a customer created without an external id an object that holds null', async () => {
    const { send } = await startRecharge();
    const { body } = await send('POST', '/customers', NIELS);
    expect(body).toMatchObject({ customer: { external_customer_id: { ecommerce: null }, phone: null } });
  });

  it('reads back by id what was created', async () => {
    const { emulator, send } = await startRecharge();
    const created = await send('POST', '/customers', NIELS);
    const [customer] = emulator.customers();

    const { status, body } = await send('GET', `/customers/${customer?.id}`);

    expect(status).toBe(200);
    expect(body).toEqual(created.body);
  });

  it('changes only what a PUT names and moves updated_at', async () => {
    let time = NOW;
    const { emulator, send } = await startRecharge({ now: () => time });
    const { id } = emulator.seed({ ...NIELS, phone: '+4511223344' });
    time += 60_000;

    const { status, body } = await send('PUT', `/customers/${id}`, { first_name: 'Aage' });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      customer: {
        id,
        first_name: 'Aage',
        last_name: 'Bohr',
        phone: '+4511223344',
        created_at: '2026-11-20T05:31:39+00:00',
        updated_at: '2026-11-20T05:32:39+00:00',
      },
    });
  });

  it('keeps both of two simultaneous changes', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    await Promise.all([
      send('PUT', `/customers/${id}`, { first_name: 'Aage' }),
      send('PUT', `/customers/${id}`, { phone: '+4511223344' }),
    ]);
    expect(emulator.customers()).toMatchObject([{ first_name: 'Aage', phone: '+4511223344' }]);
  });

  it('changes the e-mail, by which it is found from then on', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    await send('PUT', `/customers/${id}`, { email: 'aage@test.example' });

    const before = await send('GET', '/customers?email=niels%40test.example');
    const after = await send('GET', '/customers?email=aage%40test.example');

    expect(before.body).toMatchObject({ customers: [] });
    expect(after.body).toMatchObject({ customers: [{ id }] });
  });

  it('frees the e-mail that a customer had before', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    await send('PUT', `/customers/${id}`, { email: 'aage@test.example' });
    const { status } = await send('POST', '/customers', NIELS);
    expect(status).toBe(201);
  });

  it('sets apply_credit_to_next_recurring_charge on update but not on create', async () => {
    const { emulator, send } = await startRecharge();
    const created = await send('POST', '/customers', { ...NIELS, apply_credit_to_next_recurring_charge: true });
    const updated = await send('PUT', `/customers/${emulator.customers()[0]?.id}`, {
      apply_credit_to_next_recurring_charge: true,
    });
    expect(created.body).toMatchObject({ customer: { apply_credit_to_next_recurring_charge: false } });
    expect(updated.body).toMatchObject({ customer: { apply_credit_to_next_recurring_charge: true } });
  });

  // RechargeSharp: delete-customer_204, delete-customer_404
  it('deletes with 204 and no body, then answers 404', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);

    const first = await send('DELETE', `/customers/${id}`);
    const second = await send('DELETE', `/customers/${id}`);

    expect(first).toMatchObject({ status: 204, body: undefined });
    expect(second).toMatchObject({ status: 404, body: { errors: 'Not Found' } });
    expect(emulator.customers()).toEqual([]);
  });

  // RechargeSharp: get-customer_404_no-customer-with-id
  it.each(['GET', 'PUT'])('answers 404 to %s of an unknown id', async (method) => {
    const { send } = await startRecharge();
    const answer = await send(method, '/customers/111111', method === 'PUT' ? {} : undefined);
    expect(answer).toMatchObject({ status: 404, body: { errors: 'Not Found' } });
  });

  it('lets a deleted customer be created anew under another id', async () => {
    const { emulator, send } = await startRecharge();
    const { id } = emulator.seed(NIELS);
    await send('DELETE', `/customers/${id}`);

    const { status } = await send('POST', '/customers', NIELS);

    expect(status).toBe(201);
    expect(emulator.customers()[0]?.id).not.toBe(id);
  });
});

// Nango template, customers recorded in January 2025 without a version header
describe('the records of 2021-01', () => {
  it('answers 200 with every field to a create', async () => {
    const { sendUnversioned } = await startRecharge({ now: () => Date.UTC(2025, 0, 27, 12, 14, 41) });

    const { status, body } = await sendUnversioned('POST', '/customers', {
      first_name: 'Anther Test',
      last_name: 'User',
      email: 'anothertestuser@example.com',
      phone: '+447196746473',
      tax_exempt: true,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      customer: {
        accepts_marketing: null,
        analytics_data: { utm_params: [] },
        billing_address1: null,
        billing_address2: null,
        billing_city: null,
        billing_company: null,
        billing_country: null,
        billing_phone: '+447196746473',
        billing_province: null,
        billing_zip: null,
        created_at: '2025-01-27T07:14:41',
        email: 'anothertestuser@example.com',
        first_charge_processed_at: null,
        first_name: 'Anther Test',
        has_card_error_in_dunning: false,
        has_valid_payment_method: false,
        hash: expect.stringMatching(/^[0-9a-f]{30}$/),
        id: expect.any(Number),
        last_name: 'User',
        number_active_subscriptions: 0,
        number_subscriptions: 0,
        phone: '+447196746473',
        processor_type: null,
        reason_payment_method_not_valid: 'NOT_VALIDATED',
        shopify_customer_id: null,
        status: 'INACTIVE',
        tax_exempt: false,
        updated_at: '2025-01-27T07:14:41',
      },
    });
  });

  it('takes the external id as shopify_customer_id', async () => {
    const { emulator, sendUnversioned } = await startRecharge();
    await sendUnversioned('POST', '/customers', { ...NIELS, shopify_customer_id: '8156483977392p' });
    expect(emulator.customers()).toMatchObject([{ external_customer_id: { ecommerce: '8156483977392p' } }]);
  });

  it('does not know the external_customer_id of 2021-11', async () => {
    const { emulator, sendUnversioned } = await startRecharge();
    await sendUnversioned('POST', '/customers', { ...NIELS, external_customer_id: { ecommerce: '1' } });
    expect(emulator.customers()).toMatchObject([{ external_customer_id: { ecommerce: null } }]);
  });
});
