import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Fingerprints } from '../fingerprints.js';
import { ledgerError } from './ledger-error.js';
import type { Transactions } from './transactions.js';

export type Row = Readonly<Record<string, unknown>>;

/** An open ledger, as its parts see it. */
export interface LedgerFile {
  readonly transactions: Transactions;
  readonly fingerprints: Fingerprints;
  /** Whether hashes and seals in it were made with the key at hand. */
  readonly knowsKey: boolean;
  readonly mayWrite: boolean;
  /** ISO 8601. */
  now(): string;
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  run(sql: string, ...values: SQLInputValue[]): void;
}

type Statement = ReturnType<DatabaseSync['prepare']>;
type Parameters = [Record<string, SQLInputValue>, ...SQLInputValue[]];

/** Statements are compiled once and kept: compiling takes longer than most of them run. */
export function statementsOf(database: DatabaseSync, path: string): Pick<LedgerFile, 'get' | 'all' | 'run'> {
  const prepared = new Map<string, ReturnType<typeof prepare>>();

  function prepare(sql: string) {
    const parametersOf = /\?\d/.test(sql) ? numbered : inOrder;
    return { statement: database.prepare(sql), parametersOf };
  }

  function known(sql: string) {
    const made = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, made);
    return made;
  }

  function execute<T>(sql: string, values: SQLInputValue[], how: (made: Statement, parameters: Parameters) => T): T {
    try {
      const { statement, parametersOf } = known(sql);
      return how(statement, parametersOf(values));
    } catch (error) {
      throw ledgerError(error, path);
    }
  }

  return {
    get: (sql, ...values) => execute(sql, values, (statement, parameters) => statement.get(...parameters)),
    all: (sql, ...values) => execute(sql, values, (statement, parameters) => statement.all(...parameters)),
    run(sql, ...values) {
      execute(sql, values, (statement, parameters) => statement.run(...parameters));
    },
  };
}

function inOrder(values: readonly SQLInputValue[]): Parameters {
  return [{}, ...values];
}

/** Node before 22.20, and 24 before 24.7, binds `?1` by its whole name only. */
function numbered(values: readonly SQLInputValue[]): Parameters {
  return [Object.fromEntries(values.map((value, index) => [`?${index + 1}`, value]))];
}
