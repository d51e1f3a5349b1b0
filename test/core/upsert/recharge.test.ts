import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RechargeEmulator, startEmulator } from '../../../emulators/recharge.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import { during, type Flow, JOE, openFlow } from './flow.js';
import { OTHER, seedJoe } from './recharge-customers.js';

let emulator: RechargeEmulator;
let flow: Flow<RechargeEmulator>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, recharge);
});

describe('what a create does not keep', () => {
  it('is sent again as an update: tax_exempt', async () => {
    const outcome = await flow.upsert({ ...JOE, tax_exempt: true });
    expect(outcome).toMatchObject({ status: 'created', warnings: [] });
    expect(outcome.changes.map(({ field }) => field)).toEqual(['email', 'first_name', 'last_name', 'tax_exempt']);
    expect(flow.written()).toEqual([
      { email: JOE.email, first_name: 'Joe', last_name: 'Bloggs', tax_exempt: true },
      { tax_exempt: true },
    ]);
    expect(emulator.customers()).toMatchObject([{ tax_exempt: true }]);
  });

  it('is not sent again where it is kept', async () => {
    await flow.upsert({ ...JOE, tax_exempt: false });
    expect(flow.steps()).toEqual(['read', 'create']);
  });

  it('is sent as an update: a field that only an update takes', async () => {
    const provider_fields = { recharge: { apply_credit_to_next_recurring_charge: true } };
    const outcome = await flow.upsert({ ...JOE, provider_fields });
    expect(outcome).toMatchObject({ status: 'created', warnings: [] });
    expect(flow.written()).toEqual([
      { email: JOE.email, first_name: 'Joe', last_name: 'Bloggs' },
      { apply_credit_to_next_recurring_charge: true },
    ]);
    expect(emulator.customers()).toMatchObject([{ apply_credit_to_next_recurring_charge: true }]);
  });

  it('leaves a created customer behind where the update is refused, and says so', async () => {
    emulator.faults.add({ kind: 'respond', status: 422, body: '{"errors":{"tax_exempt":["bad"]}}' }, { method: 'PUT' });
    const outcome = await flow.upsert({ ...JOE, tax_exempt: true });
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: { code: 'rejected', fields: [{ field: 'tax_exempt' }] },
      warnings: [{ code: 'notice', message: expect.stringContaining('was created') }],
    });
    expect(outcome.changes.map(({ field }) => field)).toContain('email');
    expect(emulator.customers()).toHaveLength(1);
  });

  it('is told as not kept where the update does not keep it either', async () => {
    const record = { ...seedJoe(emulator), email: 'x@y.example', id: 5 };
    const body = JSON.stringify({ customer: { ...record, email: JOE.email } });
    emulator.reset();
    emulator.faults.add({ kind: 'respond', status: 201, body }, { method: 'POST' });
    emulator.faults.add({ kind: 'respond', status: 200, body }, { method: 'PUT' });
    expect(await flow.upsert({ ...JOE, tax_exempt: true })).toMatchObject({
      status: 'created',
      warnings: [{ code: 'not_kept', field: 'tax_exempt' }],
    });
    expect(flow.steps()).toEqual(['read', 'create', 'update']);
  });

  it('is sent after a create whose answer was lost, too', async () => {
    emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    const outcome = await flow.upsert({ ...JOE, tax_exempt: true });
    expect(outcome).toMatchObject({ status: 'created', warnings: [] });
    expect(outcome.changes.map(({ field }) => field)).toEqual(['email', 'first_name', 'last_name', 'tax_exempt']);
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'update']);
    expect(emulator.customers()).toMatchObject([{ tax_exempt: true }]);
  });
});

describe('a create that meets the customer', () => {
  it.each([
    { status: 422, form: 'string' },
    { status: 400, form: 'string' },
    { status: 409, form: 'array' },
  ] as const)('goes on with an update: $status, $form', async (duplicateError) => {
    const racing = await during(startEmulator({ rateLimits: false, duplicateError }));
    flow = openFlow(racing, recharge);
    flow.host.before = (_request, earlier) => {
      if (earlier === 1) racing.seed({ ...OTHER, email: 'Joe@example.test' });
    };
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'update']);
    expect(flow.written()[1]).toEqual({ first_name: 'Joe', last_name: 'Bloggs' });
    expect(racing.customers()).toMatchObject([{ first_name: 'Joe', last_name: 'Bloggs' }]);
  });

  it('is unchanged where another writer has stored the same', async () => {
    flow.host.before = (_request, earlier) => {
      if (earlier === 1) seedJoe(emulator);
    };
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'unchanged', changes: [] });
  });

  it('is a conflict where the record turns out to be another customer’s', async () => {
    flow.host.before = (_request, earlier) => {
      if (earlier === 1) seedJoe(emulator, { external_customer_id: { ecommerce: '111' } });
    };
    const outcome = await flow.upsert({ ...JOE, external_ids: { shopify: '222' } });
    expect(outcome).toMatchObject({
      status: 'conflict',
      error: { message: expect.stringContaining('another customer') },
    });
    expect(emulator.customers()).toHaveLength(1);
  });

  it('is a conflict where the address is taken and not found, as with a filter that tells cases apart', async () => {
    const strict = await during(startEmulator({ rateLimits: false, emailFilter: 'case-sensitive' }));
    strict.seed({ ...OTHER, email: 'JOE@example.test' });
    flow = openFlow(strict, recharge);
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'conflict',
      error: { message: 'Recharge says that the customer exists, but does not find it' },
    });
    expect(flow.steps()).toEqual(['read', 'create', 'read', 'create', 'read', 'create', 'read', 'create', 'read']);
    expect(strict.customers()).toHaveLength(1);
  });

  it('warns of what the update could not clear', async () => {
    flow.host.before = (_request, earlier) => {
      if (earlier === 1) seedJoe(emulator, { phone: '+4511223344' });
    };
    expect(await flow.upsert({ ...JOE, last_name: 'Smith', phone: null })).toMatchObject({
      status: 'updated',
      warnings: [{ code: 'cannot_clear', field: 'phone' }],
    });
  });

  it('does not warn of a stand-in that was never stored', async () => {
    flow.host.before = (_request, earlier) => {
      if (earlier === 1) seedJoe(emulator);
    };
    const outcome = await flow.upsert({ id: JOE.id, email: JOE.email, first_name: 'Joe' });
    expect(outcome).toMatchObject({ status: 'unchanged', warnings: [] });
    expect(emulator.customers()).toMatchObject([{ last_name: 'Bloggs' }]);
  });
});

describe('the lock while charges are made anew', () => {
  it('passes', async () => {
    const { id } = seedJoe(emulator);
    emulator.lockRoute(id, 2);
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(['read', 'update', 'update', 'update']);
    expect(flow.host.waits).toEqual([50, 100]);
  });

  it('that does not pass in time leaves the customer to a later run', async () => {
    const { id } = seedJoe(emulator);
    emulator.lockRoute(id, 99);
    expect(await flow.upsert({ ...JOE, last_name: 'Smith' })).toMatchObject({
      status: 'failed',
      changes: [],
      error: { code: 'unavailable', status: 409 },
    });
    expect(emulator.customers()).toMatchObject([{ last_name: 'Bloggs' }]);
  });
});

describe('clearing', () => {
  it.each(['phone', 'tax_exempt', 'first_name', 'last_name'])(
    'cannot clear %s, says so, and writes nothing',
    async (field) => {
      seedJoe(emulator, { phone: '+4511223344', tax_exempt: true });
      const outcome = await flow.upsert({ id: JOE.id, email: JOE.email, [field]: null });
      expect(outcome).toMatchObject({ status: 'unchanged', warnings: [{ code: 'cannot_clear', field }] });
      expect(flow.steps()).toEqual(['read']);
    },
  );

  it('still writes what can be written', async () => {
    seedJoe(emulator, { phone: '+4511223344' });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith', phone: null });
    expect(outcome).toMatchObject({ status: 'updated', warnings: [{ code: 'cannot_clear', field: 'phone' }] });
    expect(flow.written()).toEqual([{ last_name: 'Smith' }]);
  });

  it('is no clearing where nothing is stored', async () => {
    seedJoe(emulator);
    expect(await flow.upsert({ ...JOE, phone: null })).toMatchObject({ status: 'unchanged', warnings: [] });
  });

  it('is no clearing on create', async () => {
    expect(await flow.upsert({ ...JOE, phone: null, external_ids: { shopify: null } })).toMatchObject({
      status: 'created',
      warnings: [],
    });
    expect(flow.written()).toEqual([{ email: JOE.email, first_name: 'Joe', last_name: 'Bloggs' }]);
  });
});

describe('the answer', () => {
  it('that holds another value than was sent is told as not kept', async () => {
    const record = seedJoe(emulator);
    const body = JSON.stringify({ customer: { ...record, last_name: 'Smith', phone: null } });
    emulator.faults.add({ kind: 'respond', status: 200, commit: true, body }, { method: 'PUT' });
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith', phone: '+4511223344' });
    expect(outcome).toMatchObject({
      status: 'updated',
      warnings: [{ code: 'not_kept', field: 'phone', message: expect.not.stringContaining('+45') }],
    });
  });

  it('to a create that names somebody else is not believed, and Joe is looked up', async () => {
    const other = emulator.seed(OTHER);
    emulator.faults.add(
      { kind: 'respond', status: 201, commit: true, body: JSON.stringify({ customer: other }) },
      { method: 'POST' },
    );
    expect(await flow.upsert(JOE)).toMatchObject({
      status: 'created',
      provider_id: expect.not.stringMatching(String(other.id)),
    });
    expect(flow.steps()).toEqual(['read', 'create', 'read']);
  });

  it('to an update that names somebody else for ever ends without a claim that nothing was written', async () => {
    seedJoe(emulator);
    const other = emulator.seed(OTHER);
    const body = JSON.stringify({ customer: other });
    emulator.faults.add({ kind: 'respond', status: 200, body }, { method: 'PUT', times: 99 });
    const { status, error } = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'unavailable' });
    expect(error?.remedy).not.toContain('Nothing was written');
  });

  it('to an update that names somebody else stays uncertain where it cannot be read back', async () => {
    seedJoe(emulator);
    const other = emulator.seed(OTHER);
    emulator.faults.add({ kind: 'respond', status: 200, body: JSON.stringify({ customer: other }) }, { method: 'PUT' });
    emulator.faults.add({ kind: 'respond', status: 503 }, { method: 'GET', after: 1, times: 99 });
    const { status, error } = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect({ status, code: error?.code }).toEqual({ status: 'uncertain', code: 'uncertain' });
    expect(error?.remedy).toContain('may be there all the same');
  });

  it('of another API version is not believed, and nothing is written', async () => {
    const body = JSON.stringify({ customers: [] });
    emulator.faults.add({ kind: 'respond', status: 200, headers: { 'x-recharge-version': '2021-01' }, body });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'failed', error: { code: 'protocol' } });
    expect(flow.steps()).toEqual(['read']);
  });

  it('of another API version to a write leaves it open whether it was carried out', async () => {
    emulator.faults.add(
      { kind: 'respond', status: 201, headers: { 'x-recharge-version': '2021-01' }, body: '{}', commit: true },
      { method: 'POST' },
    );
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(emulator.customers()).toHaveLength(1);
  });
});

it('sends the version that it speaks with every request', async () => {
  await flow.given({ ...JOE, tax_exempt: true });
  await flow.upsert({ ...JOE, last_name: 'Smith' });
  expect(emulator.requests.map(({ headers }) => headers['x-recharge-version'])).toEqual(['2021-11', '2021-11']);
});

it('explains a token that may not write', async () => {
  const readOnly = await during(startEmulator({ rateLimits: false, scopes: ['read_customers'] }));
  flow = openFlow(readOnly, recharge);
  expect(await flow.upsert(JOE)).toMatchObject({
    status: 'failed',
    error: { code: 'forbidden', status: 403, remedy: expect.stringContaining('write_customers') },
  });
  expect(readOnly.customers()).toEqual([]);
});

it('sends a stand-in for a missing last name and says so', async () => {
  const outcome = await flow.upsert({ id: 'acct_1', email: 'acme@test.example', name: 'Acme' });
  expect(outcome).toMatchObject({ status: 'created', warnings: [{ code: 'fallback', field: 'last_name' }] });
  expect(emulator.customers()).toMatchObject([{ first_name: 'Acme', last_name: '-' }]);
});
