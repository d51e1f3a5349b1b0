import type { Warning } from '../../../schemas/outcome.js';

/** What a rule reports while it maps one customer. Lists are made only when there is something to say. */
export interface MappingReport {
  issues?: FieldIssue[];
  warnings?: Warning[];
}

/** Why a customer cannot be sent to this provider. */
export interface FieldIssue {
  readonly field: string;
  readonly message: string;
}

export type WriteMode = 'create' | 'update';

/**
 * The wanted value of one rule: `undefined` = say nothing, `null` = clear. A create has nothing to clear; there it is a
 * default, sent as it is.
 */
export type Evaluate = (customer: unknown, mode: WriteMode, report: MappingReport) => unknown;

export function addIssue(report: MappingReport, field: string, message: string): void {
  report.issues ??= [];
  report.issues.push({ field, message });
}

export function addWarning(report: MappingReport, warning: Warning): void {
  report.warnings ??= [];
  report.warnings.push(warning);
}
