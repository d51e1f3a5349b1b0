import type { JobPlan } from '../../../schemas/outcome.js';
import type { PlanFile } from '../../../schemas/plan-file.js';
import type { GuardName } from '../../jobs/job.js';
import type { Ledger } from '../../ledger/ledger.js';
import { isSamePlan } from '../../plan-file/plan-file.js';
import { type Console, say } from '../console.js';
import { printable } from '../report/values.js';
import type { JobContext } from './open-job.js';

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
}

/** Customers at one connection whose plan is still what it was, and whether there are others. */
export interface Approved {
  readonly ids: ReadonlySet<string>;
  readonly isRefused: boolean;
}

/** Compares what was planned to be sent to a connection with a plan made now, and tells of each that is another one. */
export function approvePlans(
  { context, plan: { plans } }: Applying,
  to: string,
  current: readonly JobPlan[],
): Approved {
  const planned = plans.filter((plan) => plan.to === to && plan.action !== 'archive');
  const now = new Map(current.map((plan) => [plan.customer_id, plan]));
  const ids = new Set<string>();
  for (const plan of planned) {
    const found = now.get(plan.customer_id);
    if (found !== undefined && isSamePlan(plan, found)) ids.add(plan.customer_id);
    else sayRefused(context.console, plan, refusalText(found));
  }
  return { ids, isRefused: ids.size < planned.length };
}

export function sayRefused(console: Console, { to, customer_id: id }: JobPlan, reason: string): void {
  say(console, printable(`refused: ${to}: ${id} ${reason}`));
}

/** Tells that a connection is left as it is, plan or no plan. */
export function sayUnsent(console: Console, to: string, why: string): void {
  say(console, printable(`${to}: nothing was sent: ${why}`));
}

function refusalText(found: JobPlan | undefined): string {
  const isDone = found === undefined || found.action === 'unchanged';
  return `changed since the plan was made, ${isDone ? 'and needs nothing now' : 'in the source or at the provider'}`;
}
