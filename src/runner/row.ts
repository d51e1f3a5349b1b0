import type { Warning } from '../../schemas/outcome.js';
import type { FieldProblem } from '../core/zod-issues.js';

/** One row of a source, on its way to becoming a customer. */
export interface SourceRow {
  /** What should be a customer. Absent when the row could not even be read. */
  readonly value?: unknown;
  /** Where it stands, for messages: `customers.csv line 17`. */
  readonly at?: string;
  /** Why the row could not be read. */
  readonly problems?: readonly FieldProblem[];
  /** What the edge normaliser changed or could not read. */
  readonly notes?: readonly Warning[];
  /** The row as the source had it, for a file of rejects. */
  readonly original?: unknown;
}
