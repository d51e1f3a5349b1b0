import { describe, expect, it } from 'vitest';
import { definition } from '../../../providers/recharge/definition.js';
import { definitionSchema, type ProviderDefinition } from '../../../schemas/definition.js';
import { CustomerSyncError, isCustomerSyncError } from '../../../src/core/errors.js';
import { createClient } from '../../../src/core/http/client.js';
import { type Host, TransportError } from '../../../src/core/http/host.js';
import type { RetryPolicy } from '../../../src/core/http/retry.js';
import { type Scripted, scriptedHost } from './scripted-host.js';

const RECHARGE = definitionSchema.parse(definition);
const RETRY: RetryPolicy = { maxAttempts: 3, baseMs: 100, capMs: 1_000, budgetMs: 10_000 };
const OK: Scripted = { body: '{"customer":{"id":1}}' };
const REFUSED = new TransportError('no', 'ECONNREFUSED');
const RESET = new TransportError('maybe', 'ECONNRESET');

type Verb = 'read' | 'safe write' | 'unsafe write';

interface Ran {
  readonly answer?: unknown;
  readonly error?: CustomerSyncError;
  readonly host: ReturnType<typeof scriptedHost>;
}

interface RunOptions {
  readonly retry?: RetryPolicy;
  readonly host?: Partial<Host> & { answerMs?: number };
  readonly provider?: ProviderDefinition;
}

async function run(verb: Verb, script: readonly Scripted[], options: RunOptions = {}): Promise<Ran> {
  const host = scriptedHost(script, options.host);
  const client = createClient({ host, definition: options.provider ?? RECHARGE, retry: options.retry ?? RETRY });
  const body = { email: 'joe@example.test' };
  try {
    const answer =
      verb === 'read'
        ? await client.read('get', { params: { id: '1' } })
        : await client.write('create', { body, replaySafe: verb === 'safe write', idempotencyKey: 'key-1' });
    return { answer, host };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return { error, host };
  }
}

describe('a success', () => {
  it.each<[string, Scripted, unknown]>([
    ['JSON text', { status: 200, body: '{"a":1}' }, { a: 1 }],
    ['201', { status: 201, body: '{"a":1}' }, { a: 1 }],
    ['202', { status: 202, body: '{"a":1}' }, { a: 1 }],
    ['207', { status: 207, body: '{"a":1}' }, { a: 1 }],
    ['JSON of a wrong content type', { headers: { 'content-type': 'text/html' }, body: '{"a":1}' }, { a: 1 }],
    ['a body that the host has parsed', { body: { a: 1 } }, { a: 1 }],
    ['204, which has nothing to say', { status: 204, body: '' }, {}],
  ])('is the parsed body: %s', async (_, response, expected) => {
    const { answer, host } = await run('unsafe write', [response]);
    expect(answer).toEqual(expected);
    expect(host.requests).toHaveLength(1);
    expect(host.waits).toEqual([]);
  });
});

const UNREADABLE: readonly [string, Scripted][] = [
  ['an empty 200', { status: 200, body: '' }],
  ['a 200 that is a page', { status: 200, body: '<html></html>' }],
  ['a 200 cut off', { status: 200, body: '{"customer":{"id":1' }],
  ['a 200 that is a JSON text', { status: 200, body: '"ok"' }],
  ['a 200 that is JSON null', { status: 200, body: 'null' }],
  ['a 200 without any body', { status: 200, body: undefined }],
];
const MAYBE_DONE: readonly [string, Scripted][] = [
  ['408', { status: 408 }],
  ['500', { status: 500 }],
  ['502 as a page', { status: 502, body: '<html>Bad gateway</html>' }],
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['a reset', RESET],
  ['a timeout', new TransportError('maybe', 'timeout')],
  ...UNREADABLE,
];
const NOT_DONE: readonly [string, Scripted][] = [
  ['429', { status: 429, headers: { 'retry-after': '0' }, body: '{"warning":"too many requests"}' }],
  ['423', { status: 423 }],
  ['425', { status: 425 }],
  ['a route lock', { status: 409, body: '{"error":"A call to this route is already in progress."}' }],
  ['a refused connection', REFUSED],
  ['a connect timeout', new TransportError('no', 'connect timeout')],
  ['an unknown host', new TransportError('no', 'EAI_AGAIN')],
];

describe('a passing failure', () => {
  it.each([...MAYBE_DONE, ...NOT_DONE])('of a read is tried again: %s', async (_, failure) => {
    const { answer, host } = await run('read', [failure, OK]);
    expect(answer).toEqual({ customer: { id: 1 } });
    expect(host.requests).toHaveLength(2);
    expect(host.waits).toEqual([50]);
  });

  it.each([...MAYBE_DONE, ...NOT_DONE])('of a write that may be repeated is tried again: %s', async (_, failure) => {
    const { answer, host } = await run('safe write', [failure, failure, OK]);
    expect(answer).toEqual({ customer: { id: 1 } });
    expect(host.waits).toEqual([50, 100]);
    expect(host.requests[2]).toEqual(host.requests[0]);
  });

  it.each(NOT_DONE)('that changed nothing lets any write be tried again: %s', async (_, failure) => {
    const { answer, host } = await run('unsafe write', [failure, OK]);
    expect(answer).toEqual({ customer: { id: 1 } });
    expect(host.requests).toHaveLength(2);
  });

  it.each(MAYBE_DONE)('that may have written is not repeated where that is not safe: %s', async (_, failure) => {
    const { error, host } = await run('unsafe write', [failure, OK]);
    expect(error).toMatchObject({ code: 'uncertain', retryable: true });
    expect(host.requests).toHaveLength(1);
  });

  it.each(MAYBE_DONE)('of a read ends as unavailable after the last attempt: %s', async (_, failure) => {
    const { error, host } = await run('read', [failure]);
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(host.requests).toHaveLength(3);
  });

  it.each(MAYBE_DONE)('of a safe write ends as uncertain after the last attempt: %s', async (_, failure) => {
    const { error, host } = await run('safe write', [failure]);
    expect(error).toMatchObject({ code: 'uncertain', retryable: true });
    expect(host.requests).toHaveLength(3);
  });

  it.each<[Verb, Scripted, string]>([
    ['safe write', REFUSED, 'unavailable'],
    ['unsafe write', REFUSED, 'unavailable'],
    ['unsafe write', { status: 429 }, 'rate_limited'],
    ['read', { status: 429 }, 'rate_limited'],
    ['safe write', { status: 423 }, 'unavailable'],
  ])('that surely wrote nothing does not end as uncertain: %s', async (verb, failure, code) => {
    const { error, host } = await run(verb, [failure]);
    expect(error?.code).toBe(code);
    expect(host.requests).toHaveLength(3);
  });
});

describe('several attempts of one write', () => {
  it.each<[string, readonly Scripted[]]>([
    ['a reset, then a refusal', [RESET, { status: 422, body: '{"errors":{"email":["bad"]}}' }]],
    ['a 502, then "exists"', [{ status: 502 }, { status: 422, body: '{"errors":{"email":"already exists"}}' }]],
    ['a 502, then a refused connection for ever', [{ status: 502 }, REFUSED]],
    ['a timeout, then 401 for ever', [new TransportError('maybe', 'timeout'), { status: 401 }]],
  ])('stay uncertain once one may have written: %s', async (_, script) => {
    const { error } = await run('safe write', script);
    expect(error).toMatchObject({ code: 'uncertain' });
  });

  it('stop being repeated once one may have written and repeating is not safe', async () => {
    const { error, host } = await run('unsafe write', [REFUSED, { status: 502 }, OK]);
    expect(error?.code).toBe('uncertain');
    expect(host.requests).toHaveLength(2);
  });

  it('carry the same idempotency key', async () => {
    const { api } = RECHARGE;
    const provider = { ...RECHARGE, api: { ...api, idempotency_header: 'idempotency-key' } };
    const { host } = await run('safe write', [{ status: 503 }, { status: 503 }, OK], { provider });
    expect(host.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-1', 'key-1']);
  });
});

describe('a refusal', () => {
  it.each<[number, string, string]>([
    [400, '{"errors":{"first_name":["bad"]}}', 'rejected'],
    [403, '{"error":"scope"}', 'forbidden'],
    [404, '{"errors":"Not Found"}', 'not_found'],
    [405, '', 'rejected'],
    [409, '{"errors":{"email":"already exists"}}', 'conflict'],
    [413, '', 'rejected'],
    [422, '{"errors":{"first_name":["bad"]}}', 'rejected'],
    [426, '', 'config'],
    [301, '', 'protocol'],
    [307, '', 'protocol'],
  ])('is not tried again: %i', async (status, body, code) => {
    for (const verb of ['read', 'safe write', 'unsafe write'] as const) {
      const { error, host } = await run(verb, [{ status, body }, OK]);
      expect(error).toMatchObject({ code, retryable: false, details: { provider: 'recharge', status } });
      expect(host.requests).toHaveLength(1);
    }
  });
});

describe('401', () => {
  it.each<Verb>(['read', 'safe write', 'unsafe write'])('once is taken for a stray one: %s', async (verb) => {
    const { answer, host } = await run(verb, [{ status: 401, body: '{"error":"bad authentication"}' }, OK]);
    expect(answer).toEqual({ customer: { id: 1 } });
    expect(host.requests).toHaveLength(2);
  });

  it.each<Verb>(['read', 'safe write', 'unsafe write'])('twice is believed: %s', async (verb) => {
    const { error, host } = await run(verb, [{ status: 401, body: '{"error":"bad authentication"}' }]);
    expect(error).toMatchObject({ code: 'auth', retryable: false });
    expect(host.requests).toHaveLength(2);
  });

  it('is believed at once where there is one attempt only', async () => {
    const { error, host } = await run('read', [{ status: 401 }, OK], { retry: { ...RETRY, maxAttempts: 1 } });
    expect(error?.code).toBe('auth');
    expect(host.requests).toHaveLength(1);
  });
});

describe('waiting', () => {
  it.each([
    ['seconds', '3', 3_125],
    ['a date', 'Fri, 20 Nov 2026 10:00:05 GMT', 5_125],
  ])('obeys Retry-After in %s', async (_, value, expected) => {
    const { host } = await run('unsafe write', [{ status: 429, headers: { 'retry-after': value } }, OK]);
    expect(host.waits).toEqual([expected]);
  });

  it.each([429, 503])('obeys Retry-After of a %i', async (status) => {
    const { host } = await run('read', [{ status, headers: { 'retry-after': '2' } }, OK]);
    expect(host.waits).toEqual([2_125]);
  });

  it('obeys whoever refused the request on the way', async () => {
    const { host } = await run('unsafe write', [new TransportError('no', 'refused by the proxy', 4_000), OK]);
    expect(host.waits).toEqual([4_125]);
  });

  it.each([429, 503])('ends at once when a %i asks for more than the budget', async (status) => {
    const { error, host } = await run('read', [{ status, headers: { 'retry-after': '11' } }, OK]);
    expect(error?.code).toBe(status === 429 ? 'rate_limited' : 'unavailable');
    expect(host.requests).toHaveLength(1);
    expect(host.waits).toEqual([]);
  });

  it('calls a refusal on the way rate_limited when it asks for more than the budget', async () => {
    const { error } = await run('unsafe write', [new TransportError('no', 'refused by the proxy', 11_000)]);
    expect(error?.code).toBe('rate_limited');
  });

  it('does not count the time that slow answers took', async () => {
    const { error, host } = await run('read', [{ status: 503 }], { host: { answerMs: 6_000 } });
    expect(error?.code).toBe('unavailable');
    expect(host.requests).toHaveLength(3);
  });

  it('lasts as long as the definition says after a 429 that names no time', async () => {
    const { host } = await run('read', [{ status: 429 }, OK]);
    expect(host.waits).toEqual([2_125]);
  });
});

describe('another API version', () => {
  const OTHER: Scripted = { headers: { 'x-recharge-version': '2021-01' }, body: '{"customer":{"id":1}}' };

  it.each<Verb>(['read', 'unsafe write'])('is not believed: %s', async (verb) => {
    const { error, host } = await run(verb, [OTHER]);
    expect(error).toMatchObject({ code: 'protocol', details: { provider: 'recharge' } });
    expect(error?.message).toContain('2021-01');
    expect(host.requests).toHaveLength(1);
  });

  it('is not looked for where the host does not show headers', async () => {
    const { answer } = await run('read', [OTHER], { host: { providerHeaders: 'unreliable' } });
    expect(answer).toEqual({ customer: { id: 1 } });
  });

  it('is not missed where the header is absent', async () => {
    expect((await run('read', [OK])).answer).toEqual({ customer: { id: 1 } });
  });
});

describe('the log', () => {
  it('tells of every retry without a value of the customer', async () => {
    const { host } = await run('safe write', [{ status: 503, body: 'joe@example.test' }, RESET, OK]);
    const common = { level: 'warn', event: 'retry', provider: 'recharge', operation: 'create' };
    expect(host.entries).toEqual([
      { ...common, attempt: 1, reason: '503', waitMs: 50 },
      { ...common, attempt: 2, reason: 'ECONNRESET', waitMs: 100 },
    ]);
  });

  it('is silent where nothing was retried', async () => {
    expect((await run('safe write', [OK])).host.entries).toEqual([]);
  });
});

describe('an error', () => {
  it.each<[string, Scripted]>([
    ['no answer', RESET],
    ['an unreadable answer', { status: 200, body: 'joe@example.test' }],
    ['a refusal', { status: 422, body: '{"errors":{"email":["joe@example.test is bad"]}}' }],
    ['a failure', { status: 500, body: 'cannot store joe@example.test' }],
  ])('holds no value of the customer: %s', async (_, failure) => {
    const { error } = await run('unsafe write', [failure]);
    expect(JSON.stringify([error?.message, error?.details, error?.stack])).not.toContain('joe@');
  });

  it('of the host itself is let through', async () => {
    const own = new CustomerSyncError('config', { message: 'no', remedy: 'yes' });
    expect((await run('read', [own])).error).toBe(own);
    await expect(run('read', [new TypeError('a fault of the program')])).rejects.toThrow('a fault of the program');
  });

  it('is thrown for an operation that the definition does not declare, before anything is sent', async () => {
    const host = scriptedHost([OK]);
    const client = createClient({ host, definition: RECHARGE });
    await expect(client.read('delete')).rejects.toThrow('recharge declares no operation "delete"');
    expect(host.requests).toEqual([]);
  });
});

describe('an answer that is given once more for the same idempotency key', () => {
  const provider = { ...RECHARGE, api: { ...RECHARGE.api, replay_header: 'idempotent-replayed' } };
  const OLD: Scripted = { ...OK, headers: { 'idempotent-replayed': 'true' } };

  it.each<[string, Scripted[], ProviderDefinition, number]>([
    ['is told of', [OLD], provider, 1],
    ['is told of after an attempt that was refused', [{ status: 429 }, OLD], provider, 1],
    ['is that of an attempt of ours which got no answer', [RESET, OLD], provider, 0],
    ['is one like any other where it does not say so', [OK], provider, 0],
    ['is one like any other where the provider has no such header', [OLD], RECHARGE, 0],
  ])('%s', async (_, script, definition, count) => {
    let told = 0;
    const client = createClient({ host: scriptedHost(script), definition, retry: RETRY });
    await client.write('create', {
      body: {},
      replaySafe: true,
      onReplay: () => {
        told += 1;
      },
    });
    expect(told).toBe(count);
  });
});
