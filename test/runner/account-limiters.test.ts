import { expect, it } from 'vitest';
import type { Provider } from '../../src/core/connector.js';
import { createLimiter } from '../../src/core/run/limiter.js';
import { createRunner } from '../../src/runner/runner.js';
import { collect, openShelf, shelf } from './shelf.js';
import { virtualClock } from './virtual-clock.js';

const limits = [{ documented: 'by a test', requests_per_second: 10 }];
const limited: Provider = { ...shelf, definition: { ...shelf.definition, limits } };
const rows = Array.from({ length: 10 }, (_, number) => ({ value: { id: `c${number}` } }));

/** Two connections look at ten customers each, at the same time. Answers when each request went out. */
async function timesOf(one: object, other: object): Promise<number[]> {
  const clock = virtualClock();
  const { host } = openShelf();
  const times: number[] = [];
  const timed = {
    ...host,
    ...clock,
    send(request: Parameters<typeof host.send>[0]) {
      times.push(clock.now());
      return host.send(request);
    },
  };
  const runner = createRunner({ providers: [limited] });
  const connections = [one, other].map((options) =>
    runner.connect({ to: 'shelf', host: timed, rateShare: 1, ...options }),
  );
  const runs = connections.map((connection) => collect(runner.dryRun([connection], rows)));
  await clock.run();
  await Promise.all(runs);
  return times;
}

it('connections of one account keep to its rate together, whatever they are called', async () => {
  const times = await timesOf({ name: 'lago-eu', account: 'acme' }, { name: 'lago-crm', account: 'acme' });
  expect(times).toEqual(Array.from({ length: 20 }, (_, index) => index * 100));
});

it.each([
  ['of two accounts', { account: 'acme' }, { account: 'globex' }],
  ['that name no account', {}, {}],
])('connections %s do not wait for each other', async (_what, one, other) => {
  const times = await timesOf(one, other);
  expect(times.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => Math.floor(index / 2) * 100),
  );
});

it('a connection takes slots as wide as its share of the account makes them', async () => {
  const clock = virtualClock();
  const account = createLimiter({ limits, share: 1, host: clock });
  const [half, quarter] = [account.withShare(0.5), account.withShare(0.25)];
  const times: string[] = [];
  const work = [half, quarter, half, half].map(async (limiter, index) => {
    await limiter.acquire('get');
    times.push(`${index} at ${clock.now()}`);
  });
  await clock.run();
  await Promise.all(work);
  expect(times).toEqual(['0 at 0', '1 at 200', '2 at 600', '3 at 800']);
});

it('what one connection is told to wait, all of the account wait', async () => {
  const clock = virtualClock();
  const account = createLimiter({ limits, share: 1, host: clock });
  account.withShare(0.5).pauseUntil(5_000);
  const other = account.withShare(1).acquire('get');
  await clock.run();
  await other;
  expect(clock.now()).toBe(5_000);
});
