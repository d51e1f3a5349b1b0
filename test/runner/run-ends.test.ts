import { describe, expect, it } from 'vitest';
import { TransportError } from '../../src/core/http/host.js';
import { collect, openShelf, outcomeOf, statusOf } from './shelf.js';
import { connect, many, runner } from './shelf-run.js';

describe('a connection on which nothing can go on', () => {
  it('stops at a refused key, while the other one goes on', async () => {
    const refusing = openShelf({ instead: () => ({ status: 401 }) });
    const fine = openShelf();
    const results = await collect(
      runner.apply([connect(refusing, 'refusing'), connect(fine, 'fine')], many(50), { concurrency: 4 }),
    );
    const statuses = results.map((row) => statusOf(row, 0));
    expect(new Set(statuses)).toEqual(new Set(['failed', 'not_attempted']));
    expect(statuses.filter((status) => status === 'failed').length).toBeLessThanOrEqual(4);
    expect(outcomeOf(results[49])).toMatchObject({
      status: 'not_attempted',
      reason: expect.stringContaining('stopped:'),
    });
    expect(results.map((row) => statusOf(row, 1))).toEqual(Array(50).fill('created'));
    expect(refusing.requests.length).toBeLessThanOrEqual(8);
  });

  it('stops where the provider is away', async () => {
    const server = openShelf({ instead: () => new TransportError('no', 'ECONNREFUSED') });
    const results = await collect(runner.apply([connect(server)], many(50), { concurrency: 2 }));
    const statuses = results.map((row) => statusOf(row));
    expect(statuses.filter((status) => status === 'failed').length).toBeGreaterThanOrEqual(5);
    expect(statuses.filter((status) => status === 'failed').length).toBeLessThanOrEqual(6);
    expect(statuses.at(-1)).toBe('not_attempted');
  });

  it.each(['apply', 'dryRun'] as const)(
    'goes on where the provider fails now and then, however often: %s',
    async (verb) => {
      const server = openShelf({ instead: (_, ref) => (Number(ref.slice(1)) % 2 === 0 ? { status: 503 } : undefined) });
      const results = await collect(runner[verb]([connect(server)], many(30), { concurrency: 1 }));
      const statuses = results.map((row) => statusOf(row));
      expect(statuses.filter((status) => status === 'failed')).toHaveLength(15);
      expect(statuses).not.toContain('not_attempted');
    },
  );

  it('does not stop the next run', async () => {
    let isDown = true;
    const connection = connect(openShelf({ instead: () => (isDown ? { status: 401 } : undefined) }));
    await collect(runner.apply([connection], many(3)));
    isDown = false;
    const results = await collect(runner.apply([connection], many(3)));
    expect(results.map((row) => statusOf(row))).toEqual(['created', 'created', 'created']);
  });
});

describe('an interruption', () => {
  it('finishes what is under way and attempts nothing more, and accounts for every row', async () => {
    const server = openShelf({ turns: () => 2 });
    const controller = new AbortController();
    const results = [];
    for await (const result of runner.apply([connect(server)], many(60), {
      concurrency: 4,
      signal: controller.signal,
    })) {
      results.push(result);
      if (results.length === 10) controller.abort();
    }
    const statuses = results.map((row) => statusOf(row));
    expect(statuses).toHaveLength(60);
    expect(new Set(statuses)).toEqual(new Set(['created', 'not_attempted']));
    expect(statuses.filter((status) => status === 'created')).toHaveLength(server.items.size);
    expect(statuses.indexOf('not_attempted')).toBeGreaterThanOrEqual(10);
    expect(outcomeOf(results[59])).toMatchObject({ reason: 'the run was interrupted' });
  });

  it('before the start attempts nothing', async () => {
    const server = openShelf();
    const results = await collect(runner.apply([connect(server)], many(5), { signal: AbortSignal.abort() }));
    expect(results.map((row) => statusOf(row))).toEqual(Array(5).fill('not_attempted'));
    expect(server.requests).toEqual([]);
  });
});
