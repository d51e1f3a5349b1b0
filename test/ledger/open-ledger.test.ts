import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withoutWarning } from '../../src/ledger/sqlite/load-sqlite.js';
import { createTransactions } from '../../src/ledger/sqlite/transactions.js';
import { ACME, ledgerPath, openAt, openLane, settled } from './ledger-under-test.js';

const KEY = { CUSTOMER_SYNC_LEDGER_KEY: 'a key of the ledger with 32 or more characters' };

it('makes files that only their owner can read', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  await openLane(ledger);
  for (const suffix of ['', '-wal', '-shm', '.key', '.lock']) {
    expect([suffix, (statSync(path + suffix).mode & 0o777).toString(8)]).toEqual([suffix, '600']);
  }
});

it('closes files to others that somebody has opened to them', async () => {
  const path = ledgerPath();
  writeFileSync(path, '', { mode: 0o644 });
  openAt(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('is written by one process at a time, and says by whom', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  expect(() => openAt(path, { command: 'run hourly' })).toThrow(
    /is being written by "run nightly" \(process \d+ on .+\), since 20\d\d-/,
  );
  await ledger.close();
  expect(openAt(path).notices).toEqual([]);
});

it('can be read while it is written', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  const { lane } = await openLane(ledger);
  await settled(ledger, lane, ['acct_1']);
  const reader = openAt(path, { mode: 'read' });
  expect(await reader.history('acct_1')).toMatchObject([
    { job: 'nightly', to: 'crm', status: 'created', changed: ['name'] },
  ]);
});

it('takes the lock of a process that was killed, and says so', async () => {
  const path = ledgerPath();
  const child = fork('test/ledger/lock-holder.ts', [path], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  expect(() => openAt(path)).toThrow(/is being written by "run that dies"/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(openAt(path).notices).toEqual([expect.stringMatching(/^"run that dies" .* ended without finishing/)]);
});

it('keeps what it knows of records under another key, and forgets every hash', async () => {
  const path = ledgerPath();
  const first = openAt(path, { env: KEY });
  await settled(first, (await openLane(first)).lane, ['acct_1']);
  await first.close();

  const second = openAt(path, { env: { CUSTOMER_SYNC_LEDGER_KEY: `another ${KEY.CUSTOMER_SYNC_LEDGER_KEY}` } });
  expect(second.notices).toEqual([expect.stringContaining('compared with the provider anew')]);
  const { lane } = await openLane(second);
  const [entry] = await second.find(lane, ['acct_1']);
  expect(entry).toMatchObject({ state: 'settled', providerId: 'record of acct_1', rowDigest: undefined });
  expect(await second.fields(entry === undefined ? [] : [entry])).toEqual(new Map());
});

it('reads no hash with another key, and leaves the ledger as it is', async () => {
  const path = ledgerPath();
  const first = openAt(path, { env: KEY });
  await settled(first, (await openLane(first)).lane, ['acct_1']);
  await first.close();
  const reader = openAt(path, { mode: 'read', env: {} });
  const { lane } = await openLane(reader);
  const [entry] = await reader.find(lane, ['acct_1']);
  expect(entry).toMatchObject({ providerId: 'record of acct_1', rowDigest: undefined });
  await reader.close();
  const again = openAt(path, { env: KEY });
  expect(await again.find((await openLane(again)).lane, ['acct_1'])).toMatchObject([{ rowDigest: 'digest' }]);
});

it('makes a key beside itself where none is given, and finds it again', async () => {
  const path = ledgerPath();
  await openAt(path).close();
  const key = readFileSync(`${path}.key`, 'utf8');
  expect(key.trim()).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  const again = openAt(path);
  expect([again.notices, readFileSync(`${path}.key`, 'utf8')]).toEqual([[], key]);
});

it('refuses a key that is no secret', () => {
  expect(() => openAt(ledgerPath(), { env: { CUSTOMER_SYNC_LEDGER_KEY: 'short' } })).toThrow(
    'CUSTOMER_SYNC_LEDGER_KEY holds 5 characters, a key of the ledger has 32 or more',
  );
});

it('refuses a key file that was cut off, and says what that means', async () => {
  const path = ledgerPath();
  await openAt(path, { env: {} }).close();
  writeFileSync(`${path}.key`, 'short');
  expect(() => openAt(path, { env: {} })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('.key holds 5 characters, a key of the ledger has 32 or more'),
      details: expect.objectContaining({ remedy: expect.stringMatching(/^Bring back a copy of it\./) }),
    }),
  );
});

it('says that it is missing where it has to be there', () => {
  expect(() => openAt(ledgerPath(), { mustExist: true })).toThrow(/there is no ledger/);
});

it('reads as empty, and makes no file, where there is none', async () => {
  const path = ledgerPath();
  const ledger = openAt(path, { mode: 'read' });
  const { lane } = await openLane(ledger);
  expect(await ledger.find(lane, ['acct_1'])).toEqual([undefined]);
  expect(await ledger.failures()).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

it.each([
  ['is not a ledger', (path: string) => writeFileSync(path, 'customers, and no ledger at all'.repeat(100))],
  ['is damaged', (path: string) => truncateSync(path, 5_000)],
])('%s: says so and leaves the file as it is', async (words, spoil) => {
  const path = ledgerPath();
  const ledger = openAt(path);
  await settled(ledger, (await openLane(ledger)).lane, ['acct_1']);
  await ledger.close();
  spoil(path);
  const before = readFileSync(path);
  expect(() => openAt(path)).toThrow(words);
  expect(readFileSync(path)).toEqual(before);
});

describe('a file that was cut to nothing', () => {
  it('is not taken for a new ledger where one has to be there', () => {
    const path = ledgerPath();
    writeFileSync(path, '');
    expect(() => openAt(path, { mustExist: true })).toThrow(/ledger\.db is empty/);
    expect(() => openAt(path, { mode: 'read' })).toThrow(/ledger\.db is empty/);
    expect(statSync(path).size).toBe(0);
  });

  it('becomes one where a first run is meant', async () => {
    const path = ledgerPath();
    writeFileSync(path, '');
    await openAt(path).close();
    expect(openAt(path, { mustExist: true, mode: 'read' }).notices).toEqual([]);
  });
});

it('adds no table to a database of somebody else', () => {
  const path = ledgerPath();
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE orders (id INTEGER)');
  database.close();
  const before = readFileSync(path);
  expect(() => openAt(path)).toThrow(/is not a ledger/);
  expect(readFileSync(path)).toEqual(before);
});

it.each(['', '.key', '.lock'])('says that a folder stands in its place (%j)', (suffix) => {
  const path = ledgerPath();
  mkdirSync(path + suffix);
  expect(() => openAt(path)).toThrow(`${path}${suffix} is a directory`);
});

it('says that it is damaged when a table is gone, whatever is asked of it', async () => {
  const path = ledgerPath();
  await openAt(path).close();
  const database = new DatabaseSync(path);
  database.exec('DROP TABLE runs');
  database.close();
  await expect(async () => openAt(path, { mode: 'read' }).runs({ limit: 1 })).rejects.toThrow(/is damaged/);
});

it('says that another program holds the file', async () => {
  const path = ledgerPath();
  const own = new DatabaseSync(path);
  const other = new DatabaseSync(path);
  onTestFinished(() => [own, other].forEach((database) => void database.close()));
  other.exec('BEGIN IMMEDIATE');
  await expect(createTransactions(own, path).write(() => {})).rejects.toThrow(/is locked by another program/);
});

it('refuses the ledger of a newer program', async () => {
  const path = ledgerPath();
  await openAt(path).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openAt(path)).toThrow(/has version 99, this program writes version \d+/);
});

it('forgets what was sent when the ledger hashed it in the old way, and nothing else', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  await settled(ledger, (await openLane(ledger)).lane, ['acct_1']);
  await ledger.close();
  const database = new DatabaseSync(path);
  database.exec('DROP TRIGGER record_changed; ALTER TABLE positions DROP COLUMN readers; PRAGMA user_version = 1');
  database.close();
  const migrated = openAt(path);
  const [entry] = await migrated.enter((await openLane(migrated)).lane, ['acct_1']);
  expect(entry).toMatchObject({ state: 'settled', providerId: 'record of acct_1', rowDigest: 'digest' });
  expect(await migrated.fields(entry === undefined ? [] : [entry])).toEqual(new Map());
});

it('says that the disk is full, and keeps what was written before', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  const { lane } = await openLane(ledger);
  await settled(ledger, lane, ['acct_1']);
  await ledger.close();
  const small = openAt(path, { maxPages: statSync(path).size / 4096 });
  const ids = Array.from({ length: 2_000 }, (_, index) => `customer ${index}`);
  await expect(small.enter(lane, ids)).rejects.toThrow(/cannot be written: the disk is full/);
  expect(await small.find(lane, ['acct_1'])).toMatchObject([{ state: 'settled' }]);
});

it('holds back the one warning about SQLite and no other', () => {
  const told: string[] = [];
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error) => void told.push(String(warning));
  onTestFinished(() => {
    process.emitWarning = emitWarning;
  });
  withoutWarning(() => {
    process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
    process.emitWarning('something else');
  });
  expect(told).toEqual(['something else']);
});

it('finds the account again whatever the connection is called', async () => {
  const ledger = openAt(ledgerPath());
  const first = await ledger.bind('crm', ACME);
  expect(await ledger.bind('warehouse', ACME)).toEqual(first);
});

it.each(['https://api.acme.test/', 'https://API.acme.test:443'])(
  'an address that is only written in another way, %s, leads to the same account',
  async (origin) => {
    const ledger = openAt(ledgerPath());
    const first = await ledger.bind('crm', ACME);
    expect(await ledger.bind('crm', { ...ACME, origin })).toEqual(first);
    expect(await ledger.bind('warehouse', { ...ACME, origin })).toEqual(first);
  },
);

it('knows accounts again whose addresses were written down with a slash', async () => {
  const path = ledgerPath();
  const before = openAt(path);
  await settled(before, (await openLane(before)).lane, ['acct_1']);
  await before.close();
  change(path, "UPDATE accounts SET origin = origin || '/'");
  const ledger = openAt(path);
  const { account, lane } = await openLane(ledger);
  expect(await ledger.find(lane, ['acct_1'])).toMatchObject([{ state: 'settled' }]);
  expect(await ledger.bind('warehouse', ACME)).toEqual(account);
});

it('keeps apart what two connections have remembered under two ways of writing one address', async () => {
  const path = ledgerPath();
  const before = openAt(path);
  const one = await before.bind('crm', ACME);
  const other = await before.bind('warehouse', { ...ACME, origin: 'https://api.acme.test/old' });
  await before.close();
  change(path, "UPDATE accounts SET origin = 'https://api.acme.test/' WHERE origin LIKE '%/old'");
  const ledger = openAt(path);
  for (const as of ['bind', 'rebind'] as const) {
    if (as === 'rebind') await ledger.rebind('warehouse', ACME, 'same');
    expect((await ledger.bind('crm', ACME)).number).toBe(one.number);
    expect((await ledger.bind('warehouse', ACME)).number).toBe(other.number);
  }
});

it.each([
  ['key', { ...ACME, credential: 'key-of-the-live-account' }, /the key of acme at .* is not the one it had/],
  ['address', { ...ACME, origin: 'https://api.eu.acme.test' }, /it led to acme at .*, and now leads to acme at .*eu/],
])('refuses a connection that has another %s than before', async (_, facts, message) => {
  const ledger = openAt(ledgerPath());
  await ledger.bind('crm', ACME);
  await expect(ledger.bind('crm', facts)).rejects.toThrow(message);
});

it('goes on with the same account under a new key once that is said', async () => {
  const ledger = openAt(ledgerPath());
  await settled(ledger, (await openLane(ledger)).lane, ['acct_1']);
  const renewed = { ...ACME, credential: 'the new key' };
  await ledger.rebind('crm', renewed, 'same');
  const { lane } = await openLane(ledger, renewed);
  expect(await ledger.find(lane, ['acct_1'])).toMatchObject([{ state: 'settled' }]);
});

it('begins anew with another account once that is said', async () => {
  const ledger = openAt(ledgerPath());
  await settled(ledger, (await openLane(ledger)).lane, ['acct_1']);
  const live = { ...ACME, credential: 'the key of another account' };
  await ledger.rebind('crm', live, 'other');
  expect(await ledger.find((await openLane(ledger, live)).lane, ['acct_1'])).toEqual([undefined]);
});

it('forgets its key with the file, and then knows accounts by their place', async () => {
  const path = ledgerPath();
  const ledger = openAt(path);
  await settled(ledger, (await openLane(ledger)).lane, ['acct_1']);
  await ledger.close();
  rmSync(`${path}.key`);
  const again = openAt(path);
  const { lane } = await openLane(again);
  expect(await again.find(lane, ['acct_1'])).toMatchObject([{ providerId: 'record of acct_1' }]);
  await expect(again.bind('crm', { ...ACME, credential: 'another' })).rejects.toThrow(/another account/);
});

/** What another program, or an earlier one of ours, has written. */
function change(path: string, statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}
