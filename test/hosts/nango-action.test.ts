import { describe, expect, it } from 'vitest';
import { recharge } from '../../integrations/recharge/connector.js';
import type { Outcome } from '../../schemas/outcome.js';
import { createNangoAction } from '../../src/hosts/nango-action.js';
import type { Clock } from '../../src/hosts/nango-ask.js';
import { createSlots } from '../../src/runner/slots.js';
import { virtualClock } from '../runner/virtual-clock.js';
import { closedPort } from './loopback.js';
import { action, created, customer, deploy, nango, place, targets } from './nango-results/behind-nango.js';

const people = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `u-${n}`, name: 'Jo' }));

/** An action that answers `created` for everybody, or something else. */
function deployBatch(answer: (ids: readonly string[]) => unknown = (ids) => ({ results: ids.map(done) })): string[][] {
  const calls: string[][] = [];
  deploy(async (_, input) => {
    const ids = Object(input).customers.map(({ id }: { id: string }) => id);
    calls.push(ids);
    return answer(ids);
  });
  return calls;
}

function done(id: string): Outcome {
  return { customer_id: id, to: 'recharge', status: 'created', changes: [], warnings: [] };
}

function late(id: string): Outcome {
  return { ...done(id), status: 'not_attempted', reason: 'the time that Nango gives an action was nearly over' };
}

/** Waits pass at once, but leave Nango the time to work. */
function quickClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let time = 0;
  return {
    waits,
    now: () => time,
    async sleep(ms) {
      waits.push(ms);
      time += ms;
      await nango.idle();
    },
  };
}

describe('customers', () => {
  it('go in batches of 100 and get their own outcomes', async () => {
    const calls = deployBatch();
    const remote = action();
    const outcomes = await Promise.all(people(250).map((one) => remote.upsert(one)));
    expect(calls.map((ids) => ids.length)).toEqual([100, 100, 50]);
    expect(outcomes.map(({ customer_id: id }) => id)).toEqual(people(250).map(({ id }) => id));
  });

  it('for whom the action had no time are given to it again', async () => {
    const calls = deployBatch((ids) => ({
      results: ids.map((id, index) => (index < 2 ? done(id) : late(id))),
      ...(ids.length > 2 && { stopped: 'time' }),
    }));
    const remote = action();
    const outcomes = await Promise.all(people(5).map((one) => remote.upsert(one)));
    expect(calls).toEqual([['u-0', 'u-1', 'u-2', 'u-3', 'u-4'], ['u-2', 'u-3', 'u-4'], ['u-4']]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('created'));
  });

  it('are not given again to an action that gets nowhere', async () => {
    const calls = deployBatch((ids) => ({ results: ids.map(late), stopped: 'time' }));
    expect(await action().upsert(customer)).toMatchObject({ status: 'not_attempted' });
    expect(calls).toHaveLength(1);
  });

  it('are not given again where going on made no sense', async () => {
    const calls = deployBatch((ids) => ({
      results: ids.map((id, n) => (n === 0 ? done(id) : late(id))),
      stopped: 'failures',
    }));
    const remote = action();
    const outcomes = await Promise.all(people(3).map((one) => remote.upsert(one)));
    expect(outcomes.map(({ status }) => status)).toEqual(['created', 'not_attempted', 'not_attempted']);
    expect(calls).toHaveLength(1);
  });

  it('have the name of the connection in their outcomes', async () => {
    deployBatch();
    const remote = createNangoAction({ ...place(), provider: recharge, name: 'tenants/acme', clock: quickClock() });
    expect(await remote.upsert(customer)).toEqual({ ...created, to: 'tenants/acme' });
  });
});

describe('Nango', () => {
  it('that cannot be reached has got nothing, so nothing is uncertain', async () => {
    const nangoUrl = `http://127.0.0.1:${await closedPort()}`;
    const clock = quickClock();
    const remote = createNangoAction({ ...place(), nangoUrl, provider: recharge, clock });
    expect(await remote.upsert(customer)).toMatchObject({
      status: 'failed',
      error: { code: 'unavailable', message: 'Nango cannot be reached (ECONNREFUSED)' },
    });
    expect(clock.waits).toEqual([4_000, 16_000]);
  });

  it('whose answer to the trigger is lost is asked anew, and the second execution finds what the first has made', async () => {
    const calls = deployBatch();
    nango.faults.add({ kind: 'reset', commit: true }, { path: /trigger/ });
    expect(await action().upsert(customer)).toEqual(created);
    expect(calls).toHaveLength(2);
  });

  it('whose answers about the result are lost is asked again, without another execution', async () => {
    const calls = deployBatch();
    nango.faults.add({ kind: 'reset' }, { method: 'GET', times: 3 });
    nango.faults.add({ kind: 'respond', status: 502, body: '<html>Bad gateway</html>' }, { method: 'GET', times: 2 });
    expect(await action(quickClock()).upsert(customer)).toEqual(created);
    expect(calls).toHaveLength(1);
    expect(targets(nango.requests).filter((target) => target.startsWith('GET'))).toHaveLength(6);
  });

  it('that goes away while the action runs leaves the fate of its customers uncertain', async () => {
    deployBatch();
    nango.faults.add({ kind: 'reset' }, { method: 'GET', times: 1_000 });
    const clock = quickClock();
    expect(await action(clock).upsert(customer)).toMatchObject({
      status: 'uncertain',
      error: { message: 'Nango did not say what became of the action (ECONNRESET)' },
    });
    expect(clock.now()).toBeGreaterThan(5 * 60_000);
    expect(clock.now()).toBeLessThan(6 * 60_000);
  });

  it('whose limit stays used up is not asked for ever', async () => {
    const body = JSON.stringify({ error: { code: 'too_many_request' } });
    nango.faults.add({ kind: 'respond', status: 429, headers: { 'retry-after': '59' }, body }, { times: 1_000 });
    expect(await action(quickClock()).upsert(customer)).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limited', message: "Nango's own limit of requests is used up, and others keep using it" },
    });
    expect(nango.requests.length).toBeLessThan(15);
  });

  it('that answers a page of another server says nothing of the action', async () => {
    nango.faults.add({ kind: 'respond', status: 502, body: '<html>Bad gateway</html>' }, { times: 9 });
    expect(await action(quickClock()).upsert(customer)).toMatchObject({
      status: 'uncertain',
      error: { message: 'Nango did not say what became of the action (Nango answered 502)' },
    });
  });

  it('that stands behind a server with a limit of its own is not given too much', async () => {
    const page = '<html>413 Request Entity Too Large</html>';
    nango.faults.add({ kind: 'respond', status: 413, body: page });
    expect(await action(quickClock()).upsert(customer)).toMatchObject({
      status: 'failed',
      error: { code: 'config', message: 'a server in front of Nango refuses a request for its size (413)' },
    });
  });

  it('that refuses the request says why', async () => {
    const body = JSON.stringify({ error: { code: 'invalid_body', errors: [] } });
    nango.faults.add({ kind: 'respond', status: 400, body });
    expect(await action(quickClock()).upsert(customer)).toMatchObject({
      status: 'failed',
      error: { code: 'config', message: 'Nango refuses the request (400 invalid_body)' },
    });
  });
});

describe('several connections of one environment', () => {
  it('take turns, and no more than two batches are in Nango at once', async () => {
    let inNango = 0;
    let most = 0;
    const order: string[] = [];
    const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) };
    const batchOf = (name: string): ReturnType<typeof createSlots> => {
      return async (task) =>
        turns(async () => {
          inNango += 1;
          most = Math.max(most, inNango);
          order.push(name);
          try {
            return await task();
          } finally {
            inNango -= 1;
          }
        });
    };
    const turns = createSlots(2);
    deployBatch();
    const remotes = ['a', 'b', 'c'].map((name) =>
      createNangoAction({ ...place(), provider: recharge, name, clock, turns: batchOf(name) }),
    );
    const all = remotes.flatMap((remote) => people(250).map((one) => remote.upsert(one)));
    const outcomes = await Promise.all(all);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['created']));
    expect(most).toBe(2);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });
});

describe('an interrupted run', () => {
  it('gives nobody to the action who waited for a turn meanwhile', async () => {
    const calls = deployBatch();
    const { promise: busy, resolve: free } = Promise.withResolvers<void>();
    const turns = createSlots(1);
    void turns(() => busy);
    const interrupt = new AbortController();
    const remote = createNangoAction({ ...place(), provider: recharge, turns });
    const waiting = remote.upsert(customer, interrupt.signal);
    interrupt.abort();
    free();
    expect(await waiting).toMatchObject({ status: 'not_attempted', reason: 'the run was interrupted' });
    expect(calls).toEqual([]);
  });

  it('gives nobody to the action again for whom it had no time', async () => {
    const interrupt = new AbortController();
    const calls = deployBatch((ids) => {
      interrupt.abort();
      return { results: ids.map((id, index) => (index < 1 ? done(id) : late(id))), stopped: 'time' };
    });
    const remote = action();
    const outcomes = await Promise.all(people(3).map((one) => remote.upsert(one, interrupt.signal)));
    expect(outcomes.map(({ status }) => status)).toEqual(['created', 'not_attempted', 'not_attempted']);
    expect(calls).toHaveLength(1);
  });

  it('gives nobody to the action any more', async () => {
    const calls = deployBatch();
    expect(await action().upsert(customer, AbortSignal.abort())).toMatchObject({
      status: 'not_attempted',
      reason: 'the run was interrupted',
    });
    expect(calls).toEqual([]);
  });

  it('waits half a minute for an action that is at work', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    deploy(() => promise);
    const clock = virtualClock();
    const interrupt = new AbortController();
    const remote = createNangoAction({ ...place(), provider: recharge, clock });
    let outcome: Outcome | undefined;
    void remote.upsert(customer, interrupt.signal).then((one) => {
      outcome = one;
    });
    let interruptedAt = 0;
    while (outcome === undefined) {
      await clock.run();
      await new Promise((done) => setTimeout(done, 1));
      if (!interrupt.signal.aborted && clock.now() > 60_000) {
        interrupt.abort();
        interruptedAt = clock.now();
      }
    }
    expect(outcome).toMatchObject({
      status: 'uncertain',
      error: { message: 'Nango did not say what became of the action (the run was interrupted)' },
    });
    expect(clock.now() - interruptedAt).toBeLessThan(50_000);
    resolve({ results: [] });
  });
});

it('a plan whose fate is not known is no uncertain write', async () => {
  nango.deploy({ integration: 'recharge', name: 'plan-customers', type: 'action', exec: async () => null });
  const remote = action(quickClock());
  expect(await remote.plan(customer)).toMatchObject({
    outcome: { status: 'failed', error: { code: 'unavailable', remedy: 'Run again; nothing was written.' } },
  });
});
