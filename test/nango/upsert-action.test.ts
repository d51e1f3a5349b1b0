import { describe, expect, it } from 'vitest';
import rechargeUpsert from '../../integrations/recharge/actions/upsert-customers.js';
import { exec, type MockNango, mockNango, payloadOf, requestsOf } from './mock-nango.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const { lago, recharge, autumn } = providersUnderTest;
const upsert = lago.scripts.upsert;
const absent = { [lago.find]: lago.absent, [lago.create]: lago.created };

describe('the lock of upsert-customers', () => {
  const keysOf = (nango: MockNango) => nango.tryAcquireLock.mock.calls.map(([{ key }]) => key);

  it('is taken for our id and given back', async () => {
    const nango = mockNango('lago-eu', absent);
    await exec(upsert, nango, customer);
    expect(nango.tryAcquireLock.mock.calls).toEqual([[{ key: 'customer-sync:lago-eu:conn-1:u-1', ttlMs: 960_000 }]]);
    expect(nango.releaseLock.mock.calls).toEqual([[{ key: 'customer-sync:lago-eu:conn-1:u-1' }]]);
  });

  it('is taken for the e-mail address as well, where the provider finds customers by it', async () => {
    const nango = mockNango('recharge', { [recharge.find]: recharge.found });
    await exec(rechargeUpsert, nango, { ...customer, email: 'jo@acme.example' });
    expect(keysOf(nango)).toEqual([
      'customer-sync:recharge:conn-1:u-1',
      'customer-sync:recharge:conn-1:jo@acme.example',
    ]);
  });

  it('keeps the action from sending anything while another one has it, and is not given back then', async () => {
    const nango = mockNango('lago', absent);
    nango.tryAcquireLock.mockResolvedValue(false);
    expect(await payloadOf(exec(upsert, nango, customer))).toMatchObject({
      code: 'unavailable',
      message: 'another action is writing this customer',
    });
    expect(nango.proxy).not.toHaveBeenCalled();
    expect(nango.releaseLock).not.toHaveBeenCalled();
  });

  it('gives the first back when only the second is held', async () => {
    const nango = mockNango('recharge');
    nango.tryAcquireLock.mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    await payloadOf(exec(rechargeUpsert, nango, customer));
    expect(nango.releaseLock.mock.calls).toEqual([[{ key: 'customer-sync:recharge:conn-1:u-1' }]]);
  });

  it('that cannot be asked for ends the action before anything is sent', async () => {
    const nango = mockNango('lago', absent);
    nango.tryAcquireLock.mockRejectedValue(new Error('500'));
    expect(await payloadOf(exec(upsert, nango, customer))).toMatchObject({ code: 'unavailable' });
    expect(nango.proxy).not.toHaveBeenCalled();
  });

  it('that cannot be given back does not make a success a failure', async () => {
    const nango = mockNango('lago', absent);
    nango.releaseLock.mockRejectedValue(new Error('500'));
    expect(await exec(upsert, nango, customer)).toMatchObject({ outcome: 'created' });
  });

  it.each([
    ['long', 'x'.repeat(500)],
    ['not ASCII', 'Jürgen😀'.repeat(20)],
  ])('has a key that Nango takes for an id that is %s', async (_, id) => {
    const nango = mockNango('lago');
    nango.tryAcquireLock.mockResolvedValue(false);
    await payloadOf(exec(upsert, nango, { id }));
    const [key = ''] = keysOf(nango);
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(255);
    expect(key).toMatch(/^customer-sync:lago:conn-1:[ -~]+$/);
  });
});

describe('the mapping overlay in the metadata of the connection', () => {
  const overlay = { fields: { name: { from: 'legal_name' } } };
  const withMetadata = (metadata: unknown) => {
    const nango = mockNango('lago', absent);
    nango.getMetadata.mockResolvedValue(metadata);
    return nango;
  };

  it('changes what is sent', async () => {
    const nango = withMetadata({ customer_sync: { mapping: overlay } });
    await exec(upsert, nango, { id: 'u-1', name: 'Acme', legal_name: 'Acme GmbH' });
    expect(nango.proxy.mock.calls.at(-1)?.[0]).toMatchObject({
      data: { customer: { name: 'Acme GmbH', legal_name: 'Acme GmbH' } },
    });
  });

  it.each([[undefined], [null], [{}], [{ customer_sync: null }], [{ customer_sync: {} }], [{ other: { mapping: 1 } }]])(
    'may be missing: %j',
    async (metadata) => {
      expect(await exec(upsert, withMetadata(metadata), customer)).toMatchObject({ outcome: 'created' });
    },
  );

  it.each([
    ['a path that leads nowhere', { mapping: { fields: { name: { from: 'nmae' } } } }, 'nmae'],
    ['a field that no overlay has', { mapping: { rules: {} } }, 'rules'],
    ['a rule to remove that is not there', { mapping: { remove: { nmae: 'not wanted' } } }, 'nmae'],
    ['a name beside it that is misspelt', { mappings: {} }, 'mappings: is not a known field (did you mean "mapping"?)'],
    ['text for an object', 'fields', 'customer_sync in the connection'],
    ['a list for an object', { mapping: [] }, 'customer_sync.mapping in the connection'],
  ])('is refused with %s, before anything is sent', async (_, settings, said) => {
    const nango = withMetadata({ customer_sync: settings });
    const payload = await payloadOf(exec(upsert, nango, customer));
    expect(payload).toMatchObject({
      code: 'mapping',
      message: expect.stringContaining(said),
      remedy: expect.stringMatching(/\w/),
    });
    expect(nango.proxy).not.toHaveBeenCalled();
  });

  it('that Nango does not give ends the action', async () => {
    const nango = mockNango('lago', absent);
    nango.getMetadata.mockRejectedValue(new Error('500'));
    expect(await payloadOf(exec(upsert, nango, customer))).toMatchObject({
      code: 'unavailable',
      message: "Nango did not give the connection's metadata",
    });
    expect(nango.proxy).not.toHaveBeenCalled();
  });
});

describe('the input of upsert-customers', () => {
  it.each([[{}], [null], ['u-1'], [[]], [{ id: '' }], [{ id: 'u-1', nmae: 'x' }]])(
    'is refused when it is no customer: %j',
    async (input) => {
      const nango = mockNango('lago');
      expect(await payloadOf(exec(upsert, nango, input))).toMatchObject({ code: 'invalid_customer' });
      expect(nango.zodValidateInput).toHaveBeenCalledTimes(1);
      expect(nango.proxy).not.toHaveBeenCalled();
    },
  );

  it('is refused when it is deleted, since nothing is to be written then', async () => {
    expect(await payloadOf(exec(upsert, mockNango('lago'), { id: 'u-1', deleted: true }))).toMatchObject({
      code: 'invalid_customer',
      outcome: 'skipped',
    });
  });

  describe('of Recharge', () => {
    const body = {
      email: 'jo@acme.example',
      first_name: 'Jo',
      last_name: 'Doe',
      phone: '020 7946 0000',
      tax_exempt: true,
      external_customer_id: { ecommerce: '5624561795145' },
    };
    const record = {
      ...recharge.record,
      phone: body.phone,
      tax_exempt: true,
      external_customer_id: body.external_customer_id,
    };
    const answers = { [recharge.find]: recharge.absent, [recharge.create]: { data: { customer: record } } };

    it('may be the body that its page documents, unchanged', async () => {
      const nango = mockNango('recharge', answers);
      expect(await exec(rechargeUpsert, nango, body)).toMatchObject({ action: 'create', response: record });
      expect(nango.proxy.mock.calls.at(-1)?.[0]).toMatchObject({ method: 'POST', endpoint: '/customers', data: body });
      expect(rechargeUpsert.input.safeParse(body).success).toBe(true);
    });

    it('may be planned in that form as well', async () => {
      const nango = mockNango('recharge', answers);
      expect(await exec(recharge.scripts.plan, nango, body)).toMatchObject({
        customer_id: body.external_customer_id.ecommerce,
        action: 'create',
        payload: body,
      });
      expect(requestsOf(nango)).toEqual([recharge.find]);
    });

    it('may be that body with its required fields alone, and errors then name the e-mail address', async () => {
      const { email, first_name, last_name } = body;
      const nango = mockNango('recharge', { [recharge.find]: recharge.absent, [recharge.create]: recharge.refusal });
      expect(await payloadOf(exec(rechargeUpsert, nango, { email, first_name, last_name }))).toMatchObject({
        code: 'rejected',
        customer_id: 'jo@acme.example',
      });
    });

    it.each([
      [{ email: 'nowhere', first_name: 'Jo', last_name: 'Doe' }, 'email'],
      [{ email: 'jo@acme.example', first_name: 'Jo' }, 'last_name'],
      [{ ...body, tax_exempt: 'yes' }, 'tax_exempt'],
      [{ ...body, external_customer_id: { shopify: 'x' } }, 'external_customer_id.ecommerce'],
      [{ ...body, address: {} }, 'address'],
    ])('is told what is wrong with that body: %j', async (input, field) => {
      const nango = mockNango('recharge');
      expect(await payloadOf(exec(rechargeUpsert, nango, input))).toMatchObject({
        code: 'invalid_customer',
        fields: expect.arrayContaining([expect.objectContaining({ field })]),
      });
      expect(nango.proxy).not.toHaveBeenCalled();
    });

    it('accepts the shapes of both API versions as an answer', () => {
      const old = {
        id: 176871450,
        email: 'jo@acme.example',
        accepts_marketing: null,
        analytics_data: { utm_params: [] },
        billing_phone: '+447196746473',
        number_subscriptions: 0,
        processor_type: null,
        shopify_customer_id: null,
        status: 'INACTIVE',
      };
      for (const response of [old, record]) {
        const output = { action: 'create', outcome: 'created', provider_id: '1', warnings: [], response };
        expect(rechargeUpsert.output.safeParse(output)).toMatchObject({ success: true, data: output });
      }
    });
  });
});

describe('the response of upsert-customers', () => {
  it('leaves a field out that is not what the provider documents, and names it, since the write is done', async () => {
    const record = { ...lago.record, sequential_id: 'seventeen', brand_new: 1 };
    const nango = mockNango('lago', { ...absent, [lago.create]: { data: { customer: record } } });
    const { sequential_id: _, ...kept } = record;
    expect(await exec(upsert, nango, customer)).toMatchObject({
      outcome: 'created',
      response: kept,
      warnings: [
        { code: 'notice', message: expect.stringMatching(/^response\.sequential_id is not what Lago documents/) },
      ],
    });
  });

  it('leaves the largest field out that would make it too large for Nango', async () => {
    const metadata = { notes: 'ä'.repeat(1_100_000), small: 'x' };
    const record = { ...autumn.record, metadata };
    const nango = mockNango('autumn', { [autumn.find]: { data: record } });
    const output = await exec(autumn.scripts.upsert, nango, customer);
    expect(output).toMatchObject({
      outcome: 'unchanged',
      response: { id: 'u-1', name: 'Jo Doe' },
      warnings: [{ code: 'notice', message: expect.stringMatching(/^response\.metadata is too large/) }],
    });
    expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThan(2_097_152);
  });
});

describe('an upsert that fails after it wrote', () => {
  it('says that it wrote, and which record', async () => {
    const created = { ...autumn.record, name: 'Somebody' };
    const nango = mockNango('autumn', {
      [autumn.find]: autumn.absent,
      [autumn.create]: { data: created },
      'POST /customers.update': { status: 403, data: { message: 'no', code: 'insufficient_scopes' } },
    });
    expect(await payloadOf(exec(autumn.scripts.upsert, nango, customer))).toMatchObject({
      code: 'forbidden',
      provider_code: 'insufficient_scopes',
      provider_id: 'u-1',
      warnings: [{ code: 'notice', message: 'was created before this failed' }],
    });
    expect(requestsOf(nango)).toEqual([autumn.find, autumn.create, 'POST /customers.update']);
  });
});
