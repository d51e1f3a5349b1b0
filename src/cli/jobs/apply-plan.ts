import { builtInProviders } from '../../../integrations/registry.js';
import type { Plan } from '../../../schemas/outcome.js';
import type { PlanFile } from '../../../schemas/plan-file.js';
import { isObject } from '../../core/mapping/path.js';
import { guardNames, type Job, type JobSource } from '../../jobs/job.js';
import { planJob } from '../../jobs/plan-job.js';
import { runJob } from '../../jobs/run-job.js';
import type { Ledger } from '../../ledger/ledger.js';
import { isSamePlan, readPlanFile } from '../../plan-file/plan-file.js';
import { createRunner } from '../../runner/runner.js';
import { codeHint, withCode } from '../code-hint.js';
import { confirm, say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { listenForInterrupt } from '../interrupt.js';
import { writeText } from '../output.js';
import { printable } from '../report/values.js';
import { bindingOf, checkBinding } from './bind-plan.js';
import { keepReport } from './keep-report.js';
import { type JobContext, openJob, openNamed, reportsFolder, writeLedger } from './open-job.js';
import { exitCodeOfReport } from './run-one.js';
import { summaryText } from './summary.js';
import { watchRun } from './watch-run.js';

interface ApplyPlanFlags {
  readonly yes?: true;
  readonly concurrency: number;
}

/** `apply plan.json`: reads both ends again, refuses what changed at either, and sends exactly the rest. */
export async function applyPlan(context: JobContext, file: string, flags: ApplyPlanFlags): Promise<number> {
  const { console } = context;
  const ledger = writeLedger(context, `apply ${file}`, false);
  const interrupt = listenForInterrupt(console);
  try {
    const plan = readPlanFile(file, { fingerprints: ledger.fingerprints, now: Date.now(), mayBeOld: false });
    if (!flags.yes) {
      const question = `About to write:\n${plan.targets.map((target) => targetLine(target, plan)).join('\n')}\nGo on?`;
      const answer = await confirm(console, question);
      if (answer !== 'yes') return answer === 'interrupted' ? exitCode.interrupted : exitCode.done;
    }
    const apply = plan.kind === 'job' ? applyJobPlan : applyReverse;
    const code = await apply({ context, ledger, file, plan, flags, signal: interrupt.signal });
    return interrupt.code ?? code;
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}

function targetLine({ to, base_url: url, environment }: PlanFile['targets'][number], { plans }: PlanFile): string {
  const own = plans.filter((plan) => plan.to === to);
  const creates = own.filter(({ action }) => action === 'create').length;
  return `  ${to}  ${url} (${environment}): ${creates} create, ${own.length - creates} update`;
}

interface Applying {
  readonly context: JobContext;
  readonly ledger: Ledger;
  readonly file: string;
  readonly plan: PlanFile;
  readonly flags: ApplyPlanFlags;
  readonly signal: AbortSignal;
}

async function applyJobPlan({ context, ledger, file, plan, flags, signal }: Applying): Promise<number> {
  const { console, configuration } = context;
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
  const watch = watchRun(console, job.name);
  const { concurrency } = flags;
  let code: number = exitCode.done;
  try {
    for (const { target } of lanes) {
      const to = target.connection.name;
      const planned = plan.plans.filter((candidate) => candidate.to === to);
      const narrowed = narrow(
        job,
        target,
        planned.map(({ customer_id: id }) => id),
      );
      const current: Plan[] = [];
      await planJob(narrowed, {
        ledger,
        concurrency,
        signal,
        onEvent: (event) => {
          if (event.kind === 'plan') current.push(event.plan);
        },
      });
      const { approved, refused } = compare(planned, current);
      for (const line of refused) say(console, printable(`refused: ${to}: ${line}`));
      if (refused.length > 0) code = exitCode.someFailed;
      if (approved.length === 0 || signal.aborted) continue;
      const allow = new Set(guardNames);
      const options = { ledger, concurrency, signal, allow, onEvent: watch.event };
      const report = await runJob(narrow(job, target, approved), options);
      await writeText(console.stdout, summaryText(report));
      keepReport(reportsFolder(configuration), report);
      code = Math.max(code, exitCodeOfReport(report, 'new'));
    }
    return code;
  } finally {
    watch.end();
  }
}

/** The job for these customers at one target, and for nobody else. Whoever is not in it has not left the source. */
function narrow(job: Job, target: Job['targets'][number], ids: readonly string[]): Job {
  const wanted = new Set(ids);
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

function compare(planned: readonly Plan[], current: readonly Plan[]) {
  const now = new Map(current.map((plan) => [plan.customer_id, plan]));
  const approved: string[] = [];
  const refused: string[] = [];
  for (const plan of planned) {
    const found = now.get(plan.customer_id);
    if (found !== undefined && isSamePlan(plan, found)) approved.push(plan.customer_id);
    else
      refused.push(
        `${plan.customer_id} changed since the plan was made, ${found === undefined || found.action === 'unchanged' ? 'and needs nothing now' : 'in the source or at the provider'}`,
      );
  }
  return { approved, refused };
}

async function applyReverse({ context, ledger, file, plan, flags, signal }: Applying): Promise<number> {
  const { console } = context;
  const opened = await openNamed(
    context,
    plan.targets.map(({ to }) => to),
  );
  checkBinding(
    file,
    plan,
    opened.map((one) => bindingOf(one, undefined, ledger)),
  );
  const runner = createRunner({ providers: builtInProviders });
  const codes = new Set<string>();
  let code: number = exitCode.done;
  for (const { connection } of opened) {
    const to = connection.connection.name;
    const rows = (plan.rows ?? []).filter((row) => row.to === to).map(({ customer }) => ({ value: customer }));
    const current: Plan[] = [];
    for await (const { results } of runner.dryRun([connection.connection], rows, flags)) {
      for (const result of results) if (result.kind === 'plan') current.push(result.plan);
    }
    const { approved, refused } = compare(
      plan.plans.filter((one) => one.to === to),
      current,
    );
    for (const line of refused) say(console, printable(`refused: ${to}: ${line}`));
    const approvedIds = new Set(approved);
    const wanted = rows.filter(({ value }) => approvedIds.has(idOf(value)));
    const counts = new Map<string, number>();
    for await (const { results } of runner.apply([connection.connection], wanted, { ...flags, signal })) {
      for (const result of results) {
        if (result.kind === 'plan') continue;
        const { status, error, customer_id: id } = result.outcome;
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (error === undefined) continue;
        code = exitCode.someFailed;
        codes.add(error.code);
        say(console, printable(`${to}: ${id}: ${withCode(error.message, error.code)}\n  -> ${error.remedy}`));
      }
    }
    if (refused.length > 0) code = exitCode.someFailed;
    const text = [...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing to do';
    await writeText(console.stdout, `${to}: ${text}\n`);
  }
  if (codes.size > 0) say(console, codeHint(codes));
  return code;
}
