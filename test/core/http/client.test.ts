import { describe, expect, it } from 'vitest';
import type { ProviderDefinition } from '../../../schemas/definition.js';
import { CustomerSyncError } from '../../../src/core/errors.js';
import { createClient } from '../../../src/core/http/client.js';
import { OK, RECHARGE, RESET, RETRY, run, type Verb } from './run-client.js';
import { type Scripted, scriptedHost } from './scripted-host.js';

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
