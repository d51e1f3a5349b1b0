import { describe, expect, it } from 'vitest';
import { startEmulator as startAutumn } from '../../emulators/autumn.js';
import { startEmulator as startFlexprice } from '../../emulators/flexprice.js';
import { startEmulator as startLago } from '../../emulators/lago.js';
import { startEmulator as startRecharge } from '../../emulators/recharge.js';
import { autumn } from '../../integrations/autumn/connector.js';
import { flexprice } from '../../integrations/flexprice/connector.js';
import { lago } from '../../integrations/lago/connector.js';
import { recharge } from '../../integrations/recharge/connector.js';
import { builtInProviders } from '../../integrations/registry.js';
import { createRunner } from '../../src/runner/runner.js';
import { during, JOE, openFlow } from '../core/upsert/flow.js';
import { collect, outcomeOf, statusOf } from './shelf.js';

const runner = createRunner({ providers: builtInProviders });

describe('twelve upserts of one customer at once', () => {
  const keys = Array.from({ length: 12 }, (_, n) => `key_${n}`);
  const metadata = (value: string) => Object.fromEntries(keys.map((key) => [key, value]));

  it('keep all metadata at Autumn, whose updates rewrite all of it', async () => {
    const flow = openFlow(await during(startAutumn({ rateLimits: false })), autumn);
    await Promise.all(keys.map((key) => flow.upsert({ ...JOE, metadata: { [key]: 'x' } })));
    expect(flow.emulator.customers()).toMatchObject([{ id: JOE.id, metadata: metadata('x') }]);
  });

  it('keep all metadata at Flexprice, which replaces it as a whole', async () => {
    const flow = openFlow(await during(startFlexprice()), flexprice);
    await Promise.all(keys.map((key) => flow.upsert({ ...JOE, metadata: { [key]: 'x' } })));
    expect(flow.emulator.customers()).toMatchObject([{ external_id: JOE.id, metadata: metadata('x') }]);
  });

  it('make one customer at Recharge', async () => {
    const flow = openFlow(await during(startRecharge({ rateLimits: false })), recharge);
    const outcomes = await Promise.all(keys.map((last_name) => flow.upsert({ ...JOE, last_name })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['created', ...Array(11).fill('updated')]);
    expect(flow.emulator.customers()).toHaveLength(1);
  });
});

describe('several providers in one run', () => {
  const rows = Array.from({ length: 30 }, (_, n) => ({
    value: { ...JOE, id: `acct_${n}`, email: `joe+${n}@example.test` },
  }));

  it('a refused key at one stops that one only', async () => {
    const wrong = openFlow(await during(startRecharge({ rateLimits: false })), recharge, { apiKey: 'wrong' });
    const right = openFlow(await during(startLago({ rateLimits: false })), lago);
    const results = await collect(runner.apply([wrong.connection, right.connection], rows, { concurrency: 3 }));
    const statuses = results.map((row) => statusOf(row, 0));
    expect(statuses.filter((status) => status === 'failed').length).toBeLessThanOrEqual(3);
    expect(statuses.filter((status) => status === 'not_attempted').length).toBeGreaterThanOrEqual(27);
    expect(outcomeOf(results[29], 0).reason).toContain('Recharge answered 401');
    expect(results.map((row) => statusOf(row, 1))).toEqual(Array(30).fill('created'));
    expect(wrong.emulator.requests.length).toBeLessThanOrEqual(6);
  });

  it('one that is away is left alone after a few customers', async () => {
    const away = openFlow(await during(startAutumn({ rateLimits: false })), autumn, {
      baseUrl: 'http://127.0.0.1:1/v1',
    });
    const there = openFlow(await during(startFlexprice()), flexprice);
    const results = await collect(runner.apply([away.connection, there.connection], rows, { concurrency: 2 }));
    const statuses = results.map((row) => statusOf(row, 0));
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill('failed'));
    expect(statuses.slice(7)).toEqual(Array(23).fill('not_attempted'));
    expect(outcomeOf(results[29], 0).reason).toContain('5 failures in a row');
    expect(results.map((row) => statusOf(row, 1))).toEqual(Array(30).fill('created'));
  });

  it('one customer that Lago cannot look up does not stop the others', async () => {
    const old = openFlow(await during(startLago({ rateLimits: false, version: '1.48' })), lago);
    await old.given({ ...JOE, id: 'before' });
    const mixed = [{ value: { ...JOE, id: 'acme.com' } }, ...rows.slice(0, 3)];
    const results = await collect(runner.apply([old.connection], mixed, { concurrency: 1 }));
    expect(results.map((row) => statusOf(row))).toEqual(['invalid', 'created', 'created', 'created']);
  });
});

describe('the rate', () => {
  it('of a connection is kept although many customers are in flight', async () => {
    const emulator = await during(startFlexprice());
    const times: number[] = [];
    const { host } = openFlow(emulator, flexprice);
    host.before = () => void times.push(Date.now());
    const fast = { ...flexprice.definition, limits: [{ documented: 'by a test', requests_per_second: 400, burst: 2 }] };
    const provider = { ...flexprice, definition: fast };
    // This clock must be the real one: the limiter's own sleep is what is looked at.
    const paced = { ...host, now: Date.now, sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)) };
    const own = createRunner({ providers: [provider] });
    const connection = own.connect({ to: 'flexprice', host: paced, rateShare: 0.5 });
    await collect(
      own.apply(
        [connection],
        Array.from({ length: 20 }, (_, n) => ({ value: { ...JOE, id: `a${n}` } })),
      ),
    );
    // 40 requests, 5 ms apart, of which the first comes at once.
    expect(times).toHaveLength(40);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(39 * 5 - 5);
  });
});
