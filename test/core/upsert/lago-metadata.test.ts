import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LagoEmulator, startEmulator } from '../../../emulators/lago.js';
import { lago } from '../../../integrations/lago/connector.js';
import { type Flow, JOE, openFlow } from './flow.js';
import { metadataOf, store } from './lago-customers.js';

let emulator: LagoEmulator;
let flow: Flow<LagoEmulator>;

beforeAll(async () => {
  emulator = await startEmulator({ rateLimits: false });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  flow = openFlow(emulator, lago);
});

describe('metadata', () => {
  it('is merged into what is stored, key by key, with the ids of the entries', async () => {
    await store(flow, {
      external_id: JOE.id,
      metadata: [
        { key: 'theirs', value: '1', display_in_invoice: true },
        { key: 'plan', value: 'gold' },
        { key: 'old', value: 'x' },
      ],
    });
    const stored = emulator.customers()[0]?.metadata ?? [];
    const idOf = (key: string) => stored.find((item) => item.key === key)?.lago_id;
    const outcome = await flow.upsert({ id: JOE.id, metadata: { plan: 'silver', seats: 3, old: null } });

    expect(outcome).toMatchObject({
      status: 'updated',
      warnings: [],
      changes: [
        { field: 'metadata.plan', change: 'set', from: 'gold', to: 'silver' },
        { field: 'metadata.seats', change: 'set', to: '3' },
        { field: 'metadata.old', change: 'clear', from: 'x' },
      ],
    });
    expect(flow.written()).toEqual([
      {
        customer: {
          external_id: JOE.id,
          metadata: [
            { id: idOf('theirs'), key: 'theirs', value: '1', display_in_invoice: true },
            { id: idOf('plan'), key: 'plan', value: 'silver', display_in_invoice: false },
            { key: 'seats', value: '3' },
          ],
        },
      },
    ]);
    expect(metadataOf(emulator, JOE.id)).toEqual([
      ['theirs', '1', true],
      ['plan', 'silver', false],
      ['seats', '3', false],
    ]);
  });

  it('is not sent where another field changes alone', async () => {
    await store(flow, { external_id: JOE.id, metadata: [{ key: 'theirs', value: '1' }] });
    await flow.upsert({ ...JOE, metadata: { theirs: '1' } });
    expect(flow.written()).toEqual([
      { customer: { external_id: JOE.id, email: JOE.email, firstname: 'Joe', lastname: 'Bloggs' } },
    ]);
    expect(metadataOf(emulator, JOE.id)).toEqual([['theirs', '1', false]]);
  });

  it('of more than five keys, those of others counted, is not sent', async () => {
    await store(flow, { external_id: JOE.id, metadata: [1, 2, 3, 4].map((n) => ({ key: `k${n}`, value: 'x' })) });
    expect(await flow.upsert({ id: JOE.id, metadata: { a: '1', b: '2' } })).toMatchObject({
      status: 'invalid',
      error: { fields: [{ field: 'metadata', message: expect.stringContaining('6 keys') }] },
    });
    expect(flow.steps()).toEqual(['read']);
    expect(metadataOf(emulator, JOE.id)).toHaveLength(4);
  });

  it('that another program gives the same key meanwhile is read and written again', async () => {
    await store(flow, { external_id: JOE.id, metadata: [{ key: 'theirs', value: '1' }] });
    const [{ lago_id } = { lago_id: '' }] = emulator.customers()[0]?.metadata ?? [];
    flow.host.before = async (_request, earlier) => {
      if (earlier !== 1) return;
      const metadata = [
        { id: lago_id, key: 'theirs', value: '2' },
        { key: 'plan', value: 'bronze' },
      ];
      await flow.call('POST', '/customers', { customer: { external_id: JOE.id, metadata } });
    };
    const outcome = await flow.upsert({ id: JOE.id, metadata: { plan: 'gold' } });
    expect(outcome).toMatchObject({ status: 'updated', changes: [{ field: 'metadata.plan', from: 'bronze' }] });
    expect(flow.steps()).toEqual(['read', 'update', 'read', 'update']);
    expect(metadataOf(emulator, JOE.id)).toEqual([
      ['theirs', '2', false],
      ['plan', 'gold', false],
    ]);
  });

  const withKey = { ...JOE, metadata: { plan: 'gold' } };

  it.each([
    ['before the work', false, ['read', 'create', 'read', 'create']],
    ['after the work', true, ['read', 'create', 'read']],
  ])('makes a create one that is read back, where the answer is lost %s', async (_, commit, steps) => {
    emulator.faults.add({ kind: 'reset', commit }, { method: 'POST' });
    expect(await flow.upsert(withKey)).toMatchObject({ status: 'created', warnings: [] });
    expect(flow.steps()).toEqual(steps);
    expect(metadataOf(emulator, JOE.id)).toEqual([['plan', 'gold', false]]);
  });

  it('of a new key makes an update one that is read back', async () => {
    await flow.given(JOE);
    emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    expect(await flow.upsert(withKey)).toMatchObject({ status: 'updated', changes: [{ field: 'metadata.plan' }] });
    expect(flow.steps()).toEqual(['read', 'update', 'read']);
    expect(metadataOf(emulator, JOE.id)).toEqual([['plan', 'gold', false]]);
  });

  it('of known keys lets an update be repeated', async () => {
    await flow.given(withKey);
    emulator.faults.add({ kind: 'reset', commit: true }, { method: 'POST' });
    expect(await flow.upsert({ ...JOE, metadata: { plan: 'silver' } })).toMatchObject({ status: 'updated' });
    expect(flow.steps()).toEqual(['read', 'update', 'update']);
    expect(metadataOf(emulator, JOE.id)).toEqual([['plan', 'silver', false]]);
  });
});
