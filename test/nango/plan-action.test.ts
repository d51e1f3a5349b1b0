import { describe, expect, it } from 'vitest';
import { lagoResponse } from '../../providers/lago/wire.js';
import { customerSchema } from '../../schemas/customer.js';
import type { Connector } from '../../src/core/connector.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { createFunctions } from '../../src/nango/functions.js';
import { exec, mockNango, payloadOf } from './mock-nango.js';
import { customer, providersUnderTest } from './providers-under-test.js';

const { lago, autumn } = providersUnderTest;

describe('plan-customers', () => {
  const plan = autumn.scripts.plan;

  it('gives the values up that do not fit into an answer, and says so', async () => {
    const big = { ...autumn.record, metadata: { note: 'x' } };
    const nango = mockNango('autumn', { [autumn.find]: { data: big } });
    const output = await exec(plan, nango, { ...customer, metadata: { note: 'y'.repeat(2_100_000) } });
    expect(output).toMatchObject({
      action: 'update',
      changes: [{ field: 'metadata.note', target: 'metadata', change: 'set' }],
      warnings: [{ message: expect.stringContaining('values were left out') }],
    });
    expect(output).not.toHaveProperty('payload');
  });

  it('fails with an outcome’s error where there is nothing to plan', async () => {
    const nango = mockNango('autumn', {
      [autumn.find]: { status: 403, data: { code: 'insufficient_scopes', message: 'x' } },
    });
    expect(await payloadOf(exec(plan, nango, customer))).toMatchObject({
      code: 'forbidden',
      customer_id: 'u-1',
      outcome: 'failed',
    });
    expect(await payloadOf(exec(plan, nango, { id: 'u-1', deleted: true }))).toBeInstanceOf(Object);
  });

  it('cannot write, whatever the connector does', async () => {
    const nango = mockNango('lago', { [lago.create]: lago.created });
    const connector: Connector = {
      ...lago.provider.connector,
      async find(client) {
        await client.write('create', { body: { customer: { external_id: 'u-1' } }, replaySafe: true });
        return { kind: 'absent' };
      },
    };
    const { plan: planIt } = createFunctions({
      provider: { ...lago.provider, connector },
      input: customerSchema,
      read: parseCustomer,
      response: lagoResponse,
    });
    expect(await payloadOf(planIt.run(nango, customer))).toMatchObject({
      code: 'config',
      message: expect.stringContaining('a dry run tried to send POST'),
    });
    expect(nango.proxy).not.toHaveBeenCalled();
  });
});
