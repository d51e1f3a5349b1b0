import type { Failure, OutcomeStatus } from '../../../schemas/outcome.js';
import type { FieldMemory, HistoryLine, Lane, Ledger, ListedFailure, Settlement } from '../ledger.js';
import type { LedgerFile, Row } from './ledger-file.js';

type Settlements = Pick<
  Ledger,
  | 'doubt'
  | 'doubtRecord'
  | 'settle'
  | 'failures'
  | 'failure'
  | 'noteSameAnswers'
  | 'dropFailures'
  | 'history'
  | 'intend'
  | 'openIntents'
>;

/** A provider that fails so often in the same way at one customer, and not at others, will not take it. */
const maxSameAnswers = 3;

const listed = `
  SELECT f.*, l.job, l.connection FROM failures AS f JOIN lanes AS l ON l.number = f.lane`;

export function settlementsOf(file: LedgerFile): Settlements {
  const { get, all, run, transactions, fingerprints } = file;
  const place = (account: number, customerId: string) => `intent ${account} ${customerId}`;

  function settleOne({ number: lane, account }: Lane, runNumber: number, at: string, settlement: Settlement): void {
    const { number, customerId, state } = settlement;
    if (number !== undefined) {
      noteRecord(account.number, number, settlement);
      run(
        `INSERT INTO entries (lane, customer, state, row_digest, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
            SET state = excluded.state, row_digest = excluded.row_digest, version = excluded.version`,
        lane,
        number,
        state,
        settlement.rowDigest ?? null,
        settlement.version ?? null,
      );
      if (settlement.keepsIntent !== true)
        run('DELETE FROM intents WHERE account = ? AND customer_id = ?', account.number, customerId);
    }
    if (settlement.failure === undefined)
      run('DELETE FROM failures WHERE lane = ? AND customer_id = ?', lane, customerId);
    else noteFailure(lane, runNumber, at, settlement, settlement.failure);
    if (settlement.changed !== undefined) {
      run(
        'INSERT INTO history (run, lane, customer_id, at, status, changed, plan) VALUES (?, ?, ?, ?, ?, ?, ?)',
        runNumber,
        lane,
        customerId,
        at,
        settlement.status,
        JSON.stringify(settlement.changed),
        settlement.plan ?? null,
      );
    }
  }

  function noteRecord(account: number, number: number, { state, providerId, fields }: Settlement): void {
    if (state === 'archived') {
      run('UPDATE customers SET provider_id = NULL WHERE number = ?', number);
      return;
    }
    if (providerId !== undefined) {
      // Whoever has the record keeps it.
      run(
        `UPDATE customers SET provider_id = ?1 WHERE number = ?2 AND provider_id IS NOT ?1 AND NOT EXISTS
          (SELECT 1 FROM customers WHERE account = ?3 AND provider_id = ?1)`,
        providerId,
        number,
        account,
      );
    }
    if (fields !== undefined) writeMemory(number, fields);
  }

  function writeMemory(number: number, { hashes, notKept }: FieldMemory): void {
    run(
      `INSERT INTO field_memory (customer, hashes, not_kept) VALUES (?, ?, ?) ON CONFLICT DO UPDATE
          SET hashes = excluded.hashes, not_kept = excluded.not_kept`,
      number,
      JSON.stringify(hashes),
      JSON.stringify([...notKept]),
    );
  }

  function noteFailure(lane: number, runNumber: number, at: string, settlement: Settlement, failure: Failure): void {
    const { customerId, number, status, retryAt = null } = settlement;
    const before = get(
      'SELECT failure, same_answers FROM failures WHERE lane = ? AND customer_id = ?',
      lane,
      customerId,
    );
    const known: Failure | undefined = before === undefined ? undefined : JSON.parse(String(before['failure']));
    const sameAnswers = known?.status === failure.status ? Number(before?.['same_answers'] ?? 0) : 0;
    run(
      `INSERT INTO failures (lane, customer_id, nameless, status, code, failure, first_at, last_at, last_run, attempts,
              same_answers, retry_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, 1, ?9, ?10)
         ON CONFLICT DO UPDATE SET status = ?4, code = ?5, failure = ?6, last_at = ?7, last_run = ?8,
              attempts = attempts + 1, same_answers = ?9, retry_at = ?10`,
      lane,
      customerId,
      number === undefined ? 1 : 0,
      status,
      failure.code,
      JSON.stringify(failure),
      at,
      runNumber,
      sameAnswers,
      retryAt,
    );
  }

  return {
    doubt: ({ number: lane }, { number }, fields) =>
      transactions.write(() => {
        writeMemory(number, fields);
        run('UPDATE entries SET row_digest = NULL WHERE lane = ? AND customer = ?', lane, number);
      }),
    doubtRecord: ({ number }) =>
      transactions.write(() => {
        run('DELETE FROM field_memory WHERE customer = ?', number);
        run('UPDATE entries SET row_digest = NULL WHERE customer = ?', number);
      }),
    settle: (lane, runNumber, settlements) =>
      transactions.write(() => {
        const at = file.now();
        for (const settlement of settlements) settleOne(lane, runNumber, at, settlement);
      }),
    failures: async ({ job, to, ids, code } = {}) =>
      transactions.read(() =>
        all(
          `${listed} WHERE (?1 IS NULL OR l.job = ?1) AND (?2 IS NULL OR l.connection = ?2) AND (?3 IS NULL OR f.code = ?3)
              AND (?4 IS NULL OR f.customer_id IN (SELECT value FROM json_each(?4)))
            ORDER BY l.job, l.connection, f.customer_id`,
          job ?? null,
          to ?? null,
          code ?? null,
          ids === undefined ? null : JSON.stringify(ids),
        ).map(failureOf),
      ),
    failure: async ({ number }, customerId) =>
      transactions.read(() => {
        const row = get(`${listed} WHERE f.lane = ? AND f.customer_id = ?`, number, customerId);
        return row === undefined ? undefined : failureOf(row);
      }),
    noteSameAnswers: ({ number }, ids) =>
      transactions.write(() =>
        run(
          `UPDATE failures SET same_answers = same_answers + 1,
                  status = iif(same_answers + 1 >= ${maxSameAnswers}, 'rejected', status),
                  retry_at = iif(same_answers + 1 >= ${maxSameAnswers}, NULL, retry_at)
            WHERE lane = ? AND customer_id IN (SELECT value FROM json_each(?))`,
          number,
          JSON.stringify(ids),
        ),
      ),
    dropFailures: ({ number }, runNumber, ids) =>
      transactions.write(() => {
        run('DELETE FROM failures WHERE lane = ? AND nameless = 1 AND last_run <> ?', number, runNumber);
        run(
          'DELETE FROM failures WHERE lane = ? AND customer_id IN (SELECT value FROM json_each(?))',
          number,
          JSON.stringify(ids),
        );
      }),
    history: async (customerId) =>
      transactions.read(() =>
        all(
          `SELECT h.run, h.at, h.status, h.changed, h.plan, l.job, l.connection FROM history AS h
             JOIN lanes AS l ON l.number = h.lane WHERE h.customer_id = ? ORDER BY h.number`,
          customerId,
        ).map(lineOf),
      ),
    intend: ({ number: lane, account: { number } }, customerId, sent) =>
      transactions.write(() => {
        run(
          'INSERT OR REPLACE INTO intents (account, customer_id, sealed) VALUES (?, ?, ?)',
          number,
          customerId,
          fingerprints.seal(JSON.stringify([sent.match ?? null, sent.idempotencyKey]), place(number, customerId)),
        );
        run(
          `INSERT INTO entries (lane, customer, state)
           SELECT ?, number, 'new' FROM customers WHERE account = ? AND customer_id = ?
           ON CONFLICT DO UPDATE SET state = 'new' WHERE state = 'archived'`,
          lane,
          number,
          customerId,
        );
      }),
    openIntents: async ({ number }) =>
      transactions.read(() =>
        all('SELECT customer_id, sealed FROM intents WHERE account = ?', number).map((row) => {
          const customerId = String(row['customer_id']);
          const sealed = row['sealed'];
          const text = sealed instanceof Uint8Array ? fingerprints.open(sealed, place(number, customerId)) : undefined;
          if (text === undefined) return { customerId, sent: undefined };
          const [match, idempotencyKey]: [string | null, string] = JSON.parse(text);
          return { customerId, sent: { match: match ?? undefined, idempotencyKey } };
        }),
      ),
  };
}

function failureOf(row: Row): ListedFailure {
  const retryAt = row['retry_at'];
  return {
    customerId: String(row['customer_id']),
    job: String(row['job']),
    to: String(row['connection']),
    status: row['status'] as OutcomeStatus,
    failure: JSON.parse(String(row['failure'])),
    firstAt: String(row['first_at']),
    lastAt: String(row['last_at']),
    attempts: Number(row['attempts']),
    sameAnswers: Number(row['same_answers']),
    retryAt: typeof retryAt === 'string' ? retryAt : undefined,
  };
}

function lineOf(row: Row): HistoryLine {
  return {
    run: Number(row['run']),
    job: String(row['job']),
    to: String(row['connection']),
    at: String(row['at']),
    status: row['status'] as OutcomeStatus,
    changed: JSON.parse(String(row['changed'])),
    ...(typeof row['plan'] === 'string' && { plan: row['plan'] }),
  };
}
