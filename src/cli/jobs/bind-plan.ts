import type { PlanFile, PlanFileTarget } from '../../../schemas/plan-file.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import type { Job, JobTarget } from '../../jobs/job.js';
import { versionOf } from '../../jobs/lane-run.js';
import { canonical } from '../../ledger/fingerprints.js';
import type { Ledger } from '../../ledger/ledger.js';
import { planError } from '../../plan-file/plan-file.js';
import type { OpenedJob } from './open-job.js';

type Opened = { readonly connection: OpenedConnection; readonly target: JobTarget };

/** What a plan holds on to: the account it was made for, and the rules it was made by. */
export function bindingOf({ connection, target }: Opened, job: Job | undefined, ledger: Ledger): PlanFileTarget {
  const { baseUrl, environment } = connection.account;
  const rules: Pick<Job, 'mode' | 'filter'> = job ?? { mode: 'upsert' };
  return {
    to: connection.connection.name,
    base_url: baseUrl,
    environment,
    account: ledger.fingerprints.name(canonical(target.account)),
    mapping: versionOf(rules, connection.connection, ledger),
    ...(rules.mode === 'mirror' && { archive_effect: connection.definition.archive?.effect }),
  };
}

/** Of a job as it is now, target by target. */
export function bindingsOf({ job, targets }: OpenedJob, ledger: Ledger): PlanFileTarget[] {
  return job.targets.flatMap((target, index) => {
    const connection = targets[index];
    return connection === undefined ? [] : [bindingOf({ connection, target }, job, ledger)];
  });
}

/** @throws CustomerSyncError `config` when a plan was made for another account or by other rules. */
export function checkBinding(file: string, { targets }: PlanFile, now: readonly PlanFileTarget[]): void {
  for (const planned of targets) {
    const current = now.find(({ to }) => to === planned.to);
    if (current === undefined) throw planError(`${file}: the job no longer writes to ${planned.to}`, again);
    if (current.account !== planned.account)
      throw planError(
        `${file} was made for another account: ${planned.to} led to ${planned.base_url} (${planned.environment}) and now leads to ${current.base_url} (${current.environment}), or has another key`,
        again,
      );
    if (current.mapping !== planned.mapping)
      throw planError(
        `${file}: the mapping of ${planned.to}, or the rules of the job, changed since the plan was made`,
        again,
      );
    if (current.archive_effect !== planned.archive_effect)
      throw planError(`${file}: archiving at ${planned.to} does something else now than it did then`, again);
  }
}

const again = 'Make the plan again and look at it.';
