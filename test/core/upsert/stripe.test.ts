import { beforeEach, describe, expect, it } from 'vitest';
import { type StripeEmulator, type StripeEmulatorOptions, startEmulator } from '../../../emulators/stripe.js';
import { stripe } from '../../../integrations/stripe/connector.js';
import { during, type Flow, JOE, openFlow } from './flow.js';

let now: number;
beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00Z');
});

async function open(options: StripeEmulatorOptions = {}): Promise<Flow<StripeEmulator>> {
  const emulator = await during(startEmulator({ rateLimits: false, now: () => now, ...options }));
  return openFlow(emulator, stripe);
}

const minute = 60_000;
const names = ({ emulator }: Flow<StripeEmulator>) => emulator.customers().map(({ name }) => name);
const elsewhere = (flow: Flow<StripeEmulator>, fields: object) =>
  flow.call('POST', '/v1/customers', { email: JOE.email, name: 'Joe Bloggs', ...fields });

describe('where a search does not show yet who was created', () => {
  it('the same create again makes no second customer', async () => {
    const flow = await open({ searchLagMs: minute });
    const first = await flow.given(JOE);
    const again = await flow.upsert(JOE);
    expect(again.provider_id).toBe(first.provider_id);
    expect(names(flow)).toEqual(['Joe Bloggs']);
  });

  it('a create with other values makes no second customer, and waits for the search', async () => {
    const flow = await open({ searchLagMs: minute });
    await flow.given(JOE);
    const early = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(early).toMatchObject({
      status: 'failed',
      error: { code: 'unavailable', remedy: expect.stringMatching(/Run again/) },
    });
    expect(names(flow)).toEqual(['Joe Bloggs']);
    now += minute;
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(names(flow)).toEqual(['Joe Smith']);
  });

  it('an answer that is lost five times is uncertain, and the next run makes no second customer', async () => {
    const flow = await open({ searchLagMs: minute });
    flow.emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST', times: 99 });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'uncertain' });
    flow.emulator.faults.clear();
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(names(flow)).toEqual(['Joe Bloggs']);
  });

  it.each([
    ['without having made the customer', false, 'created'],
    ['after it made the customer', true, 'unchanged'],
  ])(
    'a create that Stripe failed at, %s, is uncertain as long as that answer is repeated',
    async (_, commit, later) => {
      const flow = await open({ searchLagMs: minute });
      flow.emulator.faults.add({ kind: 'respond', status: 500, commit }, { method: 'POST', times: 99 });
      expect(await flow.upsert(JOE)).toMatchObject({ status: 'uncertain' });
      expect(await flow.upsert(JOE)).toMatchObject({ status: 'uncertain' });
      now += 24 * 60 * minute;
      flow.emulator.faults.clear();
      expect(await flow.upsert(JOE)).toMatchObject({ status: later });
      expect(names(flow)).toEqual(['Joe Bloggs']);
    },
  );

  it('a create that was not answered stays uncertain, whatever the next attempt meets', async () => {
    const flow = await open({ searchLagMs: minute });
    flow.emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST', times: 3 });
    flow.emulator.faults.add({ kind: 'respond', status: 403 }, { method: 'POST' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'uncertain', error: { code: 'uncertain', status: 403 } });
    expect(names(flow)).toEqual(['Joe Bloggs']);
  });

  it('what the search shows of the customer is not what is compared', async () => {
    const flow = await open({ searchLagMs: minute });
    const { provider_id: id } = await flow.given(JOE);
    now += minute;
    await flow.upsert(JOE);
    await flow.call('POST', `/v1/customers/${id}`, { name: 'Joe Smith' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'updated' });
    expect(names(flow)).toEqual(['Joe Bloggs']);
  });
});

describe('who was deleted at Stripe', () => {
  it('is created again, although Stripe remembers the first create', async () => {
    const flow = await open();
    const { provider_id: id } = await flow.given(JOE);
    await flow.call('DELETE', `/v1/customers/${id}`);
    const again = await flow.upsert(JOE);
    expect(again).toMatchObject({ status: 'created' });
    expect(again.provider_id).not.toBe(id);
    expect(names(flow)).toEqual(['Joe Bloggs']);
  });

  it('is created again with other values at once where the deleted id is known', async () => {
    const flow = await open();
    const { provider_id: id } = await flow.given(JOE);
    await flow.call('DELETE', `/v1/customers/${id}`);
    const again = await flow.upsert({ ...JOE, last_name: 'Smith', external_ids: { stripe: id } });
    expect(again.error).toBeUndefined();
    expect(names(flow)).toEqual(['Joe Smith']);
  });

  it('is created again with other values after a day where nobody knows the deleted id', async () => {
    const flow = await open();
    const { provider_id: id } = await flow.given(JOE);
    await flow.call('DELETE', `/v1/customers/${id}`);
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'failed' });
    now += 24 * 60 * minute;
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'created' });
  });
});

describe('whose customer a record is', () => {
  it('is not told by its e-mail address', async () => {
    const flow = await open();
    await elsewhere(flow, {});
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(names(flow)).toHaveLength(2);
  });

  it('is told by external_ids.stripe, and is written down there', async () => {
    const flow = await open();
    await elsewhere(flow, { metadata: { theirs: 'x' } });
    const [theirs] = flow.emulator.customers();
    const outcome = await flow.upsert({ ...JOE, external_ids: { stripe: theirs?.id } });
    expect(outcome).toMatchObject({ status: 'updated', provider_id: theirs?.id });
    expect(flow.emulator.customers()).toMatchObject([{ metadata: { customer_sync_id: JOE.id, theirs: 'x' } }]);
  });

  it('is a conflict where the record given has another of our ids', async () => {
    const flow = await open();
    const { provider_id: id } = await flow.given(JOE);
    const outcome = await flow.upsert({ ...JOE, id: 'acct_2', external_ids: { stripe: id } });
    expect(outcome).toMatchObject({ status: 'conflict', error: { code: 'conflict' } });
    expect(flow.steps()).toEqual(['read']);
    expect(flow.emulator.customers()).toMatchObject([{ metadata: { customer_sync_id: JOE.id } }]);
  });

  it('is a conflict where two have our id', async () => {
    const flow = await open();
    await elsewhere(flow, { metadata: { customer_sync_id: JOE.id } });
    await elsewhere(flow, { metadata: { customer_sync_id: JOE.id } });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(outcome).toMatchObject({ status: 'conflict' });
    expect(names(flow)).toEqual(['Joe Bloggs', 'Joe Bloggs']);
  });
});

describe('metadata', () => {
  it('is merged key by key, and our id is no part of it', async () => {
    const flow = await open();
    await flow.given({ ...JOE, metadata: { plan: 'gold', old: 'x' } });
    const outcome = await flow.upsert({ ...JOE, metadata: { plan: 'silver', old: null, customer_sync_id: 'stolen' } });
    expect(outcome).toMatchObject({
      status: 'updated',
      warnings: [{ code: 'dropped', field: 'metadata.customer_sync_id' }],
    });
    expect(flow.written()).toEqual([{ metadata: { plan: 'silver', old: '' } }]);
    expect(flow.emulator.customers()).toMatchObject([{ metadata: { plan: 'silver', customer_sync_id: JOE.id } }]);
  });

  it('has room for 49 keys beside our id', async () => {
    const flow = await open();
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
    expect(await flow.upsert({ ...JOE, metadata: keys(50) })).toMatchObject({ status: 'invalid' });
    expect(await flow.upsert({ ...JOE, metadata: keys(49) })).toMatchObject({ status: 'created' });
  });
});

describe.each(['replace', 'merge'] as const)('an address whose parts left out Stripe would %s', (addressUpdates) => {
  const address = { line1: '1 Main St', city: 'Berlin', country: 'DE' };

  it('keeps the parts that do not change', async () => {
    const flow = await open({ addressUpdates });
    await flow.given({ ...JOE, address, shipping_address: address });
    const outcome = await flow.upsert({ ...JOE, address: { city: 'Bonn' }, shipping_address: { line1: null } });
    expect(outcome).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.emulator.customers()).toMatchObject([
      {
        address: { line1: '1 Main St', city: 'Bonn', country: 'DE' },
        shipping: { name: 'Joe Bloggs', address: { line1: null, city: 'Berlin', country: 'DE' } },
      },
    ]);
  });

  it('is cleared as a whole', async () => {
    const flow = await open({ addressUpdates });
    await flow.given({ ...JOE, address, shipping_address: address });
    expect(await flow.upsert({ ...JOE, address: null, shipping_address: null })).toMatchObject({ warnings: [] });
    expect(flow.emulator.customers()).toMatchObject([{ address: null, shipping: null }]);
  });
});

it('waits while another process creates the same customer', async () => {
  const flow = await open();
  flow.emulator.holdKey(`customer-sync-${JOE.id}`, 2);
  expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
  expect(flow.steps()).toEqual(['read', 'create', 'create', 'create']);
});
