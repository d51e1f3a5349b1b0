import type { PlanFile } from '../../../schemas/plan-file.js';
import { readPlanFile } from '../../plan-file/plan-file.js';
import { confirm } from '../console.js';
import { exitCode } from '../exit-code.js';
import { listenForInterrupt } from '../interrupt.js';
import { applyJobPlan } from './apply-job-plan.js';
import { applyReversePlan } from './apply-reverse-plan.js';
import { type JobContext, writeLedger } from './open-job.js';

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
    const apply = plan.kind === 'job' ? applyJobPlan : applyReversePlan;
    const { concurrency } = flags;
    const code = await apply({ context, ledger, file, plan, concurrency, signal: interrupt.signal });
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
