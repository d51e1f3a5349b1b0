import { CustomerSyncError } from '../../core/errors.js';
import type { Account, Entry, EntryState, FieldMemory, Lane, Ledger } from '../ledger.js';
import type { LedgerFile } from './ledger-file.js';

type Customers = Pick<
  Ledger,
  'find' | 'enter' | 'entries' | 'countEntries' | 'fields' | 'ownerOf' | 'link' | 'forget' | 'settleIntent'
>;

/** Rows of a page. */
const pageSize = 1000;

/**
 * One answer for a whole batch, as JSON: a statement for each customer would take five times as long, and this is what a
 * run over a million unchanged customers does most. The cross join keeps SQLite from going through all customers.
 */
const findMany = `
  SELECT json_group_array(json_array(w.key, c.number, c.provider_id, e.state, e.row_digest, e.version)) AS found
    FROM json_each(?) AS w
    CROSS JOIN customers AS c ON c.account = ? AND c.customer_id = w.value
    LEFT JOIN entries AS e ON e.lane = ? AND e.customer = c.number`;

type Found = readonly [number, number, string | null, EntryState | null, string | null, string | null];

export function customersOf(file: LedgerFile): Customers {
  const { get, all, run, transactions, knowsKey } = file;

  function findNow({ account, number: lane }: Lane, ids: readonly string[]): (Entry | undefined)[] {
    const entries: (Entry | undefined)[] = Array.from(ids, () => undefined);
    const text = get(findMany, JSON.stringify(ids), account.number, lane)?.['found'];
    const found: readonly Found[] = JSON.parse(String(text));
    for (const [index, number, providerId, state, digest, version] of found) {
      entries[index] = {
        number,
        customerId: ids[index] ?? '',
        state: state ?? 'new',
        providerId: providerId ?? undefined,
        rowDigest: (knowsKey ? digest : undefined) ?? undefined,
        version: version ?? undefined,
      };
    }
    return entries;
  }

  function makeKnown(account: Account, ids: readonly string[]): void {
    run(
      'INSERT OR IGNORE INTO customers (account, customer_id) SELECT ?, value FROM json_each(?)',
      account.number,
      JSON.stringify(ids),
    );
  }

  return {
    find: async (lane, ids) => transactions.read(() => findNow(lane, ids)),
    async enter(lane, ids) {
      const found = transactions.read(() => findNow(lane, ids));
      if (isWhole(found)) return found;
      return transactions.write(() => {
        makeKnown(lane.account, ids);
        return findNow(lane, ids).filter((entry) => entry !== undefined);
      });
    },
    async *entries(lane) {
      let last = 0;
      for (;;) {
        const page = transactions.read(() =>
          all(
            `SELECT c.number, c.customer_id, c.provider_id, e.state, e.row_digest, e.version
               FROM entries AS e JOIN customers AS c ON c.number = e.customer
              WHERE e.lane = ? AND e.customer > ? AND e.state <> 'archived' ORDER BY e.customer LIMIT ?`,
            lane.number,
            last,
            pageSize,
          ),
        );
        if (page.length === 0) return;
        last = Number(page.at(-1)?.['number']);
        yield page.map((row) => ({
          number: Number(row['number']),
          customerId: String(row['customer_id']),
          state: row['state'] as EntryState,
          providerId: textOf(row['provider_id']),
          rowDigest: textOf(row['row_digest']),
          version: textOf(row['version']),
        }));
      }
    },
    countEntries: async ({ number }) =>
      transactions.read(() =>
        Number(
          get("SELECT count(*) AS n FROM entries WHERE lane = ? AND state IN ('settled', 'failing')", number)?.['n'],
        ),
      ),
    fields: async (entries) =>
      transactions.read(() => (knowsKey ? readMemory(entries.map(({ number }) => number)) : new Map())),
    ownerOf: async ({ number }, providerId) =>
      transactions.read(() =>
        textOf(
          get('SELECT customer_id FROM customers WHERE account = ? AND provider_id = ?', number, providerId)?.[
            'customer_id'
          ],
        ),
      ),
    link: (account, links) =>
      transactions.write(() => {
        let added = 0;
        makeKnown(
          account,
          links.map(({ customerId }) => customerId),
        );
        for (const { customerId, providerId } of links) if (setRecord(account, customerId, providerId)) added += 1;
        return added;
      }),
    settleIntent: (account, customerId, providerId) =>
      transactions.write(() => {
        run('DELETE FROM intents WHERE account = ? AND customer_id = ?', account.number, customerId);
        if (providerId === undefined) return;
        makeKnown(account, [customerId]);
        setRecord(account, customerId, providerId);
      }),
    async forget(customerId) {
      const isKnown = await transactions.write(() => {
        const known = all(
          `SELECT customer_id FROM customers WHERE customer_id = ?1 UNION ALL
           SELECT customer_id FROM failures WHERE customer_id = ?1 UNION ALL
           SELECT customer_id FROM history WHERE customer_id = ?1`,
          customerId,
        );
        for (const table of ['customers', 'failures', 'intents', 'history'])
          run(`DELETE FROM ${table} WHERE customer_id = ?`, customerId);
        return known.length > 0;
      });
      // What was deleted is overwritten in the file itself, once it has left the log.
      transactions.read(() => get('PRAGMA wal_checkpoint(TRUNCATE)'));
      return isKnown;
    },
  };

  function readMemory(numbers: readonly number[]): ReadonlyMap<number, FieldMemory> {
    const rows = all(
      'SELECT customer, hashes, not_kept FROM field_memory WHERE customer IN (SELECT value FROM json_each(?))',
      JSON.stringify(numbers),
    );
    return new Map(
      rows.map((row) => {
        const hashes: FieldMemory['hashes'] = JSON.parse(String(row['hashes']));
        const notKept: readonly string[] = JSON.parse(String(row['not_kept']));
        return [Number(row['customer']), { hashes, notKept: new Set(notKept) }];
      }),
    );
  }

  /** Whether the record was not noted before. */
  function setRecord(account: Account, customerId: string, providerId: string): boolean {
    const owner = get(
      'SELECT customer_id FROM customers WHERE account = ? AND provider_id = ?',
      account.number,
      providerId,
    )?.['customer_id'];
    if (owner === customerId) return false;
    if (owner !== undefined) throw taken(customerId, String(owner));
    run(
      'UPDATE customers SET provider_id = ? WHERE account = ? AND customer_id = ?',
      providerId,
      account.number,
      customerId,
    );
    return true;
  }
}

function isWhole(entries: readonly (Entry | undefined)[]): entries is readonly Entry[] {
  return !entries.includes(undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function taken(customerId: string, owner: string): CustomerSyncError {
  return new CustomerSyncError('conflict', {
    message: `customers "${customerId}" and "${owner}" are given the same record`,
    remedy: 'One record can be one customer only: correct the list. None of it was taken.',
  });
}
