import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Fingerprints } from '../fingerprints.js';
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

/** Statements are compiled once and kept: compiling takes longer than most of them run. */
export function statementsOf(database: DatabaseSync): Pick<LedgerFile, 'get' | 'all' | 'run'> {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  function statement(sql: string) {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  }
  return {
    get: (sql, ...values) => statement(sql).get(...parametersOf(sql, values)),
    all: (sql, ...values) => statement(sql).all(...parametersOf(sql, values)),
    run: (sql, ...values) => void statement(sql).run(...parametersOf(sql, values)),
  };
}

/** Node before 22.20, and 24 before 24.7, binds `?1` by its whole name only. */
function parametersOf(
  sql: string,
  values: readonly SQLInputValue[],
): [Record<string, SQLInputValue>, ...SQLInputValue[]] {
  if (!/\?\d/.test(sql)) return [{}, ...values];
  return [Object.fromEntries(values.map((value, index) => [`?${index + 1}`, value]))];
}
