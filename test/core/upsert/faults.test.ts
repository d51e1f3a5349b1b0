import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../emulators/faults.js';
import type { Emulator } from '../../../emulators/server.js';
import { type Flow, JOE, openFlow, SUBJECTS } from './flow.js';

const SMITH = { ...JOE, last_name: 'Smith' };

/** What outcomes tell of faults. What the faults come to is in test/conformance. */
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

  const { update: operation = { method: '', path: '' } } = provider.definition.operations;
  const update = {
    method: operation.method,
    path: new RegExp(`${operation.path.replace(/\{\w+\}/g, '[^/?]+')}(\\?.*)?$`),
  };

  it.each<[string, Fault, number]>([
    ['a reset before the work', { kind: 'reset' }, 1],
    ['a reset after the work', { kind: 'reset', commit: true }, 1],
    ['an answer cut off', { kind: 'truncate' }, 1],
    ['an error with status 200, the work being done', { kind: 'respond', status: 200, body: '{}', commit: true }, 1],
    ['a refusal', { kind: 'respond', status: 400 }, 0],
  ])('tells the changes that were made, once, after %s', async (_, fault, count) => {
    await flow.given(JOE);
    emulator.faults.add(fault, update);
    const { changes, warnings } = await flow.upsert(SMITH);
    expect(changes).toHaveLength(count);
    expect(warnings).toEqual([]);
  });

  it('names the field that was refused, without repeating its value', async () => {
    const { status, body, field } = subject.refusal('Joe Bloggs is no name for joe@example.test');
    emulator.faults.add(
      { kind: 'respond', status, body: JSON.stringify(body) },
      { method: 'POST', path: /\/customers(\.get_or_create)?$/ },
    );
    const { error } = await flow.upsert(JOE);
    expect(error).toMatchObject({ code: 'rejected', status, fields: [{ field }] });
    const shown = JSON.stringify(error);
    for (const secret of ['joe@', 'Joe', 'Bloggs', emulator.apiKey]) expect(shown).not.toContain(secret);
  });

  it('ends as a conflict where updates say 404 for ever and reads find the customer', async () => {
    await flow.given(JOE);
    emulator.faults.add({ kind: 'respond', status: 404, body: '{}' }, { ...update, times: 99 });
    expect(await flow.upsert(SMITH)).toMatchObject({ status: 'conflict', error: { code: 'conflict' } });
    expect(flow.steps().filter((step) => step === 'update')).toHaveLength(4);
    expect(flow.host.waits).toEqual([250, 1_000, 4_000]);
    expect(names(emulator)).toEqual(['Joe Bloggs']);
  });

  it('explains a wrong key', async () => {
    flow = openFlow(emulator, provider, { apiKey: 'wrong-key' });
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'auth', status: 401, remedy: expect.stringContaining(provider.definition.auth.env) },
    });
    expect(JSON.stringify(outcome)).not.toContain('wrong-key');
  });
});
