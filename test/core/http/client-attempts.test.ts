import { describe, expect, it } from 'vitest';
import { TransportError } from '../../../src/core/http/host.js';
import { OK, RECHARGE, RESET, run, type Verb } from './run-client.js';
import type { Scripted } from './scripted-host.js';

const REFUSED = new TransportError('no', 'ECONNREFUSED');

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
