import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account, Lane, Ledger, Settlement } from '../../src/ledger/ledger.js';
import { ledgerPath, openAt, openLane, settled } from './ledger-under-test.js';

const UNAVAILABLE = { code: 'unavailable' as const, message: 'no answer', remedy: 'Run again.', status: 503 };

let path: string;
let ledger: Ledger;
let account: Account;
let lane: Lane;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-11-21T06:00:00Z');
  path = ledgerPath();
  ledger = openAt(path, { now: () => now });
  ({ account, lane } = await openLane(ledger));
});

async function fail(customerId: string, more: Partial<Settlement> = {}): Promise<void> {
  const [entry] = await ledger.enter(lane, [customerId]);
  await ledger.settle(lane, 1, [
    {
      number: entry?.number,
      customerId,
      state: 'failing',
      status: 'failed',
      rowDigest: 'digest',
      version: 'version',
      failure: UNAVAILABLE,
      ...more,
    },
  ]);
}

describe('entries', () => {
  it('come in the order of the ids, with nothing for who is not known', async () => {
    await settled(ledger, lane, ['b', 'a']);
    const found = await ledger.find(lane, ['a', 'unknown', 'b', 'a']);
    expect(found.map((entry) => entry?.customerId)).toEqual(['a', undefined, 'b', 'a']);
    expect(found[0]).toMatchObject({ state: 'settled', rowDigest: 'digest', version: 'version' });
  });

  it('get one number for each customer, however often it is named', async () => {
    const entries = await ledger.enter(lane, ['a', 'b', 'a']);
    expect(new Set(entries.map(({ number }) => number)).size).toBe(2);
    expect(await ledger.enter(lane, ['a'])).toEqual([entries[0]]);
  });

  it('know a record of another job at the same account, and nothing of what that job did', async () => {
    await settled(ledger, lane, ['a']);
    const other = await ledger.lane('hourly', 'crm', account);
    expect(await ledger.find(other, ['a'])).toMatchObject([
      { state: 'new', providerId: 'record of a', rowDigest: undefined },
    ]);
  });

  it('are counted and listed without those that were archived', async () => {
    await settled(ledger, lane, ['a', 'b']);
    const [entry] = await ledger.enter(lane, ['a']);
    const archived = { state: 'archived', status: 'archived', rowDigest: undefined, version: undefined } as const;
    await ledger.settle(lane, 2, [{ number: entry?.number, customerId: 'a', ...archived }]);
    const listed: string[] = [];
    for await (const page of ledger.entries(lane)) listed.push(...page.map(({ customerId }) => customerId));
    expect([listed, await ledger.countEntries(lane)]).toEqual([['b'], 1]);
    expect(await ledger.find(lane, ['a'])).toMatchObject([{ state: 'archived', providerId: undefined }]);
  });

  it('tell whose a record is, and never give it to a second customer', async () => {
    await settled(ledger, lane, ['a', 'b']);
    const [entry] = await ledger.enter(lane, ['b']);
    const claim = { state: 'settled', status: 'updated', rowDigest: 'd', version: 'v' } as const;
    await ledger.settle(lane, 2, [{ number: entry?.number, customerId: 'b', providerId: 'record of a', ...claim }]);
    expect(await ledger.ownerOf(account, 'record of a')).toBe('a');
    expect(await ledger.ownerOf(account, 'record of b')).toBe('b');
  });
});

describe('links', () => {
  it('are noted once', async () => {
    const links = [{ customerId: 'a', providerId: 'r1' }];
    expect([await ledger.link(account, links), await ledger.link(account, links)]).toEqual([1, 0]);
    expect(await ledger.find(lane, ['a'])).toMatchObject([{ state: 'new', providerId: 'r1' }]);
  });

  it('are refused together when one of them is taken', async () => {
    await settled(ledger, lane, ['a']);
    const links = [
      { customerId: 'b', providerId: 'r2' },
      { customerId: 'c', providerId: 'record of a' },
    ];
    await expect(ledger.link(account, links)).rejects.toThrow('customers "c" and "a" are given the same record');
    expect(await ledger.find(lane, ['b'])).toEqual([undefined]);
  });
});

describe('intents', () => {
  it('come back as they were sent, and go when they are settled', async () => {
    const sent = { match: 'joe@example.test', idempotencyKey: 'key 1' };
    await ledger.intend(lane, 'a', sent);
    expect(await ledger.openIntents(account)).toEqual([{ customerId: 'a', sent }]);
    await ledger.settleIntent(account, 'a', 'r1');
    expect(await ledger.openIntents(account)).toEqual([]);
    expect(await ledger.find(lane, ['a'])).toMatchObject([{ providerId: 'r1' }]);
  });

  it('go with the outcome, unless that is uncertain', async () => {
    await ledger.intend(lane, 'a', { match: 'a', idempotencyKey: '' });
    await fail('a', { keepsIntent: true });
    expect(await ledger.openIntents(account)).toHaveLength(1);
    await settled(ledger, lane, ['a']);
    expect(await ledger.openIntents(account)).toEqual([]);
  });
});

describe('failures', () => {
  it('are listed until the customer is settled', async () => {
    await fail('a', { retryAt: '2026-11-21T06:01:00.000Z' });
    now += 60_000;
    await fail('a');
    expect(await ledger.failures()).toEqual([
      {
        customerId: 'a',
        job: 'nightly',
        to: 'crm',
        status: 'failed',
        failure: UNAVAILABLE,
        firstAt: '2026-11-21T06:00:00.000Z',
        lastAt: '2026-11-21T06:01:00.000Z',
        attempts: 2,
        sameAnswers: 0,
        retryAt: undefined,
      },
    ]);
    await settled(ledger, lane, ['a']);
    expect(await ledger.failures()).toEqual([]);
  });

  it('are found by job, connection, customer and code', async () => {
    await fail('a');
    await fail('b', { failure: { ...UNAVAILABLE, code: 'rejected' } });
    const idsOf = async (filter: Parameters<Ledger['failures']>[0]) =>
      (await ledger.failures(filter)).map(({ customerId }) => customerId);
    expect(await idsOf({ code: 'rejected' })).toEqual(['b']);
    expect(await idsOf({ ids: ['a', 'c'] })).toEqual(['a']);
    expect(await idsOf({ job: 'hourly' })).toEqual([]);
    expect(await idsOf({ job: 'nightly', to: 'crm' })).toEqual(['a', 'b']);
  });

  it('become rejections when the provider fails in the same way in three runs', async () => {
    for (let run = 1; run <= 3; run += 1) {
      await fail('a', { retryAt: '2026-11-21T06:01:00.000Z' });
      await ledger.noteSameAnswers(lane, ['a']);
    }
    expect(await ledger.failure(lane, 'a')).toMatchObject({ status: 'rejected', sameAnswers: 3, retryAt: undefined });
  });

  it('begin to count anew with another answer', async () => {
    for (const status of [503, 503, 500]) {
      await fail('a', { failure: { ...UNAVAILABLE, status } });
      await ledger.noteSameAnswers(lane, ['a']);
    }
    expect(await ledger.failure(lane, 'a')).toMatchObject({ status: 'failed', sameAnswers: 1 });
  });
});

const readers = new Map([[1, 'v1']]);

it('remembers a position for each job', async () => {
  expect(await ledger.position('nightly', readers)).toBeUndefined();
  await ledger.savePosition('nightly', '17', readers);
  await ledger.savePosition('nightly', '18', readers);
  expect([await ledger.position('nightly', readers), await ledger.position('hourly', readers)]).toEqual([
    '18',
    undefined,
  ]);
});

it('has a position for those only who came to it', async () => {
  const both = new Map([...readers, [2, 'v1']]);
  await ledger.savePosition('nightly', '17', both);
  expect(await ledger.position('nightly', readers)).toBe('17');
  expect(await ledger.position('nightly', new Map([...both, [3, 'v1']]))).toBeUndefined();
  expect(await ledger.position('nightly', new Map([...both, [2, 'v2']]))).toBeUndefined();
});

it('lists runs, newest first, and those that never ended without a report', async () => {
  const first = await ledger.beginRun('nightly');
  const second = await ledger.beginRun('nightly');
  const report = {
    run: first,
    job: 'nightly',
    kind: 'usual' as const,
    started_at: '2026-11-21T06:00:00.000Z',
    ended_at: '2026-11-21T06:00:01.000Z',
    ended: 'done' as const,
    source: { name: 'customers', rows: 0, complete: true },
    targets: [],
    notices: [],
  };
  await ledger.endRun(report);
  expect(await ledger.runs()).toEqual([
    { run: second, job: 'nightly', startedAt: '2026-11-21T06:00:00.000Z', report: undefined },
    { run: first, job: 'nightly', startedAt: '2026-11-21T06:00:00.000Z', report },
  ]);
});

it('forgets a customer so that its id is in none of the files', async () => {
  await settled(ledger, lane, ['customer-to-erase', 'customer-to-keep']);
  await fail('customer-to-erase');
  await ledger.intend(lane, 'customer-to-erase', { match: 'x', idempotencyKey: '' });
  expect(await ledger.forget('customer-to-erase')).toBe(true);
  expect(await ledger.forget('customer-to-erase')).toBe(false);
  const bytes = readdirSync(dirname(path))
    .map((file) => readFileSync(join(dirname(path), file), 'latin1'))
    .join('\n');
  expect(bytes).toContain('customer-to-keep');
  expect(bytes).not.toContain('customer-to-erase');
  expect(await ledger.find(lane, ['customer-to-erase', 'customer-to-keep'])).toMatchObject([
    undefined,
    { state: 'settled' },
  ]);
});

it('does what can be done of writes that came together', async () => {
  await settled(ledger, lane, ['a']);
  const results = await Promise.allSettled([
    ledger.savePosition('nightly', '1', readers),
    ledger.link(account, [{ customerId: 'b', providerId: 'record of a' }]),
    ledger.savePosition('hourly', '2', readers),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([await ledger.position('nightly', readers), await ledger.position('hourly', readers)]).toEqual(['1', '2']);
});
