import { existsSync } from 'node:fs';
import type { PlanFileTarget } from '../../../schemas/plan-file.js';
import { planJob } from '../../jobs/plan-job.js';
import { keyVariable } from '../../ledger/ledger-key.js';
import { planError, readPlanFile, writePlanFile } from '../../plan-file/plan-file.js';
import { reversePlans } from '../../plan-file/reverse-plan.js';
import { checkPlace } from '../check-place.js';
import { type Console, say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { listenForInterrupt } from '../interrupt.js';
import { programName } from '../program-name.js';
import { planExitCode } from '../report/summary.js';
import { printable } from '../report/values.js';
import { openReportOutput } from '../report-output.js';
import type { ReportFlags } from '../run.js';
import { bindingOf, bindingsOf, checkBinding } from './bind-plan.js';
import { type JobContext, ledgerPath, openJob, openNamed, readLedger } from './open-job.js';
import { createPlanReport } from './plan-report.js';

export interface PlanFlags extends ReportFlags {
  readonly concurrency: number;
  readonly exitCode?: true;
  readonly full?: true;
  readonly out?: string;
}

/** `dry-run --job`: what a run of the job would do now. */
export async function planOne(context: JobContext, name: string, flags: PlanFlags): Promise<number> {
  const { console } = context;
  const planFile = planFileOf(flags);
  if (planFile !== undefined) checkSigningKey(context);
  const output = openReportOutput(console, flags);
  const opened = await openJob(context, name);
  const { job, targets } = opened;
  const ledger = readLedger(context);
  const interrupt = listenForInterrupt(console);
  const { signal } = interrupt;
  try {
    const source = `job ${name} (${job.source.name})`;
    const keepsPlans = planFile !== undefined;
    const report = createPlanReport({ console, output, flags, keepsPlans, source, targets, signal });
    const { full, concurrency } = flags;
    const ended = await planJob(job, { ledger, full, concurrency, signal, onEvent: report.event }).finally(report.stop);
    const summary = await report.end({ rows: ended.source.rows, targets: ended.targets });
    output.close();
    if (ended.reason !== undefined) say(console, printable(`${name}: ${ended.ended}: ${ended.reason}`));
    if (planFile !== undefined && (interrupt.code !== undefined || ended.ended === 'stopped')) {
      sayNotKept(console, planFile);
    } else if (planFile !== undefined) {
      const plans = report.plans.filter(({ action }) => action !== 'unchanged');
      const content = { kind: 'job' as const, job: name, targets: bindingsOf(opened, ledger), plans };
      writePlanFile(planFile, content, ledger.fingerprints, Date.now());
      sayKept(console, planFile);
    }
    if (interrupt.code !== undefined) return interrupt.code;
    return ended.ended === 'stopped' ? exitCode.someFailed : planExitCode(summary, flags);
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}

/** `dry-run --reverse`: what would take an applied plan back. */
export async function planReverse(context: JobContext, file: string, flags: PlanFlags): Promise<number> {
  const { console } = context;
  const planFile = planFileOf(flags);
  const output = openReportOutput(console, flags);
  const ledger = readLedger(context);
  const interrupt = listenForInterrupt(console);
  const { signal } = interrupt;
  try {
    const applied = readPlanFile(file, { fingerprints: ledger.fingerprints, now: Date.now(), mayBeOld: true });
    const opened = await openNamed(
      context,
      applied.targets.map(({ to }) => to),
    );
    const bindings = opened.map((one) => bindingOf(one, undefined, ledger));
    // The rules may have changed since; the account may not.
    checkBinding(file, { ...applied, targets: withRulesOf(applied.targets, bindings) }, bindings);
    const { rows, cannotBeUndone } = reversePlans(applied.plans);
    const targets = opened.map(({ connection }) => connection);
    const source = `${file}, reversed`;
    const keepsPlans = planFile !== undefined;
    const report = createPlanReport({ console, output, flags, keepsPlans, source, targets, signal });
    for (const { connection } of targets) {
      const own = rows.filter(({ to }) => to === connection.name).map(({ customer }) => ({ value: customer }));
      const options = { concurrency: flags.concurrency, signal };
      for await (const { row, results } of context.accounts.runner.dryRun([connection], own, options))
        for (const result of results) report.add(connection.name, result, row);
    }
    const summary = await report.end({ rows: rows.length });
    output.close();
    for (const line of cannotBeUndone) say(console, `cannot be undone: ${printable(line)}`);
    if (interrupt.code !== undefined) {
      if (planFile !== undefined) sayNotKept(console, planFile);
      return interrupt.code;
    }
    if (planFile !== undefined) {
      const content = {
        kind: 'reverse' as const,
        job: applied.job,
        targets: bindings,
        plans: report.plans,
        rows,
        cannot_be_undone: cannotBeUndone,
      };
      writePlanFile(planFile, content, ledger.fingerprints, Date.now());
      sayKept(console, planFile);
    }
    return planExitCode(summary, flags);
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}

/**
 * A page is to be looked at, and is no plan that can be applied.
 * @throws CustomerSyncError `config` for a place where no plan can be kept, before anything is planned.
 */
function planFileOf({ format, out }: PlanFlags): string | undefined {
  if (format === 'html' || out === undefined) return undefined;
  checkPlace(out, 'the plan');
  return out;
}

function sayKept(console: Console, file: string): void {
  say(console, `The plan is in ${file} and holds for 24 hours: ${programName(console)} apply ${file}`);
}

/** Half a plan would be taken for a whole one. */
function sayNotKept(console: Console, file: string): void {
  say(console, printable(`No plan was written to ${file}, since the planning did not come to its end.`));
}

/** A key made up now would be another one when the plan is applied. */
function checkSigningKey({ console, configuration }: JobContext): void {
  if (console.env[keyVariable] || existsSync(`${ledgerPath(configuration)}.key`)) return;
  throw planError(
    'there is no key yet to sign the plan with',
    `Run the job once, which makes the ledger and its key, or set ${keyVariable} here and where the plan is applied.`,
  );
}

function withRulesOf(planned: readonly PlanFileTarget[], now: readonly PlanFileTarget[]): PlanFileTarget[] {
  return planned.map(({ archive_effect: _, ...target }) => ({
    ...target,
    mapping: now.find(({ to }) => to === target.to)?.mapping ?? target.mapping,
  }));
}
