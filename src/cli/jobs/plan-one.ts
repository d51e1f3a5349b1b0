import { existsSync } from 'node:fs';
import { builtInProviders } from '../../../integrations/registry.js';
import type { Plan } from '../../../schemas/outcome.js';
import { planJob } from '../../jobs/plan-job.js';
import { keyVariable } from '../../ledger/ledger-key.js';
import { planError, readPlanFile, writePlanFile } from '../../plan-file/plan-file.js';
import { reversePlans } from '../../plan-file/reverse-plan.js';
import { createRunner } from '../../runner/runner.js';
import { say } from '../console.js';
import { exitCode, exitCodeOf } from '../exit-code.js';
import type { Format } from '../options.js';
import { writeText } from '../output.js';
import { hasChanges } from '../report/summary.js';
import { printable } from '../report/values.js';
import { createReport, printResults } from '../run.js';
import { bindingOf, checkBinding } from './bind-plan.js';
import { type JobContext, ledgerPath, openJob, openNamed, readLedger } from './open-job.js';
import { createPlanReport } from './plan-report.js';

export interface PlanFlags {
  readonly format: Format;
  readonly json?: true;
  readonly verbose?: true;
  readonly concurrency: number;
  readonly exitCode?: true;
  readonly full?: true;
  readonly out?: string;
}

/** `dry-run --job`: what a run of the job would do now. */
export async function planOne(context: JobContext, name: string, flags: PlanFlags): Promise<number> {
  const { console } = context;
  if (flags.out !== undefined) checkSigningKey(context);
  const { job, targets } = await openJob(context, name);
  const ledger = readLedger(context);
  try {
    const report = createPlanReport({ console, format: flags, source: `job ${name} (${job.source.name})`, targets });
    const { full, concurrency } = flags;
    const ended = await planJob(job, { ledger, full, concurrency, onEvent: report.event });
    const summary = await report.end(ended);
    if (ended.reason !== undefined) say(console, printable(`${name}: ${ended.ended}: ${ended.reason}`));
    if (flags.out !== undefined) {
      const bindings = job.targets.flatMap((target, index) => {
        const connection = targets[index];
        return connection === undefined ? [] : [bindingOf({ connection, target }, job, ledger)];
      });
      const plans = report.plans.filter(({ action }) => action !== 'unchanged');
      writePlanFile(flags.out, { kind: 'job', job: name, targets: bindings, plans }, ledger.fingerprints, Date.now());
      say(console, `The plan is in ${flags.out} and holds for 24 hours: customer-sync apply ${flags.out}`);
    }
    if (ended.ended === 'stopped') return exitCode.someFailed;
    const code = exitCodeOf(summary);
    return code === exitCode.done && flags.exitCode && hasChanges(summary) ? exitCode.changes : code;
  } finally {
    await ledger.close();
  }
}

/** `dry-run --reverse`: what would take an applied plan back. */
export async function planReverse(context: JobContext, file: string, flags: PlanFlags): Promise<number> {
  const { console } = context;
  const ledger = readLedger(context);
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
    const runner = createRunner({ providers: builtInProviders });
    const plans: Plan[] = [];
    let code: number = exitCode.done;
    for (const { connection } of opened) {
      const own = rows.filter(({ to }) => to === connection.connection.name);
      const summary = await printResults({
        console,
        results: runner.dryRun(
          [connection.connection],
          own.map(({ customer }) => ({ value: customer })),
          {
            concurrency: flags.concurrency,
          },
        ),
        targets: [connection],
        printing: {
          report: createReport(console, flags),
          head: { mode: 'dry_run', source: `${file}, reversed`, offline: false },
          print: (text) => writeText(console.stdout, text),
        },
        label: 'planning',
        onRow: ({ results }) => {
          for (const result of results) if (result.kind === 'plan') plans.push(result.plan);
        },
      });
      code = Math.max(code, exitCodeOf(summary));
    }
    for (const line of cannotBeUndone) say(console, `cannot be undone: ${printable(line)}`);
    if (flags.out !== undefined) {
      const content = {
        kind: 'reverse' as const,
        job: applied.job,
        targets: bindings,
        plans,
        rows,
        cannot_be_undone: cannotBeUndone,
      };
      writePlanFile(flags.out, content, ledger.fingerprints, Date.now());
      say(console, `The plan is in ${flags.out} and holds for 24 hours: customer-sync apply ${flags.out}`);
    }
    return code;
  } finally {
    await ledger.close();
  }
}

/** A key made up now would be another one when the plan is applied. */
function checkSigningKey({ console, configuration }: JobContext): void {
  if (console.env[keyVariable] || existsSync(`${ledgerPath(configuration)}.key`)) return;
  throw planError(
    'there is no key yet to sign the plan with',
    `Run the job once, which makes the ledger and its key, or set ${keyVariable} here and where the plan is applied.`,
  );
}

function withRulesOf<Target extends { readonly to: string; readonly mapping: string }>(
  planned: readonly Target[],
  now: readonly Target[],
): Target[] {
  return planned.map((target) => ({
    ...target,
    mapping: now.find(({ to }) => to === target.to)?.mapping ?? target.mapping,
  }));
}
