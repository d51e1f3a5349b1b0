import { describe, expect, it } from 'vitest';
import { autumn } from '../../integrations/autumn/connector.js';
import { lago } from '../../integrations/lago/connector.js';
import { recharge } from '../../integrations/recharge/connector.js';
import type { ProviderDefinition } from '../../schemas/definition.js';
import type { Host, HttpRequest } from '../../src/core/http/host.js';
import { createLimiter } from '../../src/core/run/limiter.js';
import { pacedHost } from '../../src/core/run/paced-host.js';
import { type Scripted, scriptedHost } from '../core/http/scripted-host.js';

const { definition } = recharge;
const GET: HttpRequest = { operation: 'find', method: 'GET', path: '/customers', headers: {} };

interface Setting {
  readonly provider?: ProviderDefinition;
  readonly providerHeaders?: Host['providerHeaders'];
}

/** Sends so many requests one after another, and tells how long each had to wait. */
async function waits(
  script: readonly Scripted[],
  count: number,
  { provider = definition, providerHeaders = 'full' }: Setting = {},
): Promise<number[]> {
  const host = scriptedHost(script, { providerHeaders });
  const limits = [{ documented: 'by a test', requests_per_second: 10 }];
  const paced = pacedHost(host, createLimiter({ limits, share: 1, host }), provider);
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
    expect({ ...paced, send: host.send }).toMatchObject({ ...host });
  });

  it('lets errors through', async () => {
    await expect(waits([new Error('no answer')], 1)).rejects.toThrow('no answer');
  });
});

describe('a 429', () => {
  it('holds back what follows for as long as it says', async () => {
    expect(await waits([{ status: 429, headers: { 'retry-after': '7' } }, {}], 3)).toEqual([0, 7_000, 100]);
  });

  it('that says nothing holds back for as long as the definition says, if it does', async () => {
    expect(await waits([{ status: 429 }, {}], 2)).toEqual([0, 2_000]);
    expect(await waits([{ status: 429 }, {}], 2, { provider: lago.definition })).toEqual([0, 100]);
  });

  it('may say it as a date', async () => {
    const headers = { 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' };
    expect(await waits([{ status: 429, headers }, {}], 2)).toEqual([0, 30_000]);
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

describe('an answer that shows how much is left', () => {
  it.each([
    ['1/40', 100],
    ['32/40', 100],
    // The bucket leaks two a second.
    ['33/40', 500],
    ['40/40', 4_000],
    ['80/80', 8_000],
    ['many', 100],
    ['40/0x28', 100],
  ])('leaves a fifth of Recharge’s bucket to others: %s', async (used, expected) => {
    expect(await waits([{ headers: { 'x-recharge-limit': used } }, {}], 2)).toEqual([0, expected]);
  });

  it.each([
    ['lago', lago, 'x-ratelimit-'],
    ['autumn', autumn, 'ratelimit-'],
  ])('waits until there is more: %s', async (_, { definition: provider }, prefix) => {
    const headers = (remaining: string, reset: string) => ({
      [`${prefix}remaining`]: remaining,
      [`${prefix}reset`]: reset,
    });
    expect(await waits([{ headers: headers('1', '3') }, {}], 2, { provider })).toEqual([0, 100]);
    expect(await waits([{ headers: headers('0', '3') }, {}], 2, { provider })).toEqual([0, 3_000]);
    expect(await waits([{ headers: headers('0', 'soon') }, {}], 2, { provider })).toEqual([0, 100]);
    // Nango's own, which names a time.
    expect(await waits([{ headers: headers('0', '1795168860') }, {}], 2, { provider })).toEqual([0, 100]);
  });

  it('is not believed behind Nango’s proxy, where it may be Nango’s', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3' };
    const setting = { provider: lago.definition, providerHeaders: 'unreliable' } as const;
    expect(await waits([{ headers }, {}], 2, setting)).toEqual([0, 100]);
  });
});

it('does not wait for the end of Nango’s own window after a 503 of the provider', async () => {
  const headers = { 'x-ratelimit-reset': String(Date.UTC(2026, 10, 20, 10, 0, 50) / 1000) };
  expect(await waits([{ status: 503, headers }, {}], 2, { provider: lago.definition })).toEqual([0, 100]);
});
