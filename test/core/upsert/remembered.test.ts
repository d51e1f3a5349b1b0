import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulators/server.js';
import { parseCustomer } from '../../../src/core/customer/parse-customer.js';
import { executeUpsert } from '../../../src/core/upsert/execute.js';
import { prepareUpsert } from '../../../src/core/upsert/prepare.js';
import { type Flow, JOE, openFlow, SUBJECTS } from './flow.js';

const SMITH = { ...JOE, last_name: 'Smith' };

/** A steady run remembers the provider's id and reads only where it must. */
describe.each(SUBJECTS)('$id, with an id that is remembered', (subject) => {
  const { id, provider, names } = subject;
  let emulator: Emulator<object>;
  let flow: Flow<Emulator<object>>;
  let providerId: string;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    emulator.reset();
    flow = openFlow(emulator, provider);
    providerId = (await flow.given(JOE)).provider_id ?? '';
  });

  async function upsert(fields: Record<string, unknown>) {
    const parsed = parseCustomer(fields);
    if (!parsed.ok) throw new Error('no customer');
    const input = { customer: parsed.customer, read: 'when_required', providerId } as const;
    const { writer } = flow.connection;
    return (await executeUpsert(writer, input, await prepareUpsert(writer, input))).outcome;
  }

  it('sends one request for a changed customer', async () => {
    expect(await upsert(SMITH)).toMatchObject({ status: 'updated', provider_id: providerId, warnings: [] });
    expect(flow.steps()).toEqual(['update']);
    expect(names(emulator)).toEqual(['Joe Smith']);
  });

  it('reads first where a value is replaced whole', async () => {
    const replaces = ['lago', 'flexprice'].includes(id);
    expect(await upsert({ ...SMITH, metadata: { plan: 'gold' } })).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(replaces ? ['read', 'update'] : ['update']);
  });

  it('creates anew who was deleted since', async () => {
    await subject.deleteElsewhere(flow);
    const outcome = await upsert(SMITH);
    expect(outcome.error).toBeUndefined();
    expect(names(emulator)).toEqual(['Joe Smith']);
    // Lago makes a customer of an update; elsewhere the stale id is not asked for again.
    expect(flow.steps()).toEqual(id === 'lago' ? ['update'] : ['update', 'read', 'create']);
  });

  it('repeats an update whose answer was lost', async () => {
    emulator.faults.add({ kind: 'reset', commit: true });
    expect(await upsert(SMITH)).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(['update', 'update']);
  });

  it('tells of an update that was carried out although its answer names nobody', async () => {
    emulator.faults.add({ kind: 'respond', status: 200, body: subject.nobody, commit: true });
    const outcome = await upsert(SMITH);
    expect(outcome).toMatchObject({ status: 'updated', provider_id: providerId });
    expect(flow.steps()).toEqual(['update', 'read']);
    expect(names(emulator)).toEqual(['Joe Smith']);
  });
});
