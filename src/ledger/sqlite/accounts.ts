import { CustomerSyncError } from '../../core/errors.js';
import { normalBaseUrl } from '../../core/http/base-url.js';
import type { Account, AccountFacts, Ledger } from '../ledger.js';
import type { LedgerFile, Row } from './ledger-file.js';

/** Of accounts whose holder was hashed with a key that is lost. */
export const lostHolder = 'lost-';

/** Number of an account or lane that a ledger which may not be written does not know: nothing is stored under it. */
const unknownNumber = -1;

export function accountsOf(file: LedgerFile): Pick<Ledger, 'bind' | 'rebind' | 'noteFirstWrite' | 'lane'> {
  const { get, all, run, transactions, fingerprints } = file;
  const select = 'SELECT number, provider, origin, holder, first_written_at FROM accounts';

  function holderOf({ reported, credential }: AccountFacts): string {
    return fingerprints.name(reported === undefined ? `credential ${credential ?? ''}` : `account ${reported}`);
  }

  /** @param bound preferred, where an address was written in two ways before both were taken for one. */
  function matching(facts: AccountFacts, bound?: Row): Row | undefined {
    const rows = all(`${select} WHERE provider = ? AND holder = ?`, facts.provider, holderOf(facts));
    const matches = rows.filter((row) => isAt(row, facts));
    return matches.find(({ number }) => number === bound?.['number']) ?? matches[0];
  }

  function boundTo(connection: string): Row | undefined {
    return get(`${select} WHERE number = (SELECT account FROM connections WHERE name = ?)`, connection);
  }

  function insert(facts: AccountFacts): Row | undefined {
    const origin = normalBaseUrl(facts.origin);
    run('INSERT INTO accounts (provider, origin, holder) VALUES (?, ?, ?)', facts.provider, origin, holderOf(facts));
    return matching(facts);
  }

  function attach(connection: string, account: Row | undefined): void {
    run('INSERT OR REPLACE INTO connections (name, account) VALUES (?, ?)', connection, Number(account?.['number']));
  }

  function bindNow(connection: string, facts: AccountFacts): Account {
    const bound = boundTo(connection);
    const match = matching(facts, bound);
    if (bound !== undefined && bound['number'] === match?.['number']) return accountOf(bound);
    if (bound !== undefined) {
      const isSamePlace = isAt(bound, facts);
      const isLost = !file.knowsKey || String(bound['holder']).startsWith(lostHolder);
      if (!isSamePlace || !isLost) throw leadsElsewhere(connection, bound, facts);
      if (file.mayWrite)
        run('UPDATE accounts SET holder = ? WHERE number = ?', holderOf(facts), Number(bound['number']));
      return accountOf(bound);
    }
    if (!file.mayWrite) return match === undefined ? unknownAccount(facts) : accountOf(match);
    const account = match ?? insert(facts);
    attach(connection, account);
    return accountOf(account ?? {});
  }

  return {
    async bind(connection, facts) {
      return file.mayWrite
        ? transactions.write(() => bindNow(connection, facts))
        : transactions.read(() => bindNow(connection, facts));
    },
    rebind: (connection, facts, as) =>
      transactions.write(() => {
        const bound = boundTo(connection);
        const match = matching(facts, bound);
        if (as === 'other') attach(connection, match ?? insert(facts));
        else if (bound === undefined) return false;
        else if (match === undefined) {
          const origin = normalBaseUrl(facts.origin);
          run('UPDATE accounts SET origin = ?, holder = ? WHERE number = ?', origin, holderOf(facts), numberOf(bound));
        } else if (match['number'] !== bound['number']) throw isAnother(connection);
        return true;
      }),
    noteFirstWrite: ({ number }) =>
      transactions.write(() =>
        run(
          'UPDATE accounts SET first_written_at = coalesce(first_written_at, ?) WHERE number = ?',
          file.now(),
          number,
        ),
      ),
    async lane(job, to, account) {
      const lane = { job, to, account };
      const known = () => get('SELECT number FROM lanes WHERE job = ? AND account = ?', job, account.number);
      if (!file.mayWrite) {
        const row = transactions.read(known);
        return { ...lane, number: row === undefined ? unknownNumber : numberOf(row) };
      }
      return transactions.write(() => {
        run(
          `INSERT INTO lanes (job, account, connection) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET connection = excluded.connection`,
          job,
          account.number,
          to,
        );
        return { ...lane, number: numberOf(known() ?? {}) };
      });
    },
  };
}

function isAt(row: Row, { provider, origin }: AccountFacts): boolean {
  return row['provider'] === provider && normalBaseUrl(String(row['origin'])) === normalBaseUrl(origin);
}

function accountOf(row: Row): Account {
  const firstWrittenAt = row['first_written_at'];
  return {
    number: numberOf(row),
    provider: String(row['provider']),
    origin: String(row['origin']),
    firstWrittenAt: typeof firstWrittenAt === 'string' ? firstWrittenAt : undefined,
  };
}

function unknownAccount({ provider, origin }: AccountFacts): Account {
  return { number: unknownNumber, provider, origin, firstWrittenAt: undefined };
}

function numberOf(row: Row): number {
  return Number(row['number']);
}

function leadsElsewhere(connection: string, bound: Row, facts: AccountFacts): CustomerSyncError {
  const { provider, origin } = facts;
  const change = isAt(bound, facts)
    ? `the key of ${provider} at ${origin} is not the one it had`
    : `it led to ${String(bound['provider'])} at ${String(bound['origin'])}, and now leads to ${provider} at ${origin}`;
  // A member of a set, `tenants/acme`, stands under the set's name in the configuration.
  const [named] = connection.split('/');
  return new CustomerSyncError('config', {
    message: `connection "${connection}" may lead to another account than before: ${change}`,
    remedy: `If it is the same account, say so with: customer-sync ledger rebind ${named}. If it is another one, add: --other-account. Nothing was sent.`,
  });
}

function isAnother(connection: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `the account that connection "${connection}" leads to now is another one that the ledger knows as well`,
    remedy: 'Use --other-account.',
  });
}
