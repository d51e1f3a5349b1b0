import { describe, expect, it } from 'vitest';
import { createRunner } from '../../src/runner/runner.js';
import { collect, openShelf, shelf } from './shelf.js';

const runner = createRunner({ providers: [shelf] });
const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ value: { id: `c${n}`, name: 'Ada' } }));

function connect(name: string, turns: number, maxInFlight?: number) {
  const server = openShelf({ turns: () => turns });
  return {
    server,
    connection: runner.connect({ to: 'shelf', name, host: server.host, rateShare: 'unpaced', maxInFlight }),
  };
}

describe('a slow connection', () => {
  it('does not hold up the others', async () => {
    const slow = connect('slow', 40);
    const quick = connect('quick', 1);
    const results = runner.apply([slow.connection, quick.connection], rowsOf(300), { concurrency: 2 });
    for await (const _ of results) break;
    // When the first row is done at both, the quick one has nearly had all of them.
    expect(slow.server.items.size).toBeLessThan(20);
    await expect.poll(() => quick.server.items.size).toBe(300);
  });

  it('gets everybody as well, and the results are in order', async () => {
    const connections = [connect('slow', 5).connection, connect('quick', 1).connection];
    const results = await collect(runner.apply(connections, rowsOf(50), { concurrency: 3 }));
    expect(
      results.map(({ results: [first, second] }) =>
        [first, second].map((one) => one?.kind === 'outcome' && one.outcome.to),
      ),
    ).toEqual(Array(50).fill(['slow', 'quick']));
  });
});

it('each connection has its own customers in flight, and no more than are worth it', async () => {
  const servers = [connect('a', 3), connect('b', 2), connect('c', 1), connect('d', 1, 2)];
  const connections = servers.map(({ connection }) => connection);
  await collect(runner.apply(connections, rowsOf(60), { concurrency: 4 }));
  expect(servers.map(({ server }) => server.busiest)).toEqual([4, 4, 4, 2]);
});
