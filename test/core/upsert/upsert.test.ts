import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulators/server.js';
import { type Flow, JOE, openFlow, SUBJECTS } from './flow.js';

describe.each(SUBJECTS)('$id', (subject) => {
  const { provider, names } = subject;
  let emulator: Emulator<object>;
  let flow: Flow<Emulator<object>>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
    flow = openFlow(emulator, provider);
  });

  it('creates who is not there', async () => {
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({ customer_id: 'acct_1', to: subject.id, status: 'created', warnings: [] });
    expect(outcome.provider_id).toMatch(/\w/);
    expect(outcome.changes.map(({ field, change }) => `${change} ${field}`)).toContain('set email');
    expect(flow.steps()).toEqual(['read', 'create']);
    expect(names(emulator)).toEqual(['Joe Bloggs']);
  });

  it('sends nothing but reads where nothing differs', async () => {
    const created = await flow.given(JOE);
    const outcome = await flow.upsert(JOE);
    expect(outcome).toEqual({
      customer_id: 'acct_1',
      to: subject.id,
      status: 'unchanged',
      provider_id: created.provider_id,
      changes: [],
      warnings: [],
    });
    expect(flow.steps()).toEqual(['read']);
  });

  it('sends nothing but reads where a customer says less than is stored', async () => {
    await flow.given(JOE);
    expect(await flow.upsert({ id: JOE.id, email: JOE.email })).toMatchObject({ status: 'unchanged' });
    expect(flow.steps()).toEqual(['read']);
  });

  it('updates the one field that differs, and tells old and new', async () => {
    const created = await flow.given(JOE);
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(outcome).toMatchObject({ status: 'updated', provider_id: created.provider_id, warnings: [] });
    expect(outcome.changes).toHaveLength(1);
    expect(outcome.changes[0]).toMatchObject({ change: 'set' });
    expect([outcome.changes[0]?.from, outcome.changes[0]?.to].map(String).join(' > ')).toMatch(/Bloggs > .*Smith/);
    expect(flow.steps()).toEqual(['read', 'update']);
    expect(JSON.stringify(flow.written())).not.toContain(JOE.email);
    expect(names(emulator)).toEqual(['Joe Smith']);
  });

  it('updates who was created elsewhere between read and create', async () => {
    flow.host.before = async (_request, earlier) => {
      if (earlier === 1) await subject.createElsewhere(flow, 'Joanna');
    };
    const outcome = await flow.upsert(JOE);
    expect(outcome.error).toBeUndefined();
    expect(names(emulator)).toEqual(['Joe Bloggs']);
    expect(flow.steps().length).toBeLessThanOrEqual(4);
  });

  it('creates anew who was deleted elsewhere between read and update', async () => {
    await flow.given(JOE);
    flow.host.before = async ({ operation }) => {
      if (operation !== 'update') return;
      flow.host.before = undefined;
      await subject.deleteElsewhere(flow);
    };
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(outcome.error).toBeUndefined();
    expect(names(emulator)).toEqual(['Joe Smith']);
    expect(flow.steps().length).toBeLessThanOrEqual(4);
  });

  it('ends with a conflict, not in a loop, where the customer comes and goes for ever', async () => {
    await flow.given(JOE);
    flow.host.before = async ({ operation }) => {
      if (operation === 'update') await subject.deleteElsewhere(flow);
      if (operation === 'create') await subject.createElsewhere(flow, 'Joanna');
    };
    const outcome = await flow.upsert({ ...JOE, last_name: 'Smith' });
    expect(flow.steps().length).toBeLessThanOrEqual(10);
    expect(emulator.customers().length).toBeLessThanOrEqual(1);
    expect(['conflict', 'created', 'updated']).toContain(outcome.status);
  });

  it('leaves out who is deleted in the source', async () => {
    expect(await flow.upsert({ ...JOE, deleted: true })).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('deleted in the source'),
    });
    expect(flow.steps()).toEqual([]);
  });

  it('sends nothing for a customer that breaks a rule', async () => {
    const outcome = await flow.upsert({ ...JOE, email: 'not an address' });
    expect(outcome).toMatchObject({ status: 'invalid', error: { code: 'invalid_customer' } });
    expect(flow.steps()).toEqual([]);
  });

  it('sends nothing for a field of the provider that is unknown to it', async () => {
    const outcome = await flow.upsert({ ...JOE, provider_fields: { [subject.id]: { no_such_field: 1 } } });
    expect(outcome).toMatchObject({
      status: 'invalid',
      error: { fields: [{ field: `provider_fields.${subject.id}.no_such_field` }] },
    });
    expect(flow.steps()).toEqual([]);
  });

  it('takes no notice of the fields of other providers', async () => {
    const outcome = await flow.upsert({ ...JOE, provider_fields: { other: { no_such_field: 1 } } });
    expect(outcome.status).toBe('created');
  });

  it.each([
    ["O'Brien", 'an apostrophe'],
    ['Müller-Lüdenscheidt', 'umlauts'],
    ['王小明', 'CJK'],
    ['مرحبا', 'right-to-left text'],
    ['Bob 😀', 'emoji'],
    ['Robert"); DROP TABLE', 'quotes'],
    ['a\\b/c?d#e%f', 'what a URL is made of'],
    ['<script>', 'markup'],
  ])('stores a name as it is: %s (%s)', async (last_name) => {
    expect(await flow.upsert({ ...JOE, last_name })).toMatchObject({ status: 'created', warnings: [] });
    expect(names(emulator)).toEqual([`Joe ${last_name}`]);
    expect(await flow.upsert({ ...JOE, last_name })).toMatchObject({ status: 'unchanged' });
  });
});
