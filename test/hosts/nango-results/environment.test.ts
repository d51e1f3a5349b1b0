import { describe, expect, it } from 'vitest';
import { recharge } from '../../../integrations/recharge/connector.js';
import { createNangoAction } from '../../../src/hosts/nango-action.js';
import { createNangoEnvironment } from '../../../src/hosts/nango-environment.js';
import { createNangoPace } from '../../../src/hosts/nango-pace.js';
import { createNangoProxyHost } from '../../../src/hosts/nango-proxy-host.js';
import { virtualClock } from '../../runner/virtual-clock.js';
import {
  action,
  behind,
  create,
  created,
  customer,
  deploy,
  find,
  json,
  nango,
  place,
  provider,
  proxy,
} from './behind-nango.js';

describe('the key', () => {
  it.each(['no-uuid', '11111111-1111-4111-8111-111111111111'])(
    '20, 34: that Nango refuses is said to be refused (%s)',
    async (secretKey) => {
      const failure = { code: 'auth', message: 'Nango does not accept the secret key' };
      const environment = createNangoEnvironment({ secretKey, nangoUrl: nango.url });
      const acme = { provider: 'recharge', integration: 'recharge', connectionId: 'acme' };
      await expect(environment.find(acme)).rejects.toMatchObject(failure);
      // Such an answer names no limit, which is not the same as a limit of none.
      expect(environment.pace).toBeUndefined();
      const host = createNangoProxyHost({ ...place(), secretKey, definition: recharge.definition });
      await expect(host.send(find)).rejects.toMatchObject(failure);
      const remote = createNangoAction({ ...place(), secretKey, provider: recharge });
      expect(await remote.upsert(customer)).toMatchObject({ error: failure });
    },
  );
});

it.each([
  [{ plan: 'gold' }, ['acme', 'late']],
  [{ plan: 'gold', region: 'eu' }, ['acme']],
])('28: connections with all of the tags %j are listed, in the order of their ids', async (tags, expected) => {
  const found = await createNangoEnvironment(place()).select({ provider: 'recharge', integration: 'recharge' }, tags);
  expect(found.map(({ connectionId }) => connectionId)).toEqual(expected);
});

describe("Nango's own limit", () => {
  it('32: in windows that open with the first call is kept, wherever they open', async () => {
    const clock = virtualClock();
    const pace = createNangoPace({ limit: 200, host: clock });
    const times: number[] = [];
    const all = Array.from({ length: 400 }, () => pace.acquire('a').then(() => times.push(clock.now())));
    await clock.run();
    await Promise.all(all);
    for (const opened of times) {
      expect(times.filter((time) => time >= opened && time < opened + 60_000).length).toBeLessThanOrEqual(100);
    }
  });

  it('33: is told from that of the provider, and nothing was sent then', async () => {
    const body = JSON.stringify({ error: { code: 'too_many_request', method: 'POST', path: '/proxy/customers' } });
    nango.faults.add({ kind: 'respond', status: 429, headers: { 'retry-after': '0' }, body }, { times: 1 });
    await expect(proxy().send(create)).rejects.toMatchObject({
      sent: 'no',
      reason: "Nango's own rate limit",
      waitMs: 1_000,
    });
    expect(provider.seen).toEqual([]);
    behind.answer = (response) => json(response, 429, { error: 'too many requests' }, { 'retry-after': '0' });
    expect(await proxy().send(create)).toMatchObject({ status: 429 });
    expect(provider.seen).toHaveLength(1);
  });

  it('33: is waited out by whoever meets it', async () => {
    const body = JSON.stringify({ error: { code: 'too_many_request' } });
    nango.faults.add({ kind: 'respond', status: 429, headers: { 'retry-after': '20' }, body }, { times: 2 });
    deploy(async () => ({ results: [created] }));
    const waits: number[] = [];
    const clock = {
      now: Date.now,
      async sleep(ms: number) {
        waits.push(ms);
        await nango.idle();
      },
    };
    expect(await action(clock).upsert(customer)).toEqual(created);
    expect(waits.slice(0, 2)).toEqual([21_000, 21_000]);
  });
});
