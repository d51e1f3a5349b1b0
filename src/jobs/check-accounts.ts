import { CustomerSyncError } from '../core/errors.js';
import type { Job } from './job.js';

/**
 * What was sent is remembered by job and account, so that a connection may be renamed. Two connections of one account
 * would take each other's memory for their own, and send everything again with every run.
 * @throws CustomerSyncError `config` naming the two.
 */
export function checkAccounts({ name, targets }: Job): void {
  const seen = new Map<string, string>();
  for (const { connection, account } of targets) {
    const { provider, origin, reported = null, credential = null } = account;
    const key = JSON.stringify([provider, origin, reported, credential]);
    const other = seen.get(key);
    if (other !== undefined)
      throw new CustomerSyncError('config', {
        message: `job "${name}": ${other} and ${connection.name} lead to the same account`,
        remedy: 'Give each of them a job of its own, with the same source.',
      });
    seen.set(key, connection.name);
  }
}
