import type { JobPlan } from '../../../schemas/outcome.js';
import type { RunReport } from '../../../schemas/run-report.js';
import { isObject } from '../../core/mapping/path.js';
import { checkMirror } from '../../jobs/check-mode.js';
import { guardNames, type Job, type JobSource, type JobTarget, type RunEvent } from '../../jobs/job.js';
import { planJob } from '../../jobs/plan-job.js';
import { runArchives, runJob } from '../../jobs/run-job.js';
import { exitCode } from '../exit-code.js';
import { type Applying, approvePlans } from './approve-plans.js';
import { bindingsOf, checkBinding } from './bind-plan.js';
import { keepReport } from './keep-report.js';
import { openJob, reportsFolder } from './open-job.js';
import { exitCodeOfReport } from './run-one.js';
import { type RunWatch, watchRun } from './watch-run.js';

/** Runs a job for those customers whose plan is still what it was. Who left the source is archived last, as by any run. */
export async function applyJobPlan(applying: Applying): Promise<number> {
  const { context, ledger, file, plan, signal, teller } = applying;
  const opened = await openJob(context, plan.job);
  const { job } = opened;
  checkBinding(file, plan, bindingsOf(opened, ledger));
  const archives = plan.plans.filter(({ action }) => action === 'archive');
  if (archives.length > 0) checkMirror(job);
  const watch = watchRun(context.console, job.name);
  let code: number = exitCode.done;
  try {
    for (const target of job.targets) {
      const { name } = target.connection;
      if (signal.aborted) {
        teller.leave(name, 'interrupted');
        continue;
      }
      code = Math.max(code, await applyAt(applying, job, target, watch));
      if (signal.aborted) teller.interrupt(name);
    }
    return code;
  } finally {
    watch.end();
  }
}

async function applyAt(applying: Applying, job: Job, target: JobTarget, watch: RunWatch): Promise<number> {
  const { plan, signal, teller } = applying;
  const { name } = target.connection;
  const own = plan.plans.filter(({ to }) => to === name);
  const leaving = own.filter(({ action }) => action === 'archive');
  let code: number = exitCode.done;
  if (own.length > leaving.length) {
    const { plans, unfinished } = await plansNow(applying, job, target, own);
    if (unfinished !== undefined) {
      // Of whom the planning did not come to, nothing can be said.
      teller.leave(name, unfinished);
      return exitCode.someFailed;
    }
    const { ids, isRefused } = approvePlans(applying, name, plans);
    if (isRefused) code = exitCode.someFailed;
    if (ids.size > 0) code = Math.max(code, await runFor(applying, narrow(job, target, ids), watch));
  }
  if (leaving.length === 0 || signal.aborted) return code;
  return Math.max(code, await archiveAt(applying, { ...job, targets: [target] }, leaving, watch));
}

interface PlansNow {
  readonly plans: readonly JobPlan[];
  /** Why the planning ended early. */
  readonly unfinished: string | undefined;
}

async function plansNow(
  { ledger, concurrency, signal }: Applying,
  job: Job,
  target: JobTarget,
  planned: readonly JobPlan[],
): Promise<PlansNow> {
  const ids = planned.flatMap(({ action, customer_id: id }) => (action === 'archive' ? [] : [id]));
  const plans: JobPlan[] = [];
  const { ended, reason = 'interrupted' } = await planJob(narrow(job, target, new Set(ids)), {
    ledger,
    concurrency,
    signal,
    onEvent: (event) => {
      if (event.kind === 'plan') plans.push(event.plan);
    },
  });
  return { plans, unfinished: ended === 'done' ? undefined : reason };
}

async function runFor(applying: Applying, job: Job, watch: RunWatch): Promise<number> {
  const { ledger, concurrency, signal } = applying;
  // What is sent was looked at, customer by customer.
  const allow = new Set(guardNames);
  const onEvent = listener(applying, watch);
  return tellOf(applying, await runJob(job, { ledger, concurrency, signal, allow, onEvent }));
}

async function archiveAt(applying: Applying, job: Job, plans: readonly JobPlan[], watch: RunWatch): Promise<number> {
  const { ledger, concurrency, signal, allow, teller } = applying;
  let isRefused = false;
  const onRefused = (plan: JobPlan, reason: string) => {
    isRefused = true;
    teller.refuse(plan, reason);
  };
  const onEvent = listener(applying, watch);
  const report = await runArchives(job, plans, { ledger, concurrency, signal, allow, onRefused, onEvent });
  return Math.max(await tellOf(applying, report), isRefused ? exitCode.someFailed : exitCode.done);
}

function listener({ teller }: Applying, watch: RunWatch): (event: RunEvent) => void {
  return (event) => {
    if (event.kind === 'outcome') teller.note(event.outcome);
    watch.event(event);
  };
}

async function tellOf({ context, teller }: Applying, report: RunReport): Promise<number> {
  await teller.report(report);
  keepReport(reportsFolder(context.configuration), report);
  return exitCodeOfReport(report, 'new');
}

/** The job for these customers at one target, and for nobody else. Whoever is not in it has not left the source. */
function narrow(job: Job, target: JobTarget, wanted: ReadonlySet<string>): Job {
  const { archive: _, ...rest } = job;
  return {
    ...rest,
    mode: job.mode === 'mirror' ? 'upsert' : job.mode,
    targets: [target],
    source: only(job.source, wanted),
  };
}

function only(source: JobSource, wanted: ReadonlySet<string>): JobSource {
  const { byIds, ...rest } = source;
  const rows =
    byIds === undefined
      ? async function* () {
          for await (const { position: _, ...row } of source.rows()) if (wanted.has(idOf(row.value))) yield row;
        }
      : () => byIds([...wanted]);
  return { ...rest, complete: false, rows };
}

/** As it is before the normaliser, which trims ids and nothing more. */
function idOf(value: unknown): string {
  return isObject(value) ? String(value['id'] ?? '').trim() : '';
}
