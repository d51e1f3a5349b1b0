import { afterEach, describe, expect, it, vi } from 'vitest';
import { ActionError } from '../../emulators/nango/action-error.js';
import { exec, type MockNango, mockNango, payloadOf, requestsOf } from './mock-nango.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const { lago, recharge, autumn } = providersUnderTest;
const batch = lago.scripts.batch;

afterEach(() => {
  vi.useRealTimers();
});

/** Lago as an account in which nobody is, and which takes everybody. */
function emptyLago(): MockNango {
  const nango = mockNango('lago');
  nango.proxy.mockImplementation(async ({ method, data }) => {
    if (method === 'GET') return { status: 200, headers: {}, data: { customers: [], meta: {} } };
    const sent = Object(Object(data).customer);
    return { status: 200, headers: {}, data: { customer: { ...sent, lago_id: `lago-${sent.external_id}` } } };
  });
  return nango;
}

const named = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `u-${n}`, name: `Customer ${n}` }));

describe('upsert-customers-batch', () => {
  it.each([
    [{}, 'customers'],
    [{ customers: [] }, 'customers'],
    [{ customers: named(101) }, 'customers'],
    [{ customers: 'all' }, 'customers'],
    [{ customers: [customer], rate_share: 0 }, 'rate_share'],
    [{ customers: [customer], rate_share: 1.1 }, 'rate_share'],
    [{ customers: [customer], rateShare: 1 }, 'rateShare'],
    [null, ''],
  ])('refuses an input that is no list of 1 to 100, before anything is sent', async (input, field) => {
    const nango = emptyLago();
    expect(await payloadOf(exec(batch, nango, input))).toMatchObject({
      code: 'config',
      remedy: expect.stringContaining('1 to 100'),
      fields: [{ field }],
    });
    expect(nango.zodValidateInput).toHaveBeenCalledTimes(1);
    expect(nango.proxy).not.toHaveBeenCalled();
  });

  it('takes a hundred', async () => {
    vi.useFakeTimers();
    const running = exec(batch, emptyLago(), { customers: named(100), rate_share: 1 });
    await vi.runAllTimersAsync();
    const { results } = Object(await running);
    expect(results.map((outcome: object) => Reflect.get(outcome, 'status'))).toEqual(Array(100).fill('created'));
    expect(results.map((outcome: object) => Reflect.get(outcome, 'customer_id'))).toEqual(
      named(100).map(({ id }) => id),
    );
  });

  it('keeps to half of the working rate, or to the share it is given', async () => {
    const timeOf = async (input: object) => {
      vi.useFakeTimers();
      const startedAt = Date.now();
      const running = exec(batch, emptyLago(), { customers: named(50), ...input }).then(() => Date.now() - startedAt);
      await vi.runAllTimersAsync();
      vi.useRealTimers();
      return running;
    };
    // 100 requests: 40 a second, of which a half, and a burst of 5 at once.
    const half = await timeOf({});
    expect(half).toBeGreaterThanOrEqual(4_700);
    expect(await timeOf({ rate_share: 1 })).toBeLessThan(half / 1.9);
  });

  it('gives the second of two equal ids, and the second with one e-mail address, no request', async () => {
    const nango = mockNango('recharge', { [recharge.find]: recharge.found });
    const customers = [customer, { ...customer, name: 'Jo' }, { ...customer, id: 'u-2', email: 'JO@acme.example' }];
    expect(await exec(recharge.scripts.batch, nango, { customers })).toMatchObject({
      results: [
        { customer_id: 'u-1', status: 'unchanged' },
        {
          customer_id: 'u-1',
          status: 'invalid',
          error: { fields: [{ field: 'id', message: 'stands in this list twice' }] },
        },
        { customer_id: 'u-2', status: 'conflict', error: { message: expect.stringContaining('"u-1"') } },
      ],
    });
    expect(requestsOf(nango)).toEqual([recharge.find]);
  });

  it('refuses the second customer that is the same record at the provider', async () => {
    const nango = mockNango('recharge', {
      'GET /customers/82939898': { data: { customer: recharge.record } },
    });
    const external = { external_ids: { recharge: '82939898' } };
    const customers = [
      { id: 'u-1', ...external },
      { id: 'u-2', ...external, first_name: 'Ann' },
    ];
    expect(await exec(recharge.scripts.batch, nango, { customers })).toMatchObject({
      results: [{ status: 'unchanged' }, { status: 'conflict', error: { message: expect.stringContaining('"u-1"') } }],
    });
  });

  it('also takes the body that Recharge’s page documents', async () => {
    const nango = mockNango('recharge', { [recharge.find]: recharge.found });
    const body = { email: 'jo@acme.example', first_name: 'Jo', last_name: 'Doe' };
    expect(await exec(recharge.scripts.batch, nango, { customers: [body] })).toMatchObject({
      results: [{ customer_id: 'jo@acme.example', status: 'unchanged' }],
    });
  });

  it('goes on after a customer that another action is writing', async () => {
    const nango = emptyLago();
    nango.tryAcquireLock.mockResolvedValueOnce(false);
    expect(await exec(batch, nango, { customers: named(2) })).toMatchObject({
      results: [{ status: 'failed', error: { code: 'unavailable' } }, { status: 'created' }],
    });
  });

  it('stops where the key is refused, and says who was not attempted and why', async () => {
    vi.useFakeTimers();
    const nango = mockNango('lago', { [lago.find]: { status: 401, data: { error: 'Unauthorized' } } });
    const running = exec(batch, nango, { customers: [customer, ...named(2), 'no object'] });
    await vi.runAllTimersAsync();
    expect(await running).toMatchObject({
      stopped: 'failures',
      results: [
        { customer_id: 'u-1', status: 'failed', error: { code: 'auth' } },
        { customer_id: 'u-0', status: 'not_attempted', reason: expect.stringContaining('stopped') },
        { customer_id: 'u-1', status: 'not_attempted' },
        { status: 'not_attempted' },
      ],
    });
  });

  it('is refused as a whole for an overlay that is not valid', async () => {
    const nango = emptyLago();
    nango.getMetadata.mockResolvedValue({ customer_sync: { mapping: { fields: { name: { from: 'nmae' } } } } });
    expect(await payloadOf(exec(batch, nango, { customers: named(1) }))).toMatchObject({ code: 'mapping' });
  });
});

describe('the time of a batch', () => {
  const minute = 60_000;

  /** Every answer takes its time; 15 minutes after the start Nango would have ended the action. */
  async function run(nango: MockNango, customers: object[]): Promise<{ elapsed: number; output: unknown }> {
    vi.useFakeTimers();
    const startedAt = Date.now();
    const running = exec(batch, nango, { customers });
    let elapsed = Number.POSITIVE_INFINITY;
    const done = running.then(() => {
      elapsed = Date.now() - startedAt;
    });
    await vi.advanceTimersByTimeAsync(60 * minute);
    await done;
    return { elapsed, output: await running };
  }

  it('is over in time when every answer is slow, and names who was not attempted', async () => {
    const nango = emptyLago();
    const answer = nango.proxy.getMockImplementation();
    nango.proxy.mockImplementation(async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      if (answer === undefined) throw new Error('no answer');
      return answer(call);
    });
    const { elapsed, output } = await run(nango, named(40));
    const { results, stopped } = Object(output);
    expect(elapsed).toBeLessThan(11 * minute);
    expect(stopped).toBe('time');
    const statuses = results.map((outcome: object) => Reflect.get(outcome, 'status'));
    expect(statuses).toEqual([...Array(15).fill('created'), ...Array(25).fill('not_attempted')]);
    expect(results.at(-1)).toMatchObject({ customer_id: 'u-39', reason: expect.stringContaining('nearly over') });
  });

  it('is over in time when the provider hangs and then asks to wait, whatever is retried', async () => {
    const nango = emptyLago();
    nango.proxy.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 59_000));
      throw Object.assign(new Error('429'), { response: { status: 429, headers: { 'retry-after': '55' }, data: '' } });
    });
    const { elapsed, output } = await run(nango, named(40));
    expect(elapsed).toBeLessThan(15 * minute);
    expect(Object(output).results).toHaveLength(40);
  });

  it('is over in time when no answer ever comes, and then nobody is told to be written', async () => {
    const nango = emptyLago();
    nango.proxy.mockImplementation(() => new Promise(() => {}));
    const { elapsed, output } = await run(nango, named(40));
    expect(elapsed).toBeLessThan(15 * minute);
    const statuses: string[] = Object(output).results.map((outcome: object) => Reflect.get(outcome, 'status'));
    expect(new Set(statuses)).toEqual(new Set(['failed', 'not_attempted']));
  });

  it('leaves a write uncertain whose answer never came, when no time is left to read back', async () => {
    const nango = emptyLago();
    const answer = nango.proxy.getMockImplementation();
    nango.proxy.mockImplementation(async (call) => {
      if (JSON.stringify(call.data)?.includes('"u-14"')) return new Promise(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      if (answer === undefined) throw new Error('no answer');
      return answer(call);
    });
    const { elapsed, output } = await run(nango, named(16));
    expect(elapsed).toBeLessThan(13 * minute);
    expect(Object(output).results.slice(13)).toMatchObject([
      { customer_id: 'u-13', status: 'created' },
      { customer_id: 'u-14', status: 'uncertain', error: { code: 'uncertain' } },
      { customer_id: 'u-15', status: 'not_attempted' },
    ]);
    expect(nango.releaseLock).toHaveBeenCalledTimes(nango.tryAcquireLock.mock.calls.length);
  });
});

describe('the output of a batch', () => {
  const bytes = (output: unknown) => Buffer.byteLength(JSON.stringify(output));
  const limit = 2_097_152;

  function customersWith(metadata: object): object[] {
    return named(100).map((one) => ({ ...one, metadata }));
  }

  async function run(customers: object[]): Promise<unknown> {
    vi.useFakeTimers();
    const nango = mockNango('autumn');
    nango.proxy.mockImplementation(async ({ endpoint, data }) => {
      const { customer_id: id, ...sent } = Object(data);
      if (endpoint !== '/customers.get') return { status: 200, headers: {}, data: { metadata: {}, ...sent, id } };
      throw Object.assign(new Error('404'), {
        response: { status: 404, headers: {}, data: { code: 'customer_not_found', message: 'not found' } },
      });
    });
    const running = exec(autumn.scripts.batch, nango, { customers, rate_share: 1 });
    await vi.runAllTimersAsync();
    return running;
  }

  it('has the values that changed while they fit', async () => {
    const output = await run(customersWith({ note: 'x' }));
    expect(Object(output).results[0]).toMatchObject({
      status: 'created',
      changes: expect.arrayContaining([expect.objectContaining({ field: 'metadata.note', to: 'x' })]),
      warnings: [],
    });
  });

  it('gives the values up when they do not fit, and says so for each customer', async () => {
    const output = await run(customersWith({ note: 'x'.repeat(30_000) }));
    expect(bytes(output)).toBeLessThan(limit);
    for (const outcome of Object(output).results) {
      expect(outcome).toMatchObject({
        status: 'created',
        changes: expect.arrayContaining([{ field: 'metadata.note', target: 'metadata', change: 'set' }]),
        warnings: [{ code: 'notice', message: expect.stringContaining('values were left out') }],
      });
    }
  });

  it('gives the names of the fields up as well when even they do not fit', async () => {
    const output = await run(customersWith({ ['k'.repeat(30_000)]: 1 }));
    expect(bytes(output)).toBeLessThan(limit);
    expect(Object(output).results[99]).toMatchObject({
      customer_id: 'u-99',
      status: 'created',
      changes: [],
      warnings: [{ message: expect.stringContaining('changes and warnings were left out') }],
    });
  });

  it('shortens long errors at last', async () => {
    const output = await run(named(100).map(({ id }) => ({ id, metadata: { ['k'.repeat(30_000)]: {} } })));
    expect(bytes(output)).toBeLessThan(limit);
    expect(Object(output).results[0]).toMatchObject({ status: 'invalid', error: { code: 'invalid_customer' } });
  });

  it('is refused beforehand when the ids alone are too long', async () => {
    const nango = emptyLago();
    const customers = named(100).map(({ id }) => ({ id: id + 'x'.repeat(6_000) }));
    expect(await payloadOf(exec(batch, nango, { customers }))).toMatchObject({
      code: 'config',
      remedy: 'Send fewer customers at once.',
    });
    expect(nango.proxy).not.toHaveBeenCalled();
  });
});

it('throws ActionErrors, which Nango passes on with their payload', async () => {
  await expect(exec(batch, emptyLago(), {})).rejects.toBeInstanceOf(ActionError);
});
