import type { DatabaseSync } from 'node:sqlite';
import { ledgerError } from './ledger-error.js';

export interface Transactions {
  /** Resolves with what the work answers once it is on the disk. */
  write<T>(work: () => T): Promise<T>;
  read<T>(work: () => T): T;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits what many customers ask for at about the same time at once: waiting for the disk is what a commit costs, and
 * it costs the same for one as for a hundred.
 */
export function createTransactions(database: DatabaseSync, path: string): Transactions {
  let waiting: Waiting[] = [];

  function commit(group: readonly Waiting[]): unknown[] {
    try {
      database.exec('BEGIN IMMEDIATE');
      const answers = group.map(({ work }) => work());
      database.exec('COMMIT');
      return answers;
    } catch (error) {
      // A full disk ends a transaction by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw ledgerError(error, path);
    }
  }

  /** One that cannot be done must not take the others with it. */
  function commitAll(group: readonly Waiting[]): void {
    try {
      const answers = commit(group);
      for (const [index, { resolve }] of group.entries()) resolve(answers[index]);
    } catch (error) {
      const [only] = group;
      if (only !== undefined && group.length === 1) only.reject(error);
      else for (const one of group) commitAll([one]);
    }
  }

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) {
          setImmediate(() => {
            const group = waiting;
            waiting = [];
            commitAll(group);
          });
        }
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    read(work) {
      try {
        return work();
      } catch (error) {
        throw ledgerError(error, path);
      }
    },
  };
}
