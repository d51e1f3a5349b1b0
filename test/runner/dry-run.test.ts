import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator, RecordedRequest } from '../../emulators/server.js';
import type { Connector, Provider } from '../../src/core/connector.js';
import { createRunner, type RowResult } from '../../src/runner/runner.js';
import { type Flow, JOE, openFlow, SUBJECTS } from '../core/upsert/flow.js';
import { collect, outcomeOf, statusOf } from './shelf.js';

const SMITH = { ...JOE, last_name: 'Smith', metadata: { plan: 'gold' } };
const NEW = { id: 'acct_new', email: 'new@example.test', name: 'Nina New', tax_exempt: true };

describe.each(SUBJECTS)('$id', (subject) => {
  const { provider } = subject;
  const { definition } = provider;
  let emulator: Emulator<object>;
  let flow: Flow<Emulator<object>>;

  beforeAll(async () => {
    emulator = await subject.start();
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    emulator.reset();
    flow = openFlow(emulator, provider);
    await flow.given(JOE);
  });

  const dryRun = (using: Provider, ...customers: unknown[]): Promise<RowResult[]> => {
    const runner = createRunner({ providers: [using] });
    const connection = runner.connect({ to: definition.id, host: flow.host, rateShare: 'unpaced' });
    return collect(
      runner.dryRun(
        [connection],
        customers.map((value) => ({ value })),
      ),
    );
  };

  /** Whether the definition declares what arrived as a read. */
  function isRead({ method, target }: RecordedRequest): boolean {
    const prefix = new URL(emulator.url).pathname.replace(/\/$/, '');
    const path = target.split('?')[0]?.slice(prefix.length) ?? '';
    return Object.values(definition.operations).some(
      (operation) =>
        operation.read &&
        operation.method === method &&
        new RegExp(`^${operation.path.replaceAll('.', '\\.').replace(/\{\w+\}/, '[^/]+')}$`).test(path),
    );
  }

  it('reads, tells what would change, and changes nothing', async () => {
    const before = structuredClone(emulator.customers());
    const results = await dryRun(provider, SMITH, NEW);
    expect(results.map((row) => statusOf(row))).toEqual(['update', 'create']);
    expect(emulator.requests.length).toBeGreaterThanOrEqual(2);
    expect(emulator.requests.filter((request) => !isRead(request))).toEqual([]);
    expect(emulator.customers()).toEqual(before);
  });

  it('plans what apply then sends', async () => {
    const results = await dryRun(provider, SMITH, NEW);
    const payloads = results.map(({ results: [result] }) =>
      result?.kind === 'plan' ? result.plan.payload : undefined,
    );
    for (const customer of [SMITH, NEW]) await flow.upsert(customer);
    const sent = flow.written().map((body) => Object(body).customer ?? body);
    for (const payload of payloads) {
      expect(payload).toBeDefined();
      expect(sent).toContainEqual(expect.objectContaining(payload));
    }
  });

  it('sends nothing at all where it may not read', async () => {
    const runner = createRunner({ providers: [provider] });
    const rows = [{ value: SMITH }, { value: NEW }];
    const results = await collect(runner.dryRun([flow.connection], rows, { read: 'never' }));
    expect(results.map((row) => statusOf(row))).toEqual(['create', 'create']);
    expect(results[0]?.results[0]).toMatchObject({ plan: { compared: false } });
    expect(emulator.requests).toEqual([]);
  });

  const body = {
    customer: { external_id: 'x' },
    customer_id: 'x',
    external_id: 'x',
    email: 'x@example.test',
    name: 'x',
  };
  const params = { id: '1', external_id: JOE.id };
  const query = { external_customer_id: JOE.id };

  it.each<[string, Connector['find']]>([
    [
      'writes in find',
      async (client) => {
        await client.write('create', { body, params, replaySafe: false });
        return { kind: 'absent' };
      },
    ],
    [
      'updates in find',
      async (client) => {
        await client.write('update', { body, params, query, replaySafe: true });
        return { kind: 'absent' };
      },
    ],
    [
      'calls a write a read',
      async (client) => {
        await client.read('create', { body, params });
        return { kind: 'absent' };
      },
    ],
    [
      'calls an update a read',
      async (client) => {
        await client.read('update', { body, params, query });
        return { kind: 'absent' };
      },
    ],
    [
      'writes and hides that it was refused',
      async (client) => {
        await client.write('create', { body, params, replaySafe: false }).catch(() => {});
        return { kind: 'absent' };
      },
    ],
  ])('cannot be made to write by a connector that %s', async (_, find) => {
    const faulty: Provider = { ...provider, connector: { ...provider.connector, find } };
    const before = structuredClone(emulator.customers());
    const results = await dryRun(faulty, SMITH, NEW);
    expect(results).toHaveLength(2);
    expect(emulator.requests).toEqual([]);
    expect(emulator.customers()).toEqual(before);
  });

  it('tells of a connector that tries to write', async () => {
    const find: Connector['find'] = async (client) => {
      await client.write('create', { body, params, replaySafe: false });
      return { kind: 'absent' };
    };
    const [row] = await dryRun({ ...provider, connector: { ...provider.connector, find } }, SMITH);
    expect(outcomeOf(row)).toMatchObject({ status: 'failed', error: { code: 'config' } });
  });
});
