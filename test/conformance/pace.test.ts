import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import type { Host } from '../../src/core/http/host.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createRunner } from '../../src/runner/runner.js';
import { during, SUBJECTS, type Subject } from '../core/upsert/flow.js';
import { collect, statusOf } from '../runner/shelf.js';

/** One clock for provider and engine. Requests that followed each other faster than this would arrive out of step. */
const shortestMs = 20;

function clockOf({ provider }: Subject) {
  const fastest = Math.max(...provider.definition.limits.map(({ requests_per_second: rate }) => rate));
  const speed = Math.max(1, 1000 / fastest / shortestMs);
  const startedAt = Date.now();
  const begun = performance.now();
  return {
    now: () => startedAt + (performance.now() - begun) * speed,
    sleep: (ms: number) => pause(ms / speed),
  };
}

async function open(subject: Subject) {
  const { id, provider } = subject;
  const clock = clockOf(subject);
  const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
    `../../emulators/${id}.ts`
  );
  const emulator = await during(module.startEmulator({ now: clock.now, rateLimits: true }));
  const { definition } = provider;
  const direct = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
  const statuses: number[] = [];
  const host: Host = {
    ...direct,
    async send(request) {
      const response = await direct.send(request);
      statuses.push(response.status);
      return response;
    },
    ...clock,
  };
  const runner = createRunner({ providers: [provider] });
  const connect = (rateShare?: number) => runner.connect({ to: id, host, rateShare, account: emulator.apiKey });
  return { host, statuses, runner, connection: connect(), connect };
}

const rows = Array.from({ length: 30 }, (_, number) => ({
  value: { id: `c${number}`, email: `c${number}@example.test`, first_name: 'Joe', last_name: 'Bloggs' },
}));

describe.each(SUBJECTS)('$id with its real limits', (subject) => {
  it('is never asked more than it allows, so it refuses nothing', async () => {
    const { statuses, runner, connection } = await open(subject);
    const results = await collect(runner.apply([connection], rows, { concurrency: 20 }));
    expect(results.map((row) => statusOf(row))).toEqual(rows.map(() => 'created'));
    expect(statuses).toHaveLength(60);
    expect(statuses).not.toContain(429);
  });
});

describe.each(SUBJECTS)('two connections of one account at $id with its real limits', (subject) => {
  it('use all that it allows, together, and nothing is refused', async () => {
    const { statuses, runner, connect } = await open(subject);
    const runs = [connect(1), connect(1)].map((connection) =>
      collect(runner.dryRun([connection], rows, { concurrency: 20 })),
    );
    expect((await Promise.all(runs)).flat()).toHaveLength(60);
    expect(statuses.length).toBeGreaterThanOrEqual(60);
    expect(statuses).not.toContain(429);
  });
});

it('a bucket that another program has nearly filled is not overfilled by us', async () => {
  const [recharge] = SUBJECTS.filter(({ id }) => id === 'recharge');
  if (recharge === undefined) throw new Error('Recharge is gone');
  const { host, statuses, runner, connection } = await open(recharge);
  const request = { operation: 'find', method: 'GET', path: '/customers', headers: {} } as const;
  const { headers } = recharge.provider.definition.api;
  await Promise.all(Array.from({ length: 36 }, () => host.send({ ...request, headers })));
  const results = await collect(runner.apply([connection], rows.slice(0, 15), { concurrency: 4 }));
  expect(results.map((row) => statusOf(row))).toEqual(Array(15).fill('created'));
  expect(statuses).not.toContain(429);
});
