import type { PlanFile, PlanFileTarget } from '../../../schemas/plan-file.js';
import type { GuardName } from '../../jobs/job.js';
import { readPlanFile } from '../../plan-file/plan-file.js';
import { confirm, say } from '../console.js';
import { exitCode } from '../exit-code.js';
import { listenForInterrupt } from '../interrupt.js';
import { numberText } from '../report/summary.js';
import { printable } from '../report/values.js';
import { applyJobPlan } from './apply-job-plan.js';
import { applyReversePlan } from './apply-reverse-plan.js';
import { misplaced } from './check-flags.js';
import { type JobContext, writeLedger } from './open-job.js';
import { createPlanTeller } from './plan-teller.js';

interface ApplyPlanFlags {
  readonly yes?: true;
  readonly concurrency: number;
  readonly json?: true;
  readonly allow?: ReadonlySet<GuardName>;
}

/** `apply plan.json`: reads both ends again, refuses what changed at either, and sends exactly the rest. */
export async function applyPlan(context: JobContext, file: string, flags: ApplyPlanFlags): Promise<number> {
  const { console } = context;
  const ledger = writeLedger(context, `apply ${file}`, false);
  const interrupt = listenForInterrupt(console);
  try {
    const plan = readPlanFile(file, { fingerprints: ledger.fingerprints, now: Date.now(), mayBeOld: false });
    const { concurrency, allow = new Set<GuardName>(), json = false } = flags;
    if (plan.kind === 'reverse' && allow.size > 0) throw misplaced('--allow is for plans of jobs');
    const teller = createPlanTeller({ console, file, plan, json });
    if (plan.plans.every(({ action }) => action === 'unchanged')) {
      say(console, `${printable(file)} holds nothing to write.`);
      await teller.end(false);
      return exitCode.done;
    }
    if (!flags.yes) {
      const question = `About to write:\n${plan.targets.map((target) => targetLine(target, plan)).join('\n')}\nGo on?`;
      const answer = await confirm(console, question);
      if (answer !== 'yes') return answer === 'interrupted' ? exitCode.interrupted : exitCode.done;
    }
    const apply = plan.kind === 'job' ? applyJobPlan : applyReversePlan;
    const { signal } = interrupt;
    const code = await apply({ context, ledger, file, plan, concurrency, allow, signal, teller });
    await teller.end(signal.aborted);
    return interrupt.code ?? code;
  } finally {
    interrupt.stopListening();
    await ledger.close();
  }
}

function targetLine({ to, base_url: url, environment, archive_effect: effect }: PlanFileTarget, { plans }: PlanFile) {
  const countOf = (action: PlanFile['plans'][number]['action']) =>
    plans.filter((plan) => plan.to === to && plan.action === action).length;
  const archives = countOf('archive');
  const counts = [`${countOf('create')} create`, `${countOf('update')} update`];
  if (archives > 0) counts.push(`${archives} archive`);
  const line = `  ${to}  ${url} (${environment}): ${counts.join(', ')}`;
  return archives === 0 || effect === undefined ? line : `${line}\n    effect, ${numberText(archives)}x: ${effect}`;
}
