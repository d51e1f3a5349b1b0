import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AutumnUnderTest, openAutumn } from '../fixtures/autumn/client.js';

// What is said here about the server comes from its code at commit 187c0a7fd818 and from runs of it; the recorded
// scenarios themselves are in autumn-recordings.test.ts.

let autumn: AutumnUnderTest;

beforeEach(async () => {
  autumn = await openAutumn({ rateLimits: false });
});

afterEach(() => autumn.emulator.close());

const getOrCreate = (body: object) => autumn.call('customers.get_or_create', { body });
const update = (body: object) => autumn.call('customers.update', { body });
const refusal = (message: string, code = 'invalid_inputs') => ({ message, code, env: 'sandbox' });

describe('request bodies', () => {
  it.each([
    ['a byte order mark', '\ufeff{"customer_id":"a"}', {}],
    ['XML as content type', '{"customer_id":"a"}', { 'content-type': 'application/xml' }],
    ['a key given twice: the last one counts', '{"customer_id":"x.y","customer_id":"a"}', {}],
  ])('takes %s', async (_what, text, headers) => {
    expect((await autumn.call('customers.get_or_create', { text, headers })).body).toMatchObject({ id: 'a' });
  });

  it.each([
    ['null', 'null', 'customer_id: must be a string (received undefined)'],
    ['a list', '[]', 'input: Invalid input: expected object, received array'],
    ['nothing', '', 'customer_id: must be a string (received undefined)'],
  ])('refuses %s', async (_what, text, message) => {
    expect((await autumn.call('customers.get_or_create', { text })).body).toEqual(refusal(message));
  });

  it('does not unpack a gzip body', async () => {
    const answer = await fetch(`${autumn.emulator.url}/customers.get_or_create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${autumn.emulator.apiKey}`, 'content-encoding': 'gzip' },
      body: gzipSync('{"customer_id":"a"}'),
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual(refusal('customer_id: must be a string (received undefined)'));
  });

  it('takes 10 MB of metadata', async () => {
    const metadata = { text: 'x'.repeat(10_000_000) };

    expect((await getOrCreate({ customer_id: 'a', metadata })).status).toBe(200);
  });
});

describe('validation', () => {
  it.each(['a@b', 'a@localhost', '.a@example.com', 'a..b@example.com', 'jörg@exämple.de', `${'l'.repeat(64)}@b.co`])(
    'takes the e-mail %s',
    async (email) => {
      expect((await getOrCreate({ customer_id: 'a', email })).body).toMatchObject({ email });
    },
  );

  it.each([`${'l'.repeat(65)}@b.co`, 'a b@c.de', 'a@b.co,c@d.co', '"a"@b.co', ''])(
    'refuses the e-mail %s',
    async (email) => {
      expect((await getOrCreate({ customer_id: 'a', email })).body).toEqual(
        refusal('email: not a valid email address'),
      );
    },
  );

  it.each([
    [{ expand: ['plans'] }, /^expand\.0: must be one of: invoices, invoice_previews, trials_used, /],
    [
      { config: { disable_pooled_balance: 'yes' } },
      /^config\.disable_pooled_balance: must be a boolean \(received string\)$/,
    ],
    [
      { billing_controls: { auto_topups: [{ feature_id: 'f' }] } },
      /auto_topups\.0\.threshold: must be a number \(received undefined\); /,
    ],
    [
      { billing_controls: { overage_allowed: [{ feature_id: 'f' }, { feature_id: 'f' }] } },
      /^billing_controls\.overage_allowed\.1\.feature_id: Only one overage_allowed entry is allowed per feature_id$/,
    ],
    [{ create_in_stripe: null }, /^create_in_stripe: must be a boolean \(received null\)$/],
  ])('refuses %j', async (fields, message) => {
    expect((await getOrCreate({ customer_id: 'a', ...fields })).body).toMatchObject({
      message: expect.stringMatching(message),
      code: 'invalid_inputs',
    });
  });

  it('refuses null as a new id', async () => {
    expect((await update({ customer_id: 'a', new_customer_id: null })).body).toEqual(
      refusal('new_customer_id: must be a string (received null)'),
    );
  });

  it('keeps a name of 100 kB', async () => {
    const name = 'n'.repeat(100_000);

    expect((await getOrCreate({ customer_id: 'a', name })).body).toMatchObject({ name });
  });
});

// Autumn server, updateCustomer: whole arrays are replaced, config is merged key by key.
describe('billing controls and config', () => {
  const alert = { feature_id: 'f', enabled: true, threshold: 5, threshold_type: 'usage' };
  const topup = { feature_id: 'f', enabled: false, threshold: 1, quantity: 2 };

  it('are stored with their defaults and updated array by array and key by key', async () => {
    await getOrCreate({
      customer_id: 'a',
      billing_controls: { auto_topups: [{ feature_id: 'f', threshold: 1, quantity: 2 }], usage_alerts: [alert] },
      config: { disable_pooled_balance: true },
    });
    const { body } = await update({
      customer_id: 'a',
      billing_controls: { usage_alerts: [] },
      config: { disable_overage_billing: true },
    });

    expect(body).toMatchObject({
      billing_controls: { auto_topups: [topup], usage_alerts: [] },
      config: { disable_pooled_balance: true, disable_overage_billing: true },
    });
  });

  it('name their source from version 2.3 on, but not in lists', async () => {
    await getOrCreate({ customer_id: 'a', billing_controls: { auto_topups: [topup] } });
    const one = await autumn.call('customers.get', { body: { customer_id: 'a' }, version: '2.3' });
    const list = await autumn.call('customers.list', { body: {}, version: '2.3' });

    expect(one.body).toMatchObject({ billing_controls: { auto_topups: [{ ...topup, source: 'customer' }] } });
    expect(list.body).toMatchObject({ list: [{ billing_controls: { auto_topups: [topup] } }] });
    expect(JSON.stringify(list.body)).not.toContain('source');
  });

  it('refuse a used-up count above its limit and do not give the count back', async () => {
    const limited = (count: number) => ({
      billing_controls: { auto_topups: [{ ...topup, purchase_limit: { interval: 'day', limit: 3, count } }] },
    });
    const message = 'purchase_limit.count (4) cannot exceed purchase_limit.limit (3) for feature f';

    expect((await getOrCreate({ customer_id: 'a', ...limited(4) })).body).toEqual(refusal(message, 'invalid_request'));
    expect(autumn.emulator.customers()).toEqual([]);
    expect((await getOrCreate({ customer_id: 'a', ...limited(3) })).body).toMatchObject({
      billing_controls: {
        auto_topups: [{ ...topup, purchase_limit: { interval: 'day', interval_count: 1, limit: 3 } }],
      },
    });
    expect(JSON.stringify(autumn.emulator.customers())).not.toContain('"count"');
  });
});
