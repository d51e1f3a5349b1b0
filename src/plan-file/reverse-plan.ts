import type { FieldChange, JobPlan } from '../../schemas/outcome.js';
import { isCanonicalPath } from '../core/customer/canonical-paths.js';
import { compileSetter, parsePath, tryParsePath } from '../core/mapping/path.js';

export interface Reversal {
  /** A customer with the values that the fields had before. */
  readonly rows: { readonly to: string; readonly customer: Record<string, unknown> }[];
  /** What stays as it is, and why. */
  readonly cannotBeUndone: string[];
}

/** What takes applied plans back, as far as it can be. */
export function reversePlans(plans: readonly JobPlan[]): Reversal {
  const reversal: Reversal = { rows: [], cannotBeUndone: [] };
  for (const { to, customer_id: id, action, compared, changes } of plans) {
    if (action === 'unchanged') continue;
    if (action === 'create') {
      reversal.cannotBeUndone.push(`${to}: ${id} was created and is not deleted`);
      continue;
    }
    if (action === 'archive') {
      reversal.cannotBeUndone.push(`${to}: ${id} was archived and is not restored`);
      continue;
    }
    if (!compared) {
      reversal.cannotBeUndone.push(`${to}: ${id} was not read when the plan was made`);
      continue;
    }
    const customer: Record<string, unknown> = { id };
    for (const change of changes) {
      const reason = whyNot(change);
      if (reason !== undefined) reversal.cannotBeUndone.push(`${to}: ${id}: ${change.field} ${reason}`);
      else compileSetter(parsePath(change.field))(customer, change.from ?? null);
    }
    if (Object.keys(customer).length > 1) reversal.rows.push({ to, customer });
  }
  return reversal;
}

function whyNot({ change, field, target }: FieldChange): string | undefined {
  if (change === 'cannot_tell') return 'had a value that cannot be read';
  return isCanonicalPath(tryParsePath(field) ?? []) ? undefined : `(${target}) belongs to no field of the customer`;
}
