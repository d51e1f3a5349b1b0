import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exec, type MockNango, mockNango, payloadOf } from './mock-nango.js';
import { providersUnderTest } from './providers-under-test.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Account {
  /** Newest first, as all providers list. */
  readonly ids: string[];
  /** Happens after each answer, as other people's work does. */
  afterAnswer: (request: number) => void;
  requests: number;
}

type Slice = (data: unknown, endpoint: string) => { start: number; size: number };
type Page = (records: object[], rest: { total: number; more: boolean }) => unknown;

/** How each provider cuts its list into pages, and shows one. */
const lists: Record<'lago' | 'flexprice' | 'autumn', { slice: Slice; page: Page; record: (id: string) => object }> = {
  lago: {
    slice(_, endpoint) {
      const query = new URL(endpoint, 'http://lago').searchParams;
      const size = Number(query.get('per_page'));
      return { start: (Number(query.get('page')) - 1) * size, size };
    },
    page: (customers, { more }) => ({ customers, meta: { next_page: more ? 99 : null } }),
    record: (id) => ({ lago_id: id, external_id: `our-${id}` }),
  },
  flexprice: {
    slice: (data) => ({ start: Object(data).offset, size: Object(data).limit }),
    page: (items, { total }) => ({ items, pagination: { total } }),
    record: (id) => ({ id, external_id: `our-${id}` }),
  },
  autumn: {
    slice: (data) => ({ start: Object(data).offset, size: Object(data).limit }),
    page: (list, { more }) => ({ list, has_more: more }),
    record: (id) => ({ id }),
  },
};

const providers = Object.keys(lists) as (keyof typeof lists)[];

function accountOf(count: number): Account {
  return { ids: Array.from({ length: count }, (_, n) => `c${count - n}`), afterAnswer: () => {}, requests: 0 };
}

function nangoFor(id: keyof typeof lists, account: Account): MockNango {
  const { slice, page, record } = lists[id];
  const nango = mockNango(id);
  nango.proxy.mockImplementation(async ({ endpoint, data }) => {
    const { start, size } = slice(data, endpoint);
    const shown = account.ids.slice(start, start + size);
    const rest = { total: account.ids.length, more: start + size < account.ids.length };
    const answer = { status: 200, headers: {}, data: page(shown.map(record), rest) };
    account.requests += 1;
    account.afterAnswer(account.requests);
    return answer;
  });
  return nango;
}

async function pull(id: keyof typeof lists, nango: MockNango): Promise<void> {
  const running = exec(providersUnderTest[id].scripts.pull, nango);
  running.catch(() => {});
  await vi.runAllTimersAsync();
  await running;
}

function savedBy({ batchSave }: MockNango): Set<string> {
  return new Set(batchSave.mock.calls.flatMap(([records]) => records.map((record) => String(Object(record).id))));
}

function missedBy(nango: MockNango, { ids }: Account): string[] {
  const saved = savedBy(nango);
  return ids.filter((id) => !saved.has(id));
}

describe.each(providers)('the list of %s, paged by offset', (id) => {
  it('is read to its end, the last record of each page once more', async () => {
    const account = accountOf(2_500);
    const nango = nangoFor(id, account);
    await pull(id, nango);
    expect(savedBy(nango)).toEqual(new Set(account.ids));
    const saved = nango.batchSave.mock.calls.reduce((sum, [records]) => sum + records.length, 0);
    expect(saved).toBeLessThan(2_500 * 1.1);
    expect(account.requests).toBe(nango.batchSave.mock.calls.length);
  });

  it('is read again from further up when somebody above was deleted, so that nobody is missed', async () => {
    const account = accountOf(2_500);
    account.afterAnswer = (request) => {
      if (request === 2) account.ids.splice(3, 5);
    };
    const nango = nangoFor(id, account);
    await pull(id, nango);
    expect(missedBy(nango, account)).toEqual([]);
    expect(nango.trackDeletesEnd).toHaveBeenCalledTimes(1);
  });

  it('misses nobody who is there all the time, and marks nobody as deleted who is not', async () => {
    const change = fc.record({
      request: fc.integer({ min: 1, max: 30 }),
      deleted: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 4 }),
      added: fc.integer({ min: 0, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 10 }),
        fc.integer({ min: 0, max: 2_400 }),
        async (changes, count) => {
          const account = accountOf(count);
          const stored = new Set(account.ids);
          let added = 0;
          account.afterAnswer = (request) => {
            for (const { deleted, added: more } of changes.filter((one) => one.request === request)) {
              for (const at of deleted) account.ids.splice(Math.floor(at * account.ids.length), 1);
              account.ids.unshift(...Array.from({ length: more }, (_, n) => `new${added + n}`));
              added += more;
            }
          };
          const nango = nangoFor(id, account);
          await pull(id, nango);
          const seen = savedBy(nango);
          const wronglyDeleted = [...stored].filter((one) => !seen.has(one) && account.ids.includes(one));
          expect(wronglyDeleted).toEqual([]);
          vi.clearAllTimers();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on where the last execution stopped', async () => {
    const account = accountOf(2_500);
    const broken = nangoFor(id, account);
    broken.batchSave.mockResolvedValueOnce(true).mockRejectedValueOnce(new Error('killed'));
    await expect(pull(id, broken)).rejects.toThrow('killed');
    expect(broken.saveCheckpoint).toHaveBeenCalledTimes(1);
    expect(broken.trackDeletesEnd).not.toHaveBeenCalled();

    const [[checkpoint] = []] = broken.saveCheckpoint.mock.calls;
    expect(Object.values(Object(checkpoint)).every((value) => typeof value === 'string')).toBe(true);
    const next = nangoFor(id, account);
    next.getCheckpoint.mockResolvedValue(checkpoint);
    await pull(id, next);
    const [first] = broken.batchSave.mock.calls;
    expect(savedBy(next).size).toBe(2_500 - (first?.[0].length ?? 0) + 1);
    expect(next.clearCheckpoint).toHaveBeenCalledTimes(1);
  });

  it('is read from its beginning when the place where the last execution stopped is far away now', async () => {
    const account = accountOf(2_500);
    const next = nangoFor(id, account);
    next.getCheckpoint.mockResolvedValue({ cursor: '2000', after: 'c500' });
    account.ids.unshift(...Array.from({ length: 9_000 }, (_, n) => `new${n}`));
    await pull(id, next);
    expect(missedBy(next, account)).toEqual([]);
    expect(next.trackDeletesEnd).toHaveBeenCalledTimes(1);
  });

  it('is read to its end although somebody is deleted after every answer', async () => {
    const account = accountOf(20_000);
    account.afterAnswer = () => account.ids.splice(0, 20);
    const nango = nangoFor(id, account);
    await pull(id, nango);
    expect(missedBy(nango, account)).toEqual([]);
    expect(nango.trackDeletesEnd).toHaveBeenCalledTimes(1);
  });

  it('is given up when whole pages go again and again, and nobody is marked as deleted', async () => {
    const pageSize = id === 'lago' ? 100 : 1_000;
    const account = accountOf(100 * pageSize);
    account.afterAnswer = (request) => {
      if (request % 20 === 0) account.ids.splice(0, 8 * pageSize);
    };
    const nango = nangoFor(id, account);
    expect(await payloadOf(pull(id, nango))).toMatchObject({ code: 'unavailable' });
    expect(nango.trackDeletesEnd).not.toHaveBeenCalled();
    expect(nango.clearCheckpoint).not.toHaveBeenCalled();
  });
});

describe('the end of an execution', () => {
  it('marks nobody as deleted after an empty list, and logs it', async () => {
    const { lago } = providersUnderTest;
    const nango = mockNango('lago', { [lago.list]: lago.absent });
    const running = exec(lago.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect(nango.trackDeletesEnd).not.toHaveBeenCalled();
    expect(nango.clearCheckpoint).toHaveBeenCalledTimes(1);
    expect(nango.log.mock.calls).toEqual([['Lago listed no customer; nobody is marked as deleted', { level: 'warn' }]]);
  });

  it('drops the checkpoint before the deleted are marked, so that being ended in between harms nobody', async () => {
    const { lago } = providersUnderTest;
    const nango = mockNango('lago', { [lago.list]: lago.page });
    const order: string[] = [];
    nango.clearCheckpoint.mockImplementation(async () => void order.push('clearCheckpoint'));
    nango.trackDeletesEnd.mockImplementation(async () => {
      order.push('trackDeletesEnd');
      return { deletedKeys: [] };
    });
    const running = exec(lago.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect(order).toEqual(['clearCheckpoint', 'trackDeletesEnd']);
  });
});

describe('a list with a cursor', () => {
  const { recharge } = providersUnderTest;

  it('is followed to its end, with a checkpoint after each page', async () => {
    const second = { ...recharge.record, id: 2, email: 'ann@acme.example' };
    const nango = mockNango('recharge', {
      'GET /customers?limit=250': { data: { customers: [recharge.record], next_cursor: 'two' } },
      'GET /customers?limit=250&cursor=two': { data: { customers: [second], next_cursor: null } },
    });
    const running = exec(recharge.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect([...savedBy(nango)]).toEqual(['82939898', '2']);
    expect(nango.saveCheckpoint.mock.calls).toEqual([[{ cursor: 'two', after: '82939898' }]]);
  });

  it('is read from its beginning when the cursor of the last execution is no longer taken', async () => {
    const nango = mockNango('recharge', {
      'GET /customers?limit=250&cursor=old': { status: 422, data: { errors: { cursor: ['Invalid value'] } } },
      'GET /customers?limit=250': recharge.page,
    });
    nango.getCheckpoint.mockResolvedValue({ cursor: 'old', after: '1' });
    const running = exec(recharge.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect([...savedBy(nango)]).toEqual(['82939898']);
    expect(nango.trackDeletesEnd).toHaveBeenCalledTimes(1);
  });

  it('fails when a cursor of this execution is refused, and marks nobody as deleted', async () => {
    const nango = mockNango('recharge', {
      'GET /customers?limit=250': { data: { customers: [recharge.record], next_cursor: 'two' } },
      'GET /customers?limit=250&cursor=two': { status: 422, data: { errors: { cursor: ['Invalid value'] } } },
    });
    const running = exec(recharge.scripts.pull, nango);
    running.catch(() => {});
    await vi.runAllTimersAsync();
    expect(await payloadOf(running)).toMatchObject({ code: 'rejected' });
    expect(nango.trackDeletesEnd).not.toHaveBeenCalled();
  });
});

describe('records', () => {
  const { autumn, lago } = providersUnderTest;

  it('of Autumn without an id are left out, which the log says', async () => {
    const nango = mockNango('autumn', {
      [autumn.list]: { data: { list: [{ id: null, email: 'a@b.example' }, autumn.record], has_more: false } },
    });
    const running = exec(autumn.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect([...savedBy(nango)]).toEqual(['u-1']);
    expect(nango.log.mock.calls).toEqual([['1 records of Autumn have no id and were left out', { level: 'warn' }]]);
  });

  it('are read by the overlay of the connection', async () => {
    const nango = mockNango('lago', { [lago.list]: lago.page });
    nango.getMetadata.mockResolvedValue({
      customer_sync: { mapping: { remove: { name: 'n' }, fields: { firstname: { from: 'name' } } } },
    });
    const running = exec(lago.scripts.pull, nango);
    await vi.runAllTimersAsync();
    await running;
    expect(nango.batchSave.mock.calls[0]?.[0]).toMatchObject([{ customer: { name: 'Jo' } }]);
  });

  it('are not read with an overlay that is not valid', async () => {
    const nango = mockNango('lago');
    nango.getMetadata.mockResolvedValue({ customer_sync: { mapping: { fields: { name: { from: 'nmae' } } } } });
    expect(await payloadOf(exec(lago.scripts.pull, nango))).toMatchObject({ code: 'mapping' });
    expect(nango.trackDeletesStart).not.toHaveBeenCalled();
  });
});
