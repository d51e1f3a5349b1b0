import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../../schemas/run-report.js';
import { CustomerSyncError } from '../../core/errors.js';
import { writePrivateFile } from '../../plan-file/private-file.js';
import { errorCode } from '../../sources/file-error.js';

/** Of one job; older ones are in the ledger still. */
const kept = 100;

/** Writes a run's report beside those of the runs before it: `<job>-<run>.json`. */
export function keepReport(folder: string, report: RunReport): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = `${report.job}-${String(report.run).padStart(6, '0')}.json`;
    writePrivateFile(join(folder, name), `${JSON.stringify(report, null, 2)}\n`);
    const ofJob = new RegExp(`^${report.job}-\\d+\\.json$`);
    const old = readdirSync(folder)
      .filter((file) => ofJob.test(file))
      .sort()
      .slice(0, -kept);
    for (const file of old) rmSync(join(folder, file), { force: true });
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${folder}: the report of the run cannot be written (${errorCode(error)})`,
      remedy: 'Check the permissions of the folder, and whether there is room. The run itself is in the ledger.',
    });
  }
}
