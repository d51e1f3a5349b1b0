import { describe, expect, it } from 'vitest';
import { recharge } from '../../integrations/recharge/connector.js';
import type { HttpRequest } from '../../src/core/http/host.js';
import { createLimiter } from '../../src/core/run/limiter.js';
import { pacedHost } from '../../src/core/run/paced-host.js';
import { type Scripted, scriptedHost } from '../core/http/scripted-host.js';

const { definition } = recharge;
const GET: HttpRequest = { operation: 'find', method: 'GET', path: '/customers', headers: {} };

/** Sends so many requests one after another, and tells how long each had to wait. */
async function waits(script: readonly Scripted[], count: number): Promise<number[]> {
  const host = scriptedHost(script);
  const limits = [{ documented: 'by a test', requests_per_second: 10 }];
  const paced = pacedHost(host, createLimiter({ limits, share: 1, host }), definition);
  const result: number[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const before = host.now();
    await paced.send(GET);
    result.push(host.now() - before);
  }
  return result;
}

describe('a host that keeps to the rate', () => {
  it('spaces requests', async () => {
    expect(await waits([{}], 3)).toEqual([0, 100, 100]);
  });

  it('hands requests and answers on as they are', async () => {
    const host = scriptedHost([{ status: 418, body: 'tea' }]);
    const paced = pacedHost(host, createLimiter({ limits: [], share: 1, host }), definition);
    expect(await paced.send(GET)).toEqual({ status: 418, headers: {}, body: 'tea' });
    expect(host.requests).toEqual([GET]);
    expect({ ...paced, send: host.send }).toEqual({ ...host });
  });

  it('lets errors through', async () => {
    await expect(waits([new Error('no answer')], 1)).rejects.toThrow('no answer');
  });
});

describe('a 429', () => {
  it('holds back what follows for as long as it says', async () => {
    expect(await waits([{ status: 429, headers: { 'retry-after': '7' } }, {}], 3)).toEqual([0, 7_000, 100]);
  });

  it('that says nothing holds nothing back', async () => {
    expect(await waits([{ status: 429 }, {}], 2)).toEqual([0, 100]);
  });

  it('that names a nonsensical time holds back for a minute', async () => {
    expect(await waits([{ status: 429, headers: { 'retry-after': '86400' } }, {}], 2)).toEqual([0, 60_000]);
  });
});

it('a 503 that names a time holds everything back', async () => {
  expect(await waits([{ status: 503, headers: { 'retry-after': '7' } }, {}], 2)).toEqual([0, 7_000]);
});

it.each([200, 500])('a %i holds nothing back, whatever it says', async (status) => {
  expect(await waits([{ status, headers: { 'retry-after': '7' } }, {}], 2)).toEqual([0, 100]);
});
