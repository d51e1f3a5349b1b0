import type { ErrorCode } from '../../schemas/error-codes.js';
import type { JobPlan } from '../../schemas/outcome.js';
import type { RunReport } from '../../schemas/run-report.js';
import type { Ledger } from '../ledger/ledger.js';
import { conduct } from './conduct.js';
import type { GuardName, Job, RunEvent } from './job.js';

export interface RunJobOptions {
  readonly ledger: Ledger;
  /** Told in the order in which things happen. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Compares every customer with what the provider holds, whatever is remembered. */
  readonly full?: boolean | undefined;
  /** Only customers on the list of failures, whether their time has come or not. */
  readonly retry?: { readonly ids?: readonly string[] | undefined; readonly code?: ErrorCode | undefined } | undefined;
  /** Guards that may be passed this once. */
  readonly allow?: ReadonlySet<GuardName> | undefined;
  /** Ends the run: what is in flight is finished, or given up after `deadlineMs`. */
  readonly signal?: AbortSignal | undefined;
  /** Default: 30 000. */
  readonly deadlineMs?: number | undefined;
  /** Customers in flight at once at each connection. Default: 10. */
  readonly concurrency?: number | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Runs a job once: reads the source, sends what changed since the ledger's last word, and writes down what came of it.
 * A guard that stops it ends it as `refused`, with the numbers and how to allow it as the reason.
 * @throws CustomerSyncError when the run cannot begin, or the ledger can no longer be written.
 */
export function runJob(job: Job, options: RunJobOptions): Promise<RunReport> {
  return conduct(job, { ...options, dryRun: false });
}

export interface RunArchivesOptions extends Omit<RunJobOptions, 'full' | 'retry'> {
  /** Told of each customer that is left as it is, and why. */
  readonly onRefused: (plan: JobPlan, reason: string) => void;
}

/**
 * A run that only archives, and only whom these plans name: after a whole reading of the source, and where the provider
 * still holds the record that was planned for. The job must be one that mirrors, with all that this asks for, and the
 * guards on what leaves the source hold as in any run.
 * @throws CustomerSyncError when the run cannot begin, or the ledger can no longer be written.
 */
export function runArchives(
  job: Job,
  plans: readonly JobPlan[],
  { onRefused: refuse, allow = new Set(), ...options }: RunArchivesOptions,
): Promise<RunReport> {
  // These two are about what is written.
  const allowed = new Set<GuardName>([...allow, 'changed', 'first_write']);
  return conduct(job, { ...options, allow: allowed, dryRun: false, planned: { plans, refuse } });
}
