import type { JobPlan, Outcome } from '../../../schemas/outcome.js';
import type { PlanFile } from '../../../schemas/plan-file.js';
import type { RunReport } from '../../../schemas/run-report.js';
import { type Console, say } from '../console.js';
import { writeText } from '../output.js';
import { numberText } from '../report/summary.js';
import { printable, safeJson } from '../report/values.js';
import { summaryText } from './summary.js';

/** Tells what comes of a kept plan: people as it comes, machines at the end. */
export interface PlanTeller {
  /** That one customer is left as it is. */
  refuse(plan: JobPlan, reason: string): void;
  /** That a connection is left as it is, plan or no plan. */
  leave(to: string, reason: string): void;
  /** What came of one customer. */
  note(outcome: Outcome): void;
  /** Of a run that was made for the plan. */
  report(report: RunReport): Promise<void>;
  /** For people. */
  print(text: string): Promise<void>;
  /** What an interrupt left at a connection, if anything. */
  interrupt(to: string): void;
  end(isInterrupted: boolean): Promise<void>;
}

/** So many of each kind were planned for a connection, and not done. */
interface Unsent {
  readonly to: string;
  readonly reason: string;
  readonly actions: Readonly<Record<string, number>>;
}

interface TellerOptions {
  readonly console: Console;
  readonly file: string;
  readonly plan: PlanFile;
  readonly json: boolean;
}

export function createPlanTeller({ console, file, plan: { kind, plans }, json }: TellerOptions): PlanTeller {
  const reports: RunReport[] = [];
  const outcomes: Outcome[] = [];
  const refused: { readonly to: string; readonly customer_id: string; readonly reason: string }[] = [];
  const unsent: Unsent[] = [];
  const met = new Set<string>();
  const keyOf = ({ to, customer_id: id }: Pick<JobPlan, 'to'> & { readonly customer_id?: string | undefined }) =>
    `${to} ${id}`;
  const leftAt = (to: string) =>
    plans.filter((plan) => plan.to === to && plan.action !== 'unchanged' && !met.has(keyOf(plan)));
  const note = (to: string, reason: string) =>
    unsent.push({ to, reason, actions: countActions(leftAt(to)) } satisfies Unsent);
  return {
    refuse(plan, reason) {
      const { to, customer_id: id } = plan;
      met.add(keyOf(plan));
      refused.push({ to, customer_id: id, reason });
      say(console, printable(`refused: ${to}: ${id} ${reason}`));
    },
    leave(to, reason) {
      note(to, reason);
      say(console, printable(`${to}: nothing was sent: ${reason}`));
    },
    note(outcome) {
      if (outcome.status !== 'not_attempted') met.add(keyOf(outcome));
      if (kind === 'reverse') outcomes.push(outcome);
    },
    async report(report) {
      reports.push(report);
      if (!json) await writeText(console.stdout, summaryText(report));
    },
    async print(text) {
      if (!json) await writeText(console.stdout, text);
    },
    interrupt(to) {
      const left = leftAt(to);
      if (left.length === 0 || unsent.some((one) => one.to === to)) return;
      note(to, 'interrupted');
      const actions = Object.entries(countActions(left)).map(([action, count]) => `${numberText(count)} ${action}`);
      say(console, `${to}: interrupted; left of the plan: ${actions.join(', ')}. Apply it again to go on.`);
    },
    async end(isInterrupted) {
      if (!json) return;
      const head = { plan: file, ...(isInterrupted && { interrupted: true }) };
      const done = kind === 'job' ? { reports } : { outcomes };
      await writeText(console.stdout, `${safeJson({ ...head, ...done, refused, unsent })}\n`);
    },
  };
}

function countActions(plans: readonly JobPlan[]): Record<string, number> {
  const byAction = Object.groupBy(plans, ({ action }) => action);
  return Object.fromEntries(Object.entries(byAction).map(([action, list]) => [action, list.length]));
}
