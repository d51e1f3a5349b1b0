import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import type { SourceRow } from '../../src/runner/row.js';
import { collect, openShelf, outcomeOf, randomTurns, shelf, statusOf } from './shelf.js';
import { connect, many, rowsOf, runner } from './shelf-run.js';

const known = [...builtInProviders, shelf].map(({ definition }) => definition.id);

describe('a provider', () => {
  it('of the user is known beside those of the package', async () => {
    expect(runner.providers).toEqual(known);
    const server = openShelf();
    const outcomes = await runner.upsert(connect(server), { id: 'a', name: 'Ada' });
    expect(outcomes).toMatchObject([{ customer_id: 'a', to: 'shelf', status: 'created', provider_id: '1001' }]);
    expect([...server.items.values()]).toEqual([{ number: 1001, ref: 'a', name: 'Ada' }]);
  });

  it.each([
    ['rechage', 'recharge'],
    ['Lago', 'lago'],
  ])('of an unknown key is an error that suggests another: %s', (to, suggestion) => {
    const act = () => runner.connect({ to, host: openShelf().host });
    expect(act).toThrow(
      expect.objectContaining({
        code: 'config',
        message: expect.stringContaining(`there is no provider "${to}" (did you mean "${suggestion}"?)`),
        details: expect.objectContaining({ remedy: `Known providers: ${known.join(', ')}.` }),
      }),
    );
  });

  it.each(['', 'paddle', '__proto__', 'constructor', 'toString'])('of an unknown key is an error: %s', (to) => {
    expect(() => runner.connect({ to, host: openShelf().host })).toThrow(expect.objectContaining({ code: 'config' }));
  });

  it('with a bad overlay is an error', () => {
    const overlays = [{ name: 'overlay', overlay: { fields: { name: { from: 'nmae' } } } }];
    expect(() => runner.connect({ to: 'shelf', host: openShelf().host, overlays })).toThrow(
      expect.objectContaining({ code: 'mapping' }),
    );
  });
});

describe('upsert', () => {
  it('takes one customer or a list', async () => {
    const connection = connect(openShelf());
    expect(await runner.upsert(connection, { id: 'a' })).toHaveLength(1);
    expect(await runner.upsert(connection, [{ id: 'a' }, { id: 'b' }])).toMatchObject([
      { customer_id: 'a', status: 'unchanged' },
      { customer_id: 'b', status: 'created' },
    ]);
    expect(await runner.upsert(connection, [])).toEqual([]);
  });

  it.each([[undefined], [null], ['text'], [5], [[]]])('makes no customer of %o', async (value) => {
    const server = openShelf();
    const outcomes = await runner.upsert(connect(server), [[value]]);
    expect(outcomes).toMatchObject([{ status: 'invalid', error: { code: 'invalid_customer' } }]);
    expect(server.requests).toEqual([]);
  });
});

describe('results', () => {
  it('come in the order of the input, whatever takes how long', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (seed, count, concurrency) => {
          const rows = many(count);
          const results = await collect(
            runner.apply([connect(openShelf({ turns: randomTurns(seed) }))], rows, { concurrency }),
          );
          expect(results.map(({ row }) => row)).toEqual(rows);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('come one for each connection, in their order', async () => {
    const servers = [openShelf({ turns: () => 4 }), openShelf({ turns: () => 0 })];
    const connections = servers.map((server, n) => connect(server, `shelf-${n}`));
    const results = await collect(runner.apply(connections, many(5)));
    for (const { results: both } of results) {
      expect(both.map((result) => result.kind === 'outcome' && result.outcome.to)).toEqual(['shelf-0', 'shelf-1']);
    }
    expect(servers.map(({ items }) => items.size)).toEqual([5, 5]);
  });

  it('come while the source is still being read', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<SourceRow> {
      for (;;) {
        given += 1;
        yield { value: { id: `c${given}` } };
      }
    }
    const iterator = runner.apply([connect(openShelf())], endless(), { concurrency: 2 })[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(statusOf(first.value)).toBe('created');
    await iterator.return?.();
    expect(given).toBeLessThan(30);
  });

  it('of what was read come before the error of a source that breaks off', async () => {
    async function* breaking(): AsyncGenerator<SourceRow> {
      yield* many(7);
      throw new Error('the file ends in the middle');
    }
    const server = openShelf({ turns: () => 3 });
    const statuses: unknown[] = [];
    const run = async () => {
      for await (const row of runner.apply([connect(server)], breaking(), { concurrency: 3 }))
        statuses.push(statusOf(row));
    };
    await expect(run()).rejects.toThrow('the file ends in the middle');
    expect(statuses).toEqual(Array(7).fill('created'));
    expect(server.items.size).toBe(7);
  });

  it.each([
    ['lagoo', [' (did you mean "lago"?)']],
    ['paddle', ['']],
    ['lago', []],
    ['shelf', []],
  ])('say that fields for the provider %s go nowhere, if nobody knows it', async (key, suggestions) => {
    const customer = { id: 'a', provider_fields: { [key]: {} } };
    const [outcome] = await runner.upsert(connect(openShelf()), customer);
    expect(outcome).toMatchObject({
      status: 'created',
      warnings: suggestions.map((suggestion) => ({
        code: 'notice',
        field: `provider_fields.${key}`,
        message: `is for no known provider${suggestion}; left out`,
      })),
    });
  });

  it('keep the id of a row with problems, where it can be read', async () => {
    const problems = [{ field: 'phone', message: 'cannot be read' }];
    const rows: SourceRow[] = [{ value: { id: 'a' }, problems }, { value: { id: 1 }, problems }, { problems }];
    const applied = await collect(runner.apply([connect(openShelf())], rows));
    expect(applied.map((row) => outcomeOf(row).customer_id)).toEqual(['a', undefined, undefined]);
  });

  it('carry the notes of the edge with them', async () => {
    const note = { code: 'normalised', field: 'phone', message: 'was cleaned' } as const;
    const rows: SourceRow[] = [
      { value: { id: 'a' }, notes: [note] },
      { problems: [{ field: '', message: 'cannot be read' }], notes: [note] },
    ];
    const applied = await collect(runner.apply([connect(openShelf())], rows));
    expect(applied.map((row) => outcomeOf(row).warnings)).toEqual([[note], [note]]);
    const planned = await collect(runner.dryRun([connect(openShelf())], rows));
    expect(planned[0]?.results[0]).toMatchObject({ kind: 'plan', plan: { warnings: [note] } });
  });
});

describe('concurrency', () => {
  it('is never exceeded, for any latency', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 8 }), async (seed, concurrency) => {
        const server = openShelf({ turns: randomTurns(seed) });
        await collect(runner.apply([connect(server)], many(40), { concurrency }));
        expect(server.busiest).toBeLessThanOrEqual(concurrency);
        expect(server.items.size).toBe(40);
      }),
      { numRuns: 20 },
    );
  });

  it('is made use of', async () => {
    const server = openShelf({ turns: () => 3 });
    await collect(runner.apply([connect(server)], many(40), { concurrency: 8 }));
    expect(server.busiest).toBe(8);
  });
});

describe('one customer in several runs at once', () => {
  it('is worked on by one at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const server = openShelf({ turns: randomTurns(seed) });
        const connection = connect(server);
        const runs = Array.from({ length: 6 }, (_, run) =>
          collect(runner.apply([connection], rowsOf({ id: 'a', name: `run ${run}` }, { id: 'b', name: `run ${run}` }))),
        );
        const statuses = (await Promise.all(runs)).flat().map((row) => statusOf(row));
        expect(server.collisions).toEqual([]);
        expect(statuses.filter((status) => status === 'created')).toHaveLength(2);
        expect(statuses.filter((status) => status === 'updated')).toHaveLength(10);
        expect(server.items.size).toBe(2);
      }),
      { numRuns: 20 },
    );
  });
});

describe('one id in several rows', () => {
  it('goes to the first row; the others are told where that is', async () => {
    const server = openShelf({ turns: () => 2 });
    const rows: SourceRow[] = [
      { value: { id: 'a', name: 'first' }, at: 'customers.csv line 2' },
      { value: { id: 'b' } },
      { value: { id: 'a', name: 'second' }, at: 'customers.csv line 4' },
    ];
    const results = await collect(runner.apply([connect(server)], rows));
    expect(results.map((row) => statusOf(row))).toEqual(['created', 'created', 'invalid']);
    expect(outcomeOf(results[2])).toMatchObject({
      customer_id: 'a',
      error: {
        fields: [{ field: 'id', message: 'stands in more than one row; the first is at customers.csv line 2' }],
      },
    });
    expect(server.items.get('a')).toMatchObject({ name: 'first' });
  });

  it('is not taken by a row that is no customer', async () => {
    const results = await collect(runner.apply([connect(openShelf())], rowsOf({ id: 'a', email: 'bad' }, { id: 'a' })));
    expect(results.map((row) => statusOf(row))).toEqual(['invalid', 'created']);
  });

  it('is fine in two runs', async () => {
    const connection = connect(openShelf());
    expect(statusOf((await collect(runner.apply([connection], rowsOf({ id: 'a' }))))[0])).toBe('created');
    expect(statusOf((await collect(runner.apply([connection], rowsOf({ id: 'a' }))))[0])).toBe('unchanged');
  });

  it('differs by case', async () => {
    const results = await collect(runner.apply([connect(openShelf())], rowsOf({ id: 'a' }, { id: 'A' })));
    expect(results.map((row) => statusOf(row))).toEqual(['created', 'created']);
  });
});
