import { describe, expect, it } from 'vitest';
import { exec, mockNango, payloadOf, requestsOf } from './mock-nango.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const cases = Object.entries(providersUnderTest);

describe.each(cases)('the scripts of %s', (id, under) => {
  const { scripts, provider } = under;
  const absent = { [under.find]: under.absent, [under.create]: under.created };
  const confirmed = 'confirm' in under ? { [under.confirm]: { data: under.record } } : {};
  const present = { [under.find]: under.found, ...confirmed };

  it.each(Object.entries(scripts))('%s says what it is, for which scopes and in which version', (_, script) => {
    expect(script.description).toContain(provider.definition.name);
    expect(script.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const scope of script.scopes ?? []) expect(provider.definition.auth.scopes).toContain(scope);
  });

  describe('upsert-customers', () => {
    it('looks the customer up and creates it, without a retry of Nango’s', async () => {
      const nango = mockNango(id, absent);
      const output = await exec(scripts.upsert, nango, customer);
      expect(requestsOf(nango)).toEqual([under.find, under.create]);
      const [, [write]] = nango.proxy.mock.calls as [unknown, [unknown]];
      expect(write).toMatchObject({ retries: 0, headers: under.headers, data: under.sent });
      expect(output).toEqual({
        action: 'create',
        outcome: 'created',
        provider_id: under.providerId,
        warnings: [],
        response: under.record,
      });
      expect(scripts.upsert.output.safeParse(output).success).toBe(true);
    });

    it('sends nothing where nothing differs, and says that the customer was there', async () => {
      const nango = mockNango(id, present);
      const output = await exec(scripts.upsert, nango, customer);
      expect(output).toMatchObject({ action: 'update', outcome: 'unchanged', response: under.record });
      expect(requestsOf(nango)).toEqual([under.find, ...Object.keys(confirmed)]);
    });

    it('fails with our code, the provider’s own, the fields and what to do', async () => {
      const nango = mockNango(id, { [under.find]: under.absent, [under.create]: under.refusal });
      const payload = await payloadOf(exec(scripts.upsert, nango, customer));
      expect(payload).toMatchObject({ ...under.refused, customer_id: 'u-1', outcome: 'rejected' });
      expect(payload).toHaveProperty('remedy');
      expect(nango.releaseLock).toHaveBeenCalledTimes(nango.tryAcquireLock.mock.calls.length);
    });
  });

  it('says where in Nango a refused key is, whatever function it was', async () => {
    const refusal = { status: 401, data: { error: 'no' } };
    const nango = () => mockNango(id, { [under.find]: refusal, [under.list]: refusal });
    const [batch, ...failures] = await Promise.all([
      exec(scripts.batch, nango(), { customers: [customer] }),
      payloadOf(exec(scripts.upsert, nango(), customer)),
      payloadOf(exec(scripts.plan, nango(), customer)),
      payloadOf(exec(scripts.pull, nango())),
    ]);
    const [outcome] = Object(batch).results;
    for (const failure of [Object(outcome).error, ...failures]) {
      expect(failure).toMatchObject({ code: 'auth', remedy: expect.stringContaining('the Nango connection') });
      expect(failure.remedy).not.toMatch(/_KEY|_URL/);
    }
  });

  it('upsert-customers-batch tells what became of each, in the order of the input', async () => {
    const nango = mockNango(id, absent);
    const input = {
      customers: [{ id: 'bad', email: 'nowhere' }, customer, { ...customer, deleted: true, id: 'gone' }],
    };
    const output = await exec(scripts.batch, nango, input);
    expect(output).toMatchObject({
      results: [
        { customer_id: 'bad', status: 'invalid', error: { code: 'invalid_customer', fields: [{ field: 'email' }] } },
        { customer_id: 'u-1', status: 'created', provider_id: under.providerId },
        { customer_id: 'gone', status: 'skipped' },
      ],
    });
    expect(scripts.batch.output.safeParse(output).success).toBe(true);
    expect(requestsOf(nango)).toEqual([under.find, under.create]);
  });

  describe('plan-customers', () => {
    it('answers what would be sent, and sends reads only', async () => {
      const nango = mockNango(id, absent);
      const plan = await exec(scripts.plan, nango, customer);
      expect(plan).toMatchObject({ customer_id: 'u-1', action: 'create', compared: true, payload: under.payload });
      expect(scripts.plan.output.safeParse(plan).success).toBe(true);
      expect(requestsOf(nango)).toEqual([under.find]);
    });

    it('answers a list with a list', async () => {
      const nango = mockNango(id, present);
      const output = await exec(scripts.plan, nango, { customers: [customer, { id: 'bad', email: 'nowhere' }] });
      expect(output).toMatchObject({
        results: [{ plan: { customer_id: 'u-1', action: 'unchanged' } }, { outcome: { status: 'invalid' } }],
      });
      expect(scripts.plan.output.safeParse(output).success).toBe(true);
    });

    it('takes no lock', async () => {
      const nango = mockNango(id, present);
      await exec(scripts.plan, nango, customer);
      expect(nango.tryAcquireLock).not.toHaveBeenCalled();
    });
  });

  describe('the sync customers', () => {
    it('has a frequency, and says that it does not start by itself', () => {
      expect(scripts.pull).toMatchObject({ frequency: 'every hour', autoStart: false });
    });

    it('saves what the provider holds in canonical words, and looks for what is gone', async () => {
      const nango = mockNango(id, { [under.list]: under.page });
      await exec(scripts.pull, nango);
      const record = { id: under.providerId, customer_id: under.customerId, customer: under.observed };
      expect(nango.batchSave.mock.calls).toMatchObject([[[record], 'BillingCustomer']]);
      expect(scripts.pull.models.BillingCustomer.safeParse(nango.batchSave.mock.calls[0]?.[0][0]).success).toBe(true);
      expect(nango.trackDeletesStart.mock.calls).toEqual([['BillingCustomer']]);
      expect(nango.trackDeletesEnd.mock.calls).toEqual([['BillingCustomer']]);
      expect(nango.clearCheckpoint).toHaveBeenCalledTimes(1);
      expect(nango.proxy.mock.calls.map(([{ retries }]) => retries)).toEqual([0]);
    });

    it('marks nobody as deleted when the list could not be read to its end', async () => {
      const refusal = { status: 401, data: { error: 'no' } };
      const nango = mockNango(id, { [under.list]: refusal });
      expect(await payloadOf(exec(scripts.pull, nango))).toMatchObject({ code: 'auth' });
      expect(nango.trackDeletesEnd).not.toHaveBeenCalled();
    });
  });
});
