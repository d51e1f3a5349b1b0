import { readPlanFile } from '../../plan-file/plan-file.js';
import { planExitCode } from '../report/summary.js';
import { openReportOutput } from '../report-output.js';
import { type JobContext, openNamed, readLedger } from './open-job.js';
import type { PlanFlags } from './plan-one.js';
import { createPlanReport } from './plan-report.js';

/** `dry-run plan.json`: a kept plan once more, as `apply plan.json` would send it. Nobody is asked anything. */
export async function showPlan(context: JobContext, file: string, flags: PlanFlags): Promise<number> {
  const { console } = context;
  const output = openReportOutput(console, flags);
  const ledger = readLedger(context);
  try {
    const plan = readPlanFile(file, { fingerprints: ledger.fingerprints, now: Date.now(), mayBeOld: true });
    const names = plan.targets.map(({ to }) => to);
    const targets = (await openNamed(context, names)).map(({ connection }) => connection);
    const source = `${file}, the plan of job ${plan.job} made at ${plan.created_at}`;
    const report = createPlanReport({ console, output, flags, keepsPlans: false, source, targets });
    for (const one of plan.plans) report.add(one.to, { kind: 'plan', plan: one });
    const summary = await report.end({ rows: new Set(plan.plans.map(({ customer_id: id }) => id)).size });
    output.close();
    return planExitCode(summary, flags);
  } finally {
    await ledger.close();
  }
}
