import { Nango } from '@nangohq/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NangoScript } from '../../emulators/nango/script.js';
import { type NangoEmulator, startNangoEmulator } from '../../emulators/nango.js';
import { type RechargeEmulator, startEmulator } from '../../emulators/recharge.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';

let recharge: RechargeEmulator;
let emulator: NangoEmulator;
let nango: Nango;

beforeAll(async () => {
  recharge = await startEmulator({ rateLimits: false });
  emulator = await startNangoEmulator({
    integrations: { recharge: rechargeIntegration(recharge.url) },
    connections: [rechargeConnection(recharge.apiKey)],
    rateLimits: false,
    sleep: async () => {},
  });
  nango = new Nango({ apiKey: emulator.secretKey, host: emulator.url });
});

beforeEach(() => {
  recharge.reset();
  emulator.reset();
});

afterAll(async () => {
  await emulator.close();
  await recharge.close();
});

describe('a synchronous action', () => {
  it('answers with what the script returns, and its log is kept', async () => {
    deploy(async (script, input) => {
      await script.log('seen', { level: 'warn' });
      return { input };
    });
    expect(await trigger({ a: 1 })).toEqual({ input: { a: 1 } });
    expect(emulator.logs).toEqual([
      { integration: 'recharge', script: 'probe', level: 'warn', message: 'seen', details: [] },
    ]);
  });

  it('may answer with 2 MiB of JSON and no more', async () => {
    const length = 2 * 1024 * 1024 - 2;
    deploy(async (_script, input) => 'x'.repeat(Number(Object(input).length)));
    expect(await trigger({ length })).toHaveLength(length);
    expect(await failureOf(trigger({ length: length + 1 }))).toMatchObject({
      status: 500,
      error: {
        code: 'script_internal_error',
        payload: { message: expect.stringContaining('Output size is too large: 2097153 bytes') },
      },
    });
  });

  it.each([
    ['a list', [1, 2], { message: [1, 2] }],
    ['a text', 'no', { message: 'no' }],
    ['nothing', undefined, {}],
    ['an object', { type: 't', code: 'c' }, { code: 'c', type: 't' }],
  ])('makes an object of the payload of an ActionError that is %s', async (_title, payload, expected) => {
    deploy(async (script) => {
      throw new script.ActionError(payload);
    });
    const { status, error } = await failureOf(trigger());
    expect([status, error.code, JSON.stringify(error.payload)]).toEqual([
      500,
      'action_script_runtime_error',
      JSON.stringify(expected),
    ]);
  });

  it('tells of a native error of the script by its name and message', async () => {
    deploy(async () => {
      throw new RangeError('too far');
    });
    expect(await failureOf(trigger())).toMatchObject({
      status: 500,
      error: { code: 'script_internal_error', payload: { name: 'RangeError', message: 'too far' } },
    });
  });

  it('tells of a thrown text', async () => {
    deploy(async () => {
      throw 'a text';
    });
    expect(await failureOf(trigger())).toMatchObject({ error: { payload: { name: 'Error', message: '"a text"' } } });
  });

  it('passes on the provider’s refusal with few of its headers', async () => {
    recharge.faults.add({
      kind: 'respond',
      status: 429,
      headers: { 'content-type': 'text/plain', 'retry-after': '9', 'x-ratelimit-remaining': '0' },
      body: '{"b":1,"a":2}',
    });
    deploy((script) => script.get({ endpoint: '/customers' }));
    const { status, error } = await failureOf(trigger());
    expect(status).toBe(424);
    expect(error).toEqual({
      payload: { a: 2, b: 1 },
      code: 'script_http_error',
      upstream: {
        status: 429,
        headers: { 'content-type': 'text/plain', 'x-ratelimit-remaining': '0' },
        body: { a: 2, b: 1 },
      },
    });
  });

  it('takes the field payload of the provider’s body for the whole body', async () => {
    recharge.faults.add({ kind: 'respond', status: 400, body: '{"payload":{"only":"this"},"error":"lost"}' });
    deploy((script) => script.get({ endpoint: '/customers' }));
    expect(await failureOf(trigger())).toMatchObject({ status: 424, error: { payload: { only: 'this' } } });
  });

  it('shows a script whose request breaks an error without an answer', async () => {
    recharge.faults.add({ kind: 'reset' });
    deploy((script) =>
      script
        .get({ endpoint: '/customers' })
        .catch(({ code, response }) => ({ code, hasResponse: response !== undefined })),
    );
    expect(await trigger()).toEqual({ code: 'ECONNRESET', hasResponse: false });
  });

  it('answers the race in place of the next failures, and of nothing else', async () => {
    deploy(async (script, input) => {
      if (Object(input).fails) throw new script.ActionError({ message: 'no' });
      return 'done';
    });
    emulator.raceNextFailures(1);
    expect(await trigger()).toBe('done');
    expect(await failureOf(trigger({ fails: true }))).toMatchObject({
      status: 500,
      error: {
        code: 'action_script_failure',
        payload: { error: expect.stringMatching(/^Task [0-9a-f-]{36} is in progress$/) },
      },
    });
    expect(await failureOf(trigger({ fails: true }))).toMatchObject({ error: { code: 'action_script_runtime_error' } });
  });

  it('gives its locks back when it ends', async () => {
    deploy((script) => script.tryAcquireLock({ key: 'k', ttlMs: 60_000 }));
    expect([await trigger(), await trigger()]).toEqual([true, true]);
  });

  it('can trigger another one, whose failure it sees as its caller would', async () => {
    emulator.deploy(
      plain('inner', async (script) => {
        throw new script.ActionError({ reason: 'inner' });
      }),
    );
    deploy((script) =>
      script
        .triggerAction('recharge', 'conn-1', 'inner', {})
        .catch(({ response }) => ({ status: response.status, data: response.data })),
    );
    expect(await trigger()).toMatchObject({ status: 500, data: { error: { payload: { reason: 'inner' } } } });
  });
});

describe('an asynchronous action', () => {
  it('has no result while it runs, and keeps its result', async () => {
    const release = Promise.withResolvers<void>();
    deploy(() => release.promise.then(() => ({ done: true })));
    const { id } = await nango.triggerActionAsync('recharge', 'conn-1', 'probe', {});
    expect(await failureOf(nango.getAsyncActionResult({ id }))).toMatchObject({
      status: 404,
      error: { code: 'not_found' },
    });
    release.resolve();
    await emulator.idle();
    expect(await nango.getAsyncActionResult({ id })).toEqual({ done: true });
    expect(await nango.getAsyncActionResult({ id })).toEqual({ done: true });
  });

  it('never has a result when it returns null', async () => {
    deploy(async () => null);
    const { id } = await nango.triggerActionAsync('recharge', 'conn-1', 'probe', {});
    await emulator.idle();
    expect(await failureOf(nango.getAsyncActionResult({ id }))).toMatchObject({ status: 404 });
  });

  it('waits for the one before it', async () => {
    const order: unknown[] = [];
    deploy(async (_script, input) => {
      order.push(`${Object(input).n} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${Object(input).n} ends`);
    });
    for (const n of [1, 2]) await nango.triggerActionAsync('recharge', 'conn-1', 'probe', { n });
    await emulator.idle();
    expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
  });
});

describe('nango.get in a script', () => {
  it('waits between retries without looking at retry-after', async () => {
    recharge.faults.add({ kind: 'respond', status: 503, headers: { 'retry-after': '60' } }, { times: 2 });
    deploy(async (script) => (await script.get({ endpoint: '/customers', retries: 2 })).status);
    expect(await trigger()).toBe(200);
    expect(recharge.requests).toHaveLength(3);
  });

  it('sends the runner’s user agent whatever the script asks for', async () => {
    deploy(async (script) => (await script.get({ endpoint: '/customers', headers: { 'User-Agent': 'mine' } })).status);
    await trigger();
    expect(recharge.requests[0]?.headers['user-agent']).toMatch(/^nango-node-client\/0\.71\.4 /);
  });
});

/** A plain function in the place of a compiled action. */
function plain(name: string, exec: NangoScript['exec']): NangoScript {
  return { integration: 'recharge', name, type: 'action', exec };
}

function deploy(exec: NangoScript['exec']): void {
  emulator.deploy(plain('probe', exec));
}

function trigger(input?: unknown): Promise<unknown> {
  return nango.triggerAction('recharge', 'conn-1', 'probe', input);
}

interface Failure {
  readonly status: number;
  readonly error: { readonly code: string; readonly payload: unknown };
}

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return call.then(
    () => expect.fail('it did not fail'),
    ({ response: { status, data } }: { response: { status: number; data: { error: Failure['error'] } } }) => ({
      status,
      error: data.error,
    }),
  );
}
