import type { RunReport } from '../../../schemas/run-report.js';
import { isCustomerSyncError } from '../../core/errors.js';
import { type RunJobOptions, runJob } from '../../jobs/run-job.js';
import { withCode } from '../code-hint.js';
import { exitCode } from '../exit-code.js';
import { callHook, type HookCall, hookCallOf } from './hooks.js';
import type { RunningFlags } from './job-options.js';
import { keepReport } from './keep-report.js';
import { type JobContext, jobSettings, openJob, reportsFolder } from './open-job.js';
import { watchRun } from './watch-run.js';

export type OneRunOptions = Pick<RunJobOptions, 'ledger' | 'full' | 'retry' | 'allow' | 'signal' | 'concurrency'>;

/**
 * Runs a job once, tells how it goes, keeps its report and calls its hooks.
 * @throws CustomerSyncError when the run could not begin or go on; the hook was called then as well.
 */
export async function runOne(context: JobContext, name: string, options: OneRunOptions): Promise<RunReport> {
  const { configuration, console } = context;
  const settings = jobSettings(configuration, name);
  const watch = watchRun(console, name);
  const secrets = { env: console.env, directory: configuration.directory };
  const call = async (hook: HookCall | undefined) => {
    const failed = hook === undefined ? undefined : await callHook(settings, hook, secrets);
    if (failed !== undefined) watch.tell(failed);
  };
  try {
    const { job, targets } = await openJob({ ...context, tell: watch.tell }, name);
    for (const { connection, notes } of targets)
      for (const note of notes) watch.tell(`${connection.name}: ${note}`, connection.name);
    const report = await runJob(job, { ...options, onEvent: watch.event });
    await call(hookCallOf(report));
    keepReport(reportsFolder(configuration), report);
    return report;
  } catch (error) {
    if (isCustomerSyncError(error)) {
      const message = `${name} could not run: ${withCode(error.message, error.code)}. ${error.details.remedy}`;
      await call({ event: 'failure', job: name, message });
    }
    throw error;
  } finally {
    watch.end();
  }
}

export function exitCodeOfReport({ ended, targets }: RunReport, failOn: RunningFlags['failOn']): number {
  if (ended === 'stopped' || ended === 'refused') return exitCode.someFailed;
  const isFailed = targets.some(
    ({ failing, new_failures: fresh, stopped }) => stopped !== undefined || (failOn === 'new' ? fresh : failing) > 0,
  );
  return isFailed ? exitCode.someFailed : exitCode.done;
}
