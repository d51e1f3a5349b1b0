import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { say } from '../console.js';
import { printable } from '../report/values.js';
import { type JobContext, openNamed } from './open-job.js';

/**
 * Binds a connection, or every one of a set, to the account it leads to now. One that cannot be bound keeps nobody from
 * being so.
 * @throws CustomerSyncError `config` when one could not be bound, or the ledger knows none of them.
 */
export async function rebind(context: JobContext, ledger: Ledger, name: string, as: 'same' | 'other'): Promise<void> {
  const targets = await openNamed(context, [name]);
  const unknown: string[] = [];
  const failures: CustomerSyncError[] = [];
  const tell = (text: string) => say(context.console, printable(text));
  for (const { connection, target } of targets) {
    const { name: member } = connection.connection;
    try {
      if (await ledger.rebind(member, target.account, as))
        tell(`${member} is bound to ${connection.account.baseUrl}, key ${connection.account.key}.`);
      else unknown.push(member);
    } catch (error) {
      if (!isCustomerSyncError(error)) throw error;
      failures.push(error);
    }
  }
  if (unknown.length === targets.length) throw nobodyKnown(unknown);
  for (const member of unknown)
    tell(`${member} is not known to the ledger; nothing needs to be done before its first run.`);
  const [first, ...others] = failures;
  if (first === undefined) return;
  for (const { message } of others) tell(message);
  throw first;
}

function nobodyKnown(names: readonly string[]): CustomerSyncError {
  const listed = names.map((name) => `"${name}"`).join(', ');
  return new CustomerSyncError('config', {
    message: names.length === 1 ? `the ledger knows no connection ${listed}` : `the ledger knows none of ${listed}`,
    remedy: 'Nothing needs to be done before the first run.',
  });
}
