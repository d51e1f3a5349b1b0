import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../../src/runner/row.js';
import { createRunner } from '../../src/runner/runner.js';
import { collect, openShelf, randomTurns, shelf, statusOf } from './shelf.js';

const runner = createRunner({ providers: [shelf] });
const connect = ({ host }: ReturnType<typeof openShelf>, name = 'shelf') =>
  runner.connect({ to: 'shelf', name, host, rateShare: 'unpaced' });

type Kind = 'new' | 'same' | 'changed' | 'deleted' | 'refused' | 'down' | 'bad' | 'unreadable' | 'again';

const expected: Readonly<Record<Kind, string>> = {
  new: 'created',
  same: 'unchanged',
  changed: 'updated',
  deleted: 'skipped',
  refused: 'rejected',
  down: 'failed',
  bad: 'invalid',
  unreadable: 'invalid',
  again: 'invalid',
};
const planned: Readonly<Record<Kind, string>> = {
  ...expected,
  new: 'create',
  same: 'unchanged',
  changed: 'update',
  refused: 'create',
};

const anyKinds = fc
  .array(fc.constantFrom<Kind>('new', 'same', 'changed', 'deleted', 'refused', 'down', 'bad', 'unreadable', 'again'), {
    maxLength: 40,
  })
  // Five in a row would stop the run, which has a test of its own.
  .filter((kinds) => kinds.filter((kind) => kind === 'down').length < 5);

function mixture(kinds: readonly Kind[], seed: number) {
  const kindOf = new Map(kinds.map((kind, n) => [`c${n}`, kind]));
  const server = openShelf({
    turns: randomTurns(seed),
    instead: ({ method }, ref) => {
      const kind = kindOf.get(ref);
      if (kind === 'down') return { status: 503 };
      return kind === 'refused' && method !== 'GET' ? { status: 422, body: '{"message":"no"}' } : undefined;
    },
  });
  for (const [number, [ref, kind]] of [...kindOf].entries()) {
    if (kind === 'same') server.items.set(ref, { number, ref, name: 'Ada' });
    if (kind === 'changed') server.items.set(ref, { number, ref, name: 'Eve' });
  }
  const rows = kinds.map((kind, n): SourceRow => {
    if (kind === 'unreadable') return { problems: [{ field: '', message: 'is no JSON' }] };
    if (kind === 'bad') return { value: { id: `c${n}`, no_such_field: 1 } };
    if (kind === 'again') return { value: { id: 'first', name: 'Ada' } };
    return { value: { id: `c${n}`, name: 'Ada', ...(kind === 'deleted' && { deleted: true }) } };
  });
  return { server, rows: [{ value: { id: 'first', name: 'Ada' } }, ...rows] };
}

describe('for every mixture of rows', () => {
  it('each row comes to exactly one outcome at each connection, and the provider holds what they say', async () => {
    await fc.assert(
      fc.asyncProperty(anyKinds, fc.nat(), fc.integer({ min: 1, max: 8 }), async (kinds, seed, concurrency) => {
        const [one, two] = [mixture(kinds, seed), mixture(kinds, seed + 1)];
        const connections = [connect(one.server, 'one'), connect(two.server, 'two')];
        const results = await collect(runner.apply(connections, one.rows, { concurrency }));
        expect(results.map(({ row }) => row)).toEqual(one.rows);
        for (const [position] of connections.entries()) {
          const statuses = results.map((row) => statusOf(row, position));
          expect(statuses).toEqual(['created', ...kinds.map((kind) => expected[kind])]);
        }
        for (const { server } of [one, two]) {
          const held = kinds.filter((kind) => ['new', 'same', 'changed'].includes(kind)).length + 1;
          expect(server.items.size).toBe(held);
          expect([...server.items.values()].every(({ name }) => name === 'Ada')).toBe(true);
          expect(server.collisions).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a dry run sends nothing but reads, changes nothing, and plans for each row', async () => {
    await fc.assert(
      fc.asyncProperty(anyKinds, fc.nat(), async (kinds, seed) => {
        const { server, rows } = mixture(kinds, seed);
        const before = structuredClone([...server.items]);
        const results = await collect(runner.dryRun([connect(server)], rows));
        expect(results.map((row) => statusOf(row))).toEqual(['create', ...kinds.map((kind) => planned[kind])]);
        expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
        expect([...server.items]).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('a dry run that may not ask sends nothing at all', async () => {
    await fc.assert(
      fc.asyncProperty(anyKinds, async (kinds) => {
        const { server, rows } = mixture(kinds, 1);
        const results = await collect(runner.dryRun([connect(server)], rows, { read: 'never' }));
        expect(results).toHaveLength(rows.length);
        expect(server.requests).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
