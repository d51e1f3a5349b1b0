import type { Plan } from '../../../schemas/outcome.js';
import { isObject } from '../../core/mapping/path.js';
import { guardNames, type Job, type JobSource, type JobTarget } from '../../jobs/job.js';
import { planJob } from '../../jobs/plan-job.js';
import { runJob } from '../../jobs/run-job.js';
import { exitCode } from '../exit-code.js';
import { writeText } from '../output.js';
import { type Applying, approvePlans } from './approve-plans.js';
import { bindingOf, checkBinding } from './bind-plan.js';
import { keepReport } from './keep-report.js';
import { openJob, reportsFolder } from './open-job.js';
import { exitCodeOfReport } from './run-one.js';
import { summaryText } from './summary.js';
import { type RunWatch, watchRun } from './watch-run.js';

/** Runs a job for those customers whose plan is still what it was. */
export async function applyJobPlan(applying: Applying): Promise<number> {
  const { context, ledger, file, plan, signal } = applying;
  const { job, targets } = await openJob(context, plan.job);
  const lanes = job.targets.flatMap((target, index) => {
    const connection = targets[index];
    return connection === undefined ? [] : [{ connection, target }];
  });
  checkBinding(
    file,
    plan,
    lanes.map((lane) => bindingOf(lane, job, ledger)),
  );
  const watch = watchRun(context.console, job.name);
  let code: number = exitCode.done;
  try {
    for (const { target } of lanes) {
      const { ids, isRefused } = approvePlans(applying, target.connection.name, await plansNow(applying, job, target));
      if (isRefused) code = exitCode.someFailed;
      if (ids.size === 0 || signal.aborted) continue;
      code = Math.max(code, await runFor(applying, narrow(job, target, ids), watch));
    }
    return code;
  } finally {
    watch.end();
  }
}

async function plansNow({ ledger, plan, concurrency, signal }: Applying, job: Job, target: JobTarget): Promise<Plan[]> {
  const planned = plan.plans.filter(({ to }) => to === target.connection.name);
  const plans: Plan[] = [];
  await planJob(narrow(job, target, new Set(planned.map(({ customer_id: id }) => id))), {
    ledger,
    concurrency,
    signal,
    onEvent: (event) => {
      if (event.kind === 'plan') plans.push(event.plan);
    },
  });
  return plans;
}

async function runFor({ context, ledger, concurrency, signal }: Applying, job: Job, watch: RunWatch): Promise<number> {
  const allow = new Set(guardNames);
  const report = await runJob(job, { ledger, concurrency, signal, allow, onEvent: watch.event });
  await writeText(context.console.stdout, summaryText(report));
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
