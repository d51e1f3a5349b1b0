import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { createRunner } from '../../src/runner/runner.js';
import { openShelf, shelf } from './shelf.js';

const runner = createRunner({ providers: [...builtInProviders, shelf] });

function open() {
  const { host, items, requests } = openShelf();
  return { connection: runner.connect({ to: 'shelf', host, rateShare: 'unpaced' }), items, requests };
}

describe('planCustomer', () => {
  it('says what upsert would do, and writes nothing', async () => {
    const { connection, items, requests } = open();
    const customer = { id: 'a', name: 'Ann' };
    expect(await runner.planCustomer(connection, customer)).toMatchObject({
      kind: 'plan',
      plan: { customer_id: 'a', action: 'create', compared: true, payload: { ref: 'a', name: 'Ann' } },
    });
    expect(items.size).toBe(0);
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
    await runner.upsert(connection, customer);
    expect(await runner.planCustomer(connection, customer)).toMatchObject({ plan: { action: 'unchanged' } });
    expect(await runner.planCustomer(connection, { ...customer, name: 'Anne' })).toMatchObject({
      plan: { action: 'update', changes: [{ field: 'name', from: 'Ann', to: 'Anne' }] },
    });
  });

  it('asks nobody where it is told so', async () => {
    const { connection, requests } = open();
    const result = await runner.planCustomer(connection, { id: 'a' }, { read: 'never' });
    expect(result).toMatchObject({ kind: 'plan', plan: { action: 'create', compared: false } });
    expect(requests).toEqual([]);
  });

  it('gives the outcome of a customer that cannot be planned', async () => {
    const { connection, requests } = open();
    expect(await runner.planCustomer(connection, { id: 'a', email: 'nobody' })).toMatchObject({
      kind: 'outcome',
      outcome: { customer_id: 'a', status: 'invalid', error: { code: 'invalid_customer' } },
    });
    expect(requests).toEqual([]);
  });
});
