import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator, Fault } from '../../../emulators/server.js';
import type { Outcome } from '../../../schemas/outcome.js';
import { type Flow, JOE, openFlow, type Step, SUBJECTS, type Subject } from './flow.js';

const SMITH = { ...JOE, last_name: 'Smith' };
const PAGE = '<html><body>joe@example.test: Bad Gateway</body></html>';

/** What one fault must come to. A write that is safe to repeat is repeated at once, any other is read back first. */
interface Case {
  readonly name: string;
  readonly fault: Fault;
  /** How many requests go wrong. Default: 1. */
  readonly times?: number;
  /** Requests of a write that may be repeated. */
  readonly safe: readonly Step[];
  /** Requests of a write that may not. Default: as `safe`. */
  readonly unsafe?: readonly Step[];
  /** Default: as without the fault. */
  readonly status?: Outcome['status'];
  readonly code?: string;
  /** Whether the provider holds the write in the end. Default: where there is no `code`. */
  readonly written?: boolean;
  readonly waits?: readonly number[];
}

/** `write` stands for the step that the case is run for. */
type Write = 'create' | 'update';

function passing(write: Write): Case[] {
  const repeated: Step[] = ['read', write, write];
  const readBack: Step[] = ['read', write, 'read', write];
  const settled: Step[] = ['read', write, 'read'];
  return [
    { name: 'reset before the work', fault: { kind: 'reset' }, safe: repeated, unsafe: readBack },
    { name: 'reset after the work', fault: { kind: 'reset', commit: true }, safe: repeated, unsafe: settled },
    { name: 'no answer before the work', fault: { kind: 'hang' }, safe: repeated, unsafe: readBack },
    { name: 'no answer after the work', fault: { kind: 'hang', commit: true }, safe: repeated, unsafe: settled },
    { name: 'an answer cut off', fault: { kind: 'truncate' }, safe: repeated, unsafe: settled },
    { name: '500', fault: { kind: 'respond', status: 500 }, safe: repeated, unsafe: readBack },
    { name: '502 as a page', fault: { kind: 'respond', status: 502, body: PAGE }, safe: repeated, unsafe: readBack },
    {
      name: '503 with Retry-After',
      fault: { kind: 'respond', status: 503, headers: { 'retry-after': '7' } },
      safe: repeated,
      unsafe: readBack,
    },
    {
      name: '504 after the work',
      fault: { kind: 'respond', status: 504, commit: true },
      safe: repeated,
      unsafe: settled,
    },
    { name: '408', fault: { kind: 'respond', status: 408 }, safe: repeated, unsafe: readBack },
    {
      name: '200 without a body',
      fault: { kind: 'respond', status: 200, commit: true },
      safe: repeated,
      unsafe: settled,
    },
    {
      name: '200 that is not JSON',
      fault: { kind: 'respond', status: 200, body: PAGE, commit: true },
      safe: repeated,
      unsafe: settled,
    },
    { name: '423', fault: { kind: 'respond', status: 423 }, safe: repeated, waits: [50] },
    { name: '425', fault: { kind: 'respond', status: 425 }, safe: repeated, waits: [50] },
    { name: '429', fault: { kind: 'respond', status: 429, body: 'Too many' }, safe: repeated },
    {
      name: '429 with seconds',
      fault: { kind: 'respond', status: 429, headers: { 'retry-after': '7' } },
      safe: repeated,
      waits: [7_125],
    },
    {
      name: '401 once',
      fault: { kind: 'respond', status: 401, body: '{"error":"x"}' },
      safe: repeated,
      waits: [50],
    },
  ];
}

function lasting(write: Write, { refusal, nobody }: Subject): Case[] {
  const { status: refused, body: refusedBody } = refusal('is bad');
  const once: Step[] = ['read', write];
  const thrice: Step[] = ['read', write, write, write];
  /** Read back, tried once more as often as is allowed, read back again. */
  const twiceSafe: Step[] = ['read', write, write, write, 'read', write, write, write, 'read'];
  const twiceUnsafe: Step[] = ['read', write, 'read', write, 'read'];
  const always = { times: 99, status: 'failed' } as const;
  return [
    {
      ...always,
      name: '500 for ever',
      fault: { kind: 'respond', status: 500 },
      safe: twiceSafe,
      unsafe: twiceUnsafe,
      code: 'unavailable',
    },
    {
      ...always,
      name: 'resets for ever',
      fault: { kind: 'reset' },
      safe: twiceSafe,
      unsafe: twiceUnsafe,
      code: 'unavailable',
    },
    { ...always, name: '429 for ever', fault: { kind: 'respond', status: 429 }, safe: thrice, code: 'rate_limited' },
    {
      name: '429 for longer than the budget',
      fault: { kind: 'respond', status: 429, headers: { 'retry-after': '3600' } },
      safe: once,
      status: 'failed',
      code: 'rate_limited',
      waits: [],
    },
    {
      ...always,
      name: '401 for ever',
      fault: { kind: 'respond', status: 401, body: '{"error":"bad authentication"}' },
      safe: ['read', write, write],
      code: 'auth',
    },
    { name: '400', fault: { kind: 'respond', status: 400 }, safe: once, status: 'rejected', code: 'rejected' },
    { name: '403', fault: { kind: 'respond', status: 403 }, safe: once, status: 'failed', code: 'forbidden' },
    { name: '405', fault: { kind: 'respond', status: 405 }, safe: once, status: 'rejected', code: 'rejected' },
    { name: '412', fault: { kind: 'respond', status: 412 }, safe: once, status: 'rejected', code: 'rejected' },
    {
      name: '413',
      fault: { kind: 'respond', status: 413, body: PAGE },
      safe: once,
      status: 'rejected',
      code: 'rejected',
    },
    {
      name: 'a refusal of fields',
      fault: { kind: 'respond', status: refused, body: JSON.stringify(refusedBody) },
      safe: once,
      status: 'rejected',
      code: 'rejected',
    },
    {
      name: 'a redirect',
      fault: { kind: 'respond', status: 307, headers: { location: 'http://127.0.0.1:9/steal' } },
      safe: once,
      status: 'failed',
      code: 'protocol',
    },
    {
      name: 'a success that names nobody, the work being done',
      fault: { kind: 'respond', status: 201, body: nobody, commit: true },
      safe: ['read', write, 'read'],
    },
    {
      name: 'an error with status 200, the work being done',
      fault: { kind: 'respond', status: 200, body: '{"error":"x"}', commit: true },
      safe: ['read', write, 'read'],
    },
    {
      name: 'an error with status 200, once, nothing being done',
      fault: { kind: 'respond', status: 200, body: '{"error":"x"}' },
      safe: ['read', write, 'read', write],
    },
    {
      ...always,
      name: 'an error with status 200 for ever, nothing being done',
      fault: { kind: 'respond', status: 200, body: '{"error":"x"}' },
      safe: twiceUnsafe,
      code: 'unavailable',
    },
  ];
}

describe.each(SUBJECTS)('$id', (subject) => {
  const { id, provider, names } = subject;
  let emulator: Emulator<object>;
  let flow: Flow<Emulator<object>>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.reset();
  });

  function open({ fault }: Case): Flow<Emulator<object>> {
    return openFlow(emulator, provider, fault.kind === 'hang' ? { timeoutMs: 100 } : {});
  }

  /** Puts the fault on the writes: they differ from the reads by method, or at Autumn by path. */
  function inject({ fault, times = 1 }: Case, write: Write): void {
    const path = { create: /\/customers(\.get_or_create)?$/, update: /\/customers(\/\d+|\?.*|\.update)?$/ }[write];
    const method = write === 'update' && ['recharge', 'flexprice'].includes(id) ? 'PUT' : 'POST';
    emulator.faults.add(fault, { method, path, times });
  }

  function expectOutcome(outcome: Outcome, { status, code, waits, ...expected }: Case, write: Write): void {
    const isSafe = write === 'update' || subject.safeCreate;
    expect(flow.steps()).toEqual(isSafe ? expected.safe : (expected.unsafe ?? expected.safe));
    expect(outcome.error?.code).toBe(code);
    expect(outcome.status).toBe(status ?? (write === 'create' ? 'created' : 'updated'));
    expect(outcome.warnings).toEqual([]);
    if (waits !== undefined) expect(flow.host.waits).toEqual(waits);
    expectNothingPersonal(outcome.error);
  }

  function expectNothingPersonal(error: Outcome['error']): void {
    const shown = JSON.stringify(error ?? {});
    for (const secret of ['joe@', 'Joe', 'Bloggs', 'Smith', emulator.apiKey]) expect(shown).not.toContain(secret);
    if (error !== undefined) expect(error.remedy).toMatch(/\w+ .*\.$/);
  }

  describe.each([...passing('create'), ...lasting('create', subject)])('$name on create', (given) => {
    it('leaves one customer or none, and tells which', async () => {
      flow = open(given);
      inject(given, 'create');
      const outcome = await flow.upsert(JOE);
      expectOutcome(outcome, given, 'create');
      expect(names(emulator)).toEqual(given.code === undefined ? ['Joe Bloggs'] : []);
      if (given.code === undefined) expect(outcome.provider_id).toMatch(/\w/);
    });
  });

  describe.each([...passing('update'), ...lasting('update', subject)])('$name on update', (given) => {
    it('leaves the old value or the new one, and tells which', async () => {
      flow = open(given);
      const { provider_id } = await flow.given(JOE);
      inject(given, 'update');
      const outcome = await flow.upsert(SMITH);
      expectOutcome(outcome, given, 'update');
      expect(names(emulator)).toEqual([given.code === undefined ? 'Joe Smith' : 'Joe Bloggs']);
      if (given.code === undefined) expect(outcome.provider_id).toBe(provider_id);
      expect(outcome.changes).toHaveLength(given.code === undefined ? 1 : 0);
    });
  });

  const READ_FAULTS: readonly [string, Fault][] = [
    ['reset', { kind: 'reset' }],
    ['no answer', { kind: 'hang' }],
    ['an answer cut off', { kind: 'truncate' }],
    ['500', { kind: 'respond', status: 500 }],
    ['502 as a page', { kind: 'respond', status: 502, body: PAGE }],
    ['429', { kind: 'respond', status: 429 }],
    ['401 once', { kind: 'respond', status: 401 }],
    ['200 without a body', { kind: 'respond', status: 200 }],
    ['200 that is not JSON', { kind: 'respond', status: 200, body: PAGE }],
  ];

  it.each(READ_FAULTS)('%s on the look-up is tried again', async (_, fault) => {
    flow = openFlow(emulator, provider, fault.kind === 'hang' ? { timeoutMs: 100 } : {});
    emulator.faults.add(fault);
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created', warnings: [] });
    expect(flow.steps()).toEqual(['read', 'read', 'create']);
    expect(names(emulator)).toEqual(['Joe Bloggs']);
  });

  it.each<[string, Fault, string]>([
    ['500', { kind: 'respond', status: 500 }, 'unavailable'],
    ['resets', { kind: 'reset' }, 'unavailable'],
    ['429', { kind: 'respond', status: 429 }, 'rate_limited'],
    ['401', { kind: 'respond', status: 401 }, 'auth'],
    ['403', { kind: 'respond', status: 403 }, 'forbidden'],
    ['302', { kind: 'respond', status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'protocol'],
    ['an error with status 200', { kind: 'respond', status: 200, body: '{"error":"joe@example.test"}' }, 'protocol'],
  ])('%s for ever on the look-up writes nothing', async (_, fault, code) => {
    flow = openFlow(emulator, provider);
    emulator.faults.add(fault, { times: 99 });
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({ status: 'failed', error: { code }, changes: [] });
    expect(new Set(flow.steps())).toEqual(new Set(['read']));
    expect(flow.steps().length).toBeLessThanOrEqual(3);
    expectNothingPersonal(outcome.error);
    expect(emulator.customers()).toEqual([]);
  });

  it('waits until the date that a 429 names', async () => {
    flow = openFlow(emulator, provider);
    const date = new Date(Date.now() + 20_000).toUTCString();
    emulator.faults.add({ kind: 'respond', status: 429, headers: { 'retry-after': date } });
    expect(await flow.upsert(JOE)).toMatchObject({ status: 'created' });
    expect(flow.host.waits).toHaveLength(1);
    expect(flow.host.waits[0]).toBeGreaterThan(18_000);
    expect(flow.host.waits[0]).toBeLessThanOrEqual(20_250);
  });

  it('names the field that was refused, without repeating its value', async () => {
    flow = openFlow(emulator, provider);
    const { status, body, field } = subject.refusal('Joe Bloggs is no name for joe@example.test');
    inject({ name: '', fault: { kind: 'respond', status, body: JSON.stringify(body) }, safe: [] }, 'create');
    const { error } = await flow.upsert(JOE);
    expect(error).toMatchObject({ code: 'rejected', status, fields: [{ field }] });
    expectNothingPersonal(error);
  });

  it('treats a 404 of an update that is not true as one that passes', async () => {
    flow = openFlow(emulator, provider);
    await flow.given(JOE);
    inject({ name: '', fault: { kind: 'respond', status: 404, body: '{}' }, safe: [] }, 'update');
    expect(await flow.upsert(SMITH)).toMatchObject({ status: 'updated', warnings: [] });
    expect(flow.steps()).toEqual(['read', 'update', 'read', 'update']);
    expect(names(emulator)).toEqual(['Joe Smith']);
  });

  it('ends as a conflict where updates say 404 for ever and reads find the customer', async () => {
    flow = openFlow(emulator, provider);
    await flow.given(JOE);
    inject({ name: '', fault: { kind: 'respond', status: 404, body: '{}' }, times: 99, safe: [] }, 'update');
    expect(await flow.upsert(SMITH)).toMatchObject({ status: 'conflict', error: { code: 'conflict' } });
    expect(flow.steps().filter((step) => step === 'update')).toHaveLength(4);
    expect(flow.host.waits).toEqual([250, 1_000, 4_000]);
    expect(names(emulator)).toEqual(['Joe Bloggs']);
  });

  it('takes a refused connection for nothing done', async () => {
    flow = openFlow(emulator, provider, { baseUrl: emulator.url.replace(/:\d+/, ':1') });
    const outcome = await flow.upsert(JOE);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
    expect(flow.steps()).toEqual(['read', 'read', 'read']);
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
