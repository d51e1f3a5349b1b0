import { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { statementsOf } from '../../src/ledger/sqlite/ledger-file.js';

function open() {
  const database = new DatabaseSync(':memory:');
  const spy = vi.spyOn(StatementSync.prototype, 'all');
  onTestFinished(() => {
    spy.mockRestore();
    database.close();
  });
  return { ...statementsOf(database, ':memory:'), spy };
}

it('numbered parameters go by their whole name, which every Node binds', () => {
  const { all, spy } = open();
  expect(all('SELECT ?2 AS second, ?1 AS first WHERE ?1 IS NOT NULL', 'a', 2)).toEqual([{ second: 2, first: 'a' }]);
  expect(spy.mock.calls).toEqual([[{ '?1': 'a', '?2': 2 }]]);
});
