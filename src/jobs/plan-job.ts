import type { RunReport } from '../../schemas/run-report.js';
import { conduct } from './conduct.js';
import type { Job } from './job.js';
import type { RunJobOptions } from './run-job.js';

export interface PlanJobOptions extends Omit<RunJobOptions, 'deadlineMs'> {
  /** Asked after counting; answers whether to go on and read the providers. Default: yes. */
  readonly goOn?: (() => Promise<boolean>) | undefined;
}

/**
 * What a run would do; nothing is written anywhere. The providers are read, and each customer that would change is a
 * `plan` event. A target's `counted` event, with the cost, comes before its first request.
 */
export function planJob(job: Job, options: PlanJobOptions): Promise<RunReport> {
  return conduct(job, { ...options, dryRun: true });
}
