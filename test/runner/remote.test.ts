import { describe, expect, it } from 'vitest';
import type { Customer } from '../../schemas/customer.js';
import type { Outcome } from '../../schemas/outcome.js';
import type { Remote } from '../../src/runner/remote.js';
import { createRunner } from '../../src/runner/runner.js';
import { collect, shelf, statusOf } from './shelf.js';

const runner = createRunner({ providers: [shelf] });

function created({ id }: Customer): Outcome {
  return { customer_id: id, to: 'far', status: 'created', changes: [], warnings: [] };
}

/** Something far away that does as it is told, and what it was given. */
function farAway(upsert: (customer: Customer) => Outcome = created) {
  const given: string[] = [];
  let inFlight = 0;
  let most = 0;
  const remote: Remote = {
    inFlight: 7,
    async upsert(customer) {
      given.push(customer.id);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return upsert(customer);
    },
    async plan({ id }) {
      given.push(id);
      const plan = { customer_id: id, to: 'far', action: 'create' as const, compared: true, changes: [], warnings: [] };
      return { kind: 'plan', plan };
    },
  };
  return { given, connection: runner.connect({ to: 'shelf', name: 'far', remote }), most: () => most };
}

const rowsOf = (...customers: object[]) => customers.map((value) => ({ value }));

describe('a connection whose work is done far away', () => {
  it('gives its outcomes and plans as they come', async () => {
    const { connection, given } = farAway();
    const rows = rowsOf({ id: 'a' }, { id: 'b' });
    expect((await collect(runner.apply([connection], rows))).map((row) => statusOf(row, 0))).toEqual([
      'created',
      'created',
    ]);
    const plans = await collect(runner.dryRun([connection], rows));
    expect(plans.map(({ results }) => results.map(({ kind }) => kind))).toEqual([['plan'], ['plan']]);
    expect(given).toEqual(['a', 'b', 'a', 'b']);
  });

  it('has as many customers in flight as are worth it there', async () => {
    const { connection, most } = farAway();
    await collect(
      runner.apply([connection], rowsOf(...Array.from({ length: 30 }, (_, n) => ({ id: `c${n}` }))), {
        concurrency: 2,
      }),
    );
    expect(most()).toBe(7);
  });

  it('is not given what is invalid, or stands in the source twice', async () => {
    const { connection, given } = farAway();
    const results = await collect(
      runner.apply([connection], rowsOf({ id: 'a', email: 'no' }, { id: 'b' }, { id: 'b' })),
    );
    expect(results.map((row) => statusOf(row, 0))).toEqual(['invalid', 'created', 'invalid']);
    expect(given).toEqual(['b']);
  });

  it.each(['apply', 'dryRun'] as const)(
    'is not given two customers that are said to be one record (%s)',
    async (mode) => {
      const { connection, given } = farAway();
      const rows = rowsOf({ id: 'a', external_ids: { shelf: '7' } }, { id: 'b', external_ids: { shelf: '7' } });
      const results = await collect(runner[mode]([connection], rows));
      expect(results[1]?.results[0]).toMatchObject({
        outcome: {
          status: 'conflict',
          error: { message: 'customer "a" of this run is the same record at the provider' },
        },
      });
      expect(given).toEqual(['a']);
    },
  );

  it('is given nobody any more when it cannot be used', async () => {
    const error = { code: 'mapping', message: 'no', remedy: 'yes' } as const;
    const { connection, given } = farAway((customer) => ({ ...created(customer), status: 'failed', error }));
    const rows = rowsOf(...Array.from({ length: 30 }, (_, n) => ({ id: `c${n}` })));
    const results = await collect(runner.apply([connection], rows));
    expect(given.length).toBeLessThanOrEqual(14);
    expect(statusOf(results[29] ?? { row: {}, results: [] }, 0)).toBe('not_attempted');
  });
});
