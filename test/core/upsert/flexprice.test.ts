import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlexpriceEmulator, startEmulator } from '../../../emulators/flexprice.js';
import { flexprice } from '../../../integrations/flexprice/connector.js';
import { archiveCustomer } from '../../../src/core/upsert/archive.js';
import { during, type Flow, JOE, openFlow } from './flow.js';

let emulator: FlexpriceEmulator;
let flow: Flow<FlexpriceEmulator>;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, flexprice);
});

/** Stores Joe as another program would. */
const storeJoe = (fields: Record<string, unknown> = {}) =>
  flow.call('POST', '/customers', { external_id: JOE.id, email: JOE.email, name: 'Joe Bloggs', ...fields });

async function openWith(options: Parameters<typeof startEmulator>[0]): Promise<FlexpriceEmulator> {
  const special = await during(startEmulator(options));
  flow = openFlow(special, flexprice);
  return special;
}

describe('a read replica that lags behind', () => {
  it.each([1, 2, 3])('is waited for where the customer exists: %i reads late', async (replicaLag) => {
    const lagging = await openWith({ replicaLag });
    await storeJoe({ name: 'Joanna Bloggs' });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'updated', warnings: [] });
    expect(lagging.customers()).toMatchObject([{ name: 'Joe Bloggs' }]);
    expect(flow.host.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(6_000);
  });

  it('that never catches up ends as a conflict, without a second customer', async () => {
    const lagging = await openWith({ replicaLag: 999 });
    await storeJoe();
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'conflict',
      error: { message: 'Flexprice says that the customer exists, but does not find it' },
    });
    expect(flow.steps().filter((step) => step === 'create')).toHaveLength(4);
    expect(flow.host.waits).toEqual([250, 1_000, 4_000]);
    expect(lagging.customers()).toHaveLength(1);
  });

  it('does not make a create whose answer was lost look like somebody else’s', async () => {
    const lagging = await openWith({ replicaLag: 1 });
    lagging.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({ status: 'created' });
    expect(outcome.changes.map(({ field }) => field)).toContain('email');
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'create', 'read']);
    expect(lagging.customers()).toHaveLength(1);
  });

  it('lets an update be repeated that does not find the customer yet', async () => {
    const lagging = await openWith({ replicaLag: 0 });
    await flow.given(JOE);
    const body = '{"code":"not_found","message":"Customer with lookup key acct_1 was not found"}';
    lagging.faults.add({ kind: 'respond', status: 404, body }, { method: 'PUT', times: 2 });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(['read', 'update', 'read', 'update', 'read', 'update']);
  });
});

describe('the error shape from before April 2026', () => {
  it('is understood: not found, exists, not found on update', async () => {
    const legacy = await openWith({ errorShape: 'legacy' });
    flow.host.before = async (_request, earlier) => {
      if (earlier === 1) await storeJoe({ name: 'Joanna Bloggs' });
      if (earlier === 3) await flow.call('DELETE', `/customers/${legacy.customers()[0]?.id}`);
    };
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'update', 'read', 'create']);
    expect(legacy.customers()).toMatchObject([{ name: 'Joe Bloggs' }]);
  });

  it('is understood with the status of the public documentation', async () => {
    const body = '{"success":false,"error":{"message":"Customer already exists","internal_error":"x"}}';
    flow.host.before = async (_request, earlier) => {
      if (earlier === 1) await storeJoe({ name: 'Joanna Bloggs' });
    };
    emulator.faults.add({ kind: 'respond', status: 400, body }, { method: 'POST', path: /customers$/, after: 1 });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'update']);
  });
});

describe('to archive', () => {
  const archive = (address: string) => archiveCustomer(flow.connection.writer, { customerId: address, address });
  const deletes = () => flow.host.requests.filter(({ method }) => method === 'DELETE');

  it.each(['acct_1', 'eu/acme', 'joe+x@acme.test'])(
    'looks the customer up, and deletes by the id found: %s',
    async (id) => {
      const { provider_id } = await flow.given({ ...JOE, id });
      expect(await archive(id)).toMatchObject({ customer_id: id, status: 'archived' });
      expect(deletes().map(({ path }) => path)).toEqual([`/customers/${provider_id}`]);
      expect(emulator.customers()).toEqual([]);
    },
  );

  it('sends nothing where nobody is found', async () => {
    expect(await archive(JOE.id)).toMatchObject({ status: 'archived' });
    expect(deletes()).toEqual([]);
  });

  it('leaves one alone who was archived before, and takes the one who came after', async () => {
    await flow.given(JOE);
    await archive(JOE.id);
    const second = await flow.given(JOE);
    await archive(JOE.id);
    expect(deletes().map(({ path }) => path)).toEqual([`/customers/${second.provider_id}`]);
  });

  it.each(['wallet', 'subscription'] as const)('is refused to who has a %s, with what to do', async (attachment) => {
    const { provider_id = '' } = await flow.given(JOE);
    emulator.attach(provider_id, attachment);
    expect(await archive(JOE.id)).toMatchObject({
      status: 'rejected',
      error: { code: 'rejected', remedy: expect.stringContaining('end these there') },
    });
    expect(emulator.customers()).toHaveLength(1);
  });

  it('does not delete another customer than the one asked for', async () => {
    await flow.given(JOE);
    const body = JSON.stringify({ id: 'cust_x', external_id: 'somebody' });
    emulator.faults.add({ kind: 'respond', status: 200, body }, { method: 'GET' });
    expect(await archive(JOE.id)).toMatchObject({ error: { code: 'protocol' } });
    expect(deletes()).toEqual([]);
  });
});

describe('archived customers', () => {
  it('are left alone: the id gets a new customer', async () => {
    const first = await flow.given(JOE);
    await flow.call('DELETE', `/customers/${first.provider_id}`);
    const second = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(second).toMatchObject({ status: 'created' });
    expect(second.provider_id).not.toBe(first.provider_id);
    expect(emulator.customers()).toMatchObject([{ id: second.provider_id, name: 'Joe Smith' }]);
    expect(await flow.call('GET', `/customers/${first.provider_id}`)).toMatchObject({
      status: 'archived',
      name: 'Joe Bloggs',
    });
  });

  it('and created again by somebody else between read and update get all that differs', async () => {
    const { provider_id } = await flow.given(JOE);
    flow.host.before = async (_request, earlier) => {
      if (earlier !== 1) return;
      await flow.call('DELETE', `/customers/${provider_id}`);
      await flow.call('POST', '/customers', { external_id: JOE.id, name: 'Somebody' });
    };
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(emulator.customers()).toMatchObject([{ name: 'Joe Smith', email: JOE.email }]);
  });
});

describe('an id', () => {
  it.each(['eu/acme', 'a/../b', '/', 'acme.com', 'joe+x@acme.test', '50% x', 'a?b#c&d=e', 'Jürgen 😀', 'a\\b', '%2F'])(
    'works as it is: %s',
    async (id) => {
      expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'created' });
      expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'unchanged' });
      expect(await flow.upsert({ ...JOE, id, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
      expect(emulator.customers()).toMatchObject([{ external_id: id, name: 'Joe Smith' }]);
    },
  );

  it.each(['.', '..'])('that no URL can hold is refused, and nothing is sent: %s', async (id) => {
    expect(await flow.upsert({ ...JOE, id })).toMatchObject({ status: 'invalid', error: { code: 'invalid_customer' } });
    expect(emulator.requests).toEqual([]);
  });
});

describe('metadata', () => {
  it('is replaced as a whole by Flexprice, so the keys of others are sent along', async () => {
    await storeJoe({ metadata: { theirs: '1', plan: 'gold', old: 'x' } });
    const outcome = await flow.upsert({ ...JOE, metadata: { plan: 'silver', seats: 3, old: null } });
    expect(outcome).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.written()).toEqual([{ metadata: { theirs: '1', plan: 'silver', seats: '3' } }]);
    expect(emulator.customers()).toMatchObject([{ metadata: { theirs: '1', plan: 'silver', seats: '3' } }]);
  });

  it('loses its last key', async () => {
    await storeJoe({ metadata: { plan: 'gold' } });
    expect(await flow.upsert({ ...JOE, metadata: { plan: null } })).toMatchObject({ status: 'updated', warnings: [] });
    expect(emulator.customers()).toMatchObject([{ metadata: {} }]);
    expect(await flow.upsert({ ...JOE, metadata: { plan: null } })).toMatchObject({ status: 'unchanged' });
  });

  it('is added to a customer that has none', async () => {
    await storeJoe();
    expect(await flow.upsert({ ...JOE, metadata: { plan: 'gold' } })).toMatchObject({ status: 'updated' });
    expect(emulator.customers()).toMatchObject([{ metadata: { plan: 'gold' } }]);
  });

  it('is not sent where another field changes alone', async () => {
    await storeJoe({ metadata: { theirs: '1' } });
    await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(flow.written()).toEqual([{ name: 'Joe Smith' }]);
    expect(emulator.customers()).toMatchObject([{ metadata: { theirs: '1' } }]);
  });
});

describe('clearing', () => {
  it('sends empty text where Flexprice takes it, and says where it cannot', async () => {
    await storeJoe({ contact: '+4511223344', address_city: 'Bonn', address_country: 'DE', timezone: 'Europe/Berlin' });
    const outcome = await flow.upsert({ ...JOE, email: null, phone: null, timezone: null, address: null });
    expect(outcome).toMatchObject({ status: 'updated' });
    expect(outcome.warnings.map(({ code, field }) => `${code} ${field}`).sort()).toEqual([
      'cannot_clear address.country',
      'cannot_clear email',
      'cannot_clear timezone',
    ]);
    expect(flow.written()).toEqual([{ contact: '', address_city: '' }]);
    expect(emulator.customers()).toMatchObject([
      { contact: '', address_city: '', address_country: 'DE', timezone: 'Europe/Berlin', email: JOE.email },
    ]);
  });

  it('of what is empty already is no change', async () => {
    await storeJoe();
    expect(await flow.upsert({ ...JOE, phone: null, address: null })).toMatchObject({
      status: 'unchanged',
      warnings: [],
    });
  });
});

describe('effects of a create', () => {
  it('the onboarding workflow is not started', async () => {
    await flow.upsert(JOE);
    expect(emulator.onboarded).toEqual([]);
  });

  it('the onboarding workflow is started on demand', async () => {
    await flow.upsert({ ...JOE, provider_fields: { flexprice: { skip_onboarding_workflow: false } } });
    expect(emulator.onboarded).toEqual([JOE.id]);
  });

  it('a tax rate that does not exist is a refusal, not a missing customer', async () => {
    const provider_fields = { flexprice: { tax_rate_overrides: [{ tax_rate_code: 'none', currency: 'EUR' }] } };
    expect(await flow.upsert({ ...JOE, provider_fields })).toMatchObject({
      status: 'rejected',
      error: { status: 404, remedy: expect.stringContaining('tax_rate_overrides') },
    });
    expect(flow.steps()).toEqual(['read', 'create']);
    expect(emulator.customers()).toEqual([]);
  });
});

describe('loops', () => {
  it('of "not there" on update and "exists" on create end', async () => {
    await flow.given(JOE);
    const gone = '{"code":"not_found","message":"gone","http_status_code":404}';
    const exists = '{"code":"already_exists","message":"exists","http_status_code":409}';
    emulator.faults.add({ kind: 'respond', status: 404, body: gone }, { method: 'PUT', times: 99 });
    emulator.faults.add({ kind: 'respond', status: 409, body: exists }, { method: 'POST', times: 99 });
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'conflict' });
    expect(flow.steps().length).toBeLessThanOrEqual(9);
  });

  it('of a create that is lost, then "exists", then lost again end', async () => {
    emulator.faults.add({ kind: 'respond', status: 502 }, { method: 'POST', times: 99 });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
    expect(flow.steps().length).toBeLessThanOrEqual(5);
  });
});

describe('refusals', () => {
  it('explains a base URL without its ending', async () => {
    flow = openFlow(emulator, flexprice, { baseUrl: emulator.url.replace('/v1', '') });
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'failed',
      error: { code: 'config', remedy: expect.stringContaining('/v1') },
    });
    expect(flow.steps()).toEqual(['read']);
  });

  it.each(['read_only', 'suspended'] as const)('explains a key that may not write: %s', async (access) => {
    const closed = await openWith({ access });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'forbidden', status: 403 } });
    expect(closed.customers()).toEqual([]);
  });

  it('explains a metadata key that Flexprice takes for a tax number', async () => {
    expect(await flow.upsert({ ...JOE, metadata: { pan: 'not-a-pan' } })).toMatchObject({
      status: 'rejected',
      error: { status: 400, provider_code: 'validation_error' },
    });
    expect(emulator.customers()).toEqual([]);
  });
});

it('gives a customer without a name its e-mail address as one, and says so', async () => {
  expect(await flow.upsert({ id: JOE.id, email: JOE.email })).toMatchObject({
    status: 'created',
    warnings: [{ code: 'fallback', field: 'name' }],
  });
  expect(emulator.customers()).toMatchObject([{ name: JOE.email }]);
});

it('keeps a stand-in name from being sent over a better one', async () => {
  await storeJoe({ name: 'Somebody Else' });
  expect(await flow.upsert({ id: JOE.id, email: JOE.email })).toMatchObject({ status: 'unchanged', warnings: [] });
  expect(emulator.customers()).toMatchObject([{ name: 'Somebody Else' }]);
});
