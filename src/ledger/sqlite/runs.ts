import { runReportSchema } from '../../../schemas/run-report.js';
import type { Ledger, RunLine } from '../ledger.js';
import type { LedgerFile, Row } from './ledger-file.js';

export function runsOf({
  get,
  all,
  run,
  now,
  transactions,
}: LedgerFile): Pick<Ledger, 'beginRun' | 'endRun' | 'runs' | 'position' | 'savePosition'> {
  return {
    beginRun: (job) =>
      transactions.write(() => {
        run('INSERT INTO runs (job, started_at) VALUES (?, ?)', job, now());
        return Number(get('SELECT last_insert_rowid() AS number')?.['number']);
      }),
    endRun: (report) =>
      transactions.write(() => run('UPDATE runs SET report = ? WHERE number = ?', JSON.stringify(report), report.run)),
    runs: async ({ job, limit = 20 } = {}) =>
      transactions.read(() =>
        all('SELECT * FROM runs WHERE ?1 IS NULL OR job = ?1 ORDER BY number DESC LIMIT ?2', job ?? null, limit).map(
          runLineOf,
        ),
      ),
    position: async (job, readers) =>
      transactions.read(() => {
        const row = get('SELECT position, readers FROM positions WHERE job = ?', job);
        if (row === undefined) return undefined;
        const known: Record<string, string> = JSON.parse(String(row['readers']));
        return [...readers].every(([lane, version]) => known[lane] === version) ? String(row['position']) : undefined;
      }),
    savePosition: (job, position, readers) =>
      transactions.write(() =>
        run(
          'INSERT OR REPLACE INTO positions (job, position, readers) VALUES (?, ?, ?)',
          job,
          position,
          JSON.stringify(Object.fromEntries(readers)),
        ),
      ),
  };
}

function runLineOf(row: Row): RunLine {
  const report = row['report'];
  return {
    run: Number(row['number']),
    job: String(row['job']),
    startedAt: String(row['started_at']),
    report: typeof report === 'string' ? runReportSchema.parse(JSON.parse(report)) : undefined,
  };
}
