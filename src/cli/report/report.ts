import type { Failure, FieldChange, JobPlan, Outcome, Warning } from '../../../schemas/outcome.js';
import type { OpenedConnection } from '../../connections/open-connections.js';
import type { RowResult } from '../../runner/runner.js';
import type { Summary } from './summary.js';

/** What became of one customer at one connection, or would: also that a job archives it. */
export type ShownResult =
  | { readonly kind: 'plan'; readonly plan: JobPlan }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

export type ShownRow = Omit<RowResult, 'results'> & { readonly results: readonly ShownResult[] };

/** A connection, as far as a report tells of it. */
export type ReportTarget = Pick<OpenedConnection, 'account' | 'notes'> & {
  readonly connection: Pick<OpenedConnection['connection'], 'name'>;
  readonly definition: Pick<OpenedConnection['definition'], 'effects' | 'archive'>;
};

/** What a run is, for the head of its report. */
export interface RunHead {
  readonly mode: 'dry_run' | 'apply';
  readonly source: string;
  readonly targets: readonly ReportTarget[];
  readonly offline: boolean;
}

/** One way to print a run. Each part answers text for stdout, so that a report can be streamed. */
export interface Report {
  head(run: RunHead): string;
  row(result: ShownRow): string;
  foot(summary: Summary): string;
}

/** Plan or outcome as the reports see them. */
export interface View {
  readonly customerId: string | undefined;
  readonly to: string;
  readonly changes: readonly FieldChange[];
  readonly warnings: readonly Warning[];
  readonly error: Failure | undefined;
  readonly reason: string | undefined;
}

export function viewOf(result: ShownResult): View {
  const { customer_id: customerId, to, changes, warnings } = result.kind === 'plan' ? result.plan : result.outcome;
  const { reason } = result.kind === 'plan' ? result.plan : result.outcome;
  const error = result.kind === 'plan' ? undefined : result.outcome.error;
  return { customerId, to, changes, warnings, error, reason };
}
