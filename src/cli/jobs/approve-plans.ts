import type { JobPlan } from '../../../schemas/outcome.js';
import type { PlanFile } from '../../../schemas/plan-file.js';
import type { GuardName } from '../../jobs/job.js';
import type { Ledger } from '../../ledger/ledger.js';
import { isSamePlan } from '../../plan-file/plan-file.js';
import type { JobContext } from './open-job.js';
import type { PlanTeller } from './plan-teller.js';

/** A kept plan that is being applied. */
export interface Applying {
  readonly context: JobContext;
  readonly ledger: Ledger;
  /** For messages. */
  readonly file: string;
  readonly plan: PlanFile;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Guards that may be passed this once. */
  readonly allow: ReadonlySet<GuardName>;
  readonly teller: PlanTeller;
}

/** Customers at one connection whose plan is still what it was, and whether there are others. */
export interface Approved {
  readonly ids: ReadonlySet<string>;
  readonly isRefused: boolean;
}

/** Compares what was planned to be sent to a connection with a plan made now, and tells of each that is another one. */
export function approvePlans({ teller, plan: { plans } }: Applying, to: string, current: readonly JobPlan[]): Approved {
  const planned = plans.filter((plan) => plan.to === to && plan.action !== 'archive');
  const now = new Map(current.map((plan) => [plan.customer_id, plan]));
  const ids = new Set<string>();
  for (const plan of planned) {
    const found = now.get(plan.customer_id);
    if (found !== undefined && isSamePlan(plan, found)) ids.add(plan.customer_id);
    else teller.refuse(plan, refusalText(found));
  }
  return { ids, isRefused: ids.size < planned.length };
}

function refusalText(found: JobPlan | undefined): string {
  const isDone = found === undefined || found.action === 'unchanged';
  return `changed since the plan was made, ${isDone ? 'and needs nothing now' : 'in the source or at the provider'}`;
}
