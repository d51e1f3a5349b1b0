import type { Customer } from '../../schemas/customer.js';
import type { Outcome, Plan } from '../../schemas/outcome.js';

/** What one customer came to: in a dry run a plan, else an outcome. */
export type Result =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

/**
 * Something far away that does the whole work for a customer, mapping and reading included, such as a deployed Nango
 * action. It collects customers that are given to it at about the same time.
 */
export interface Remote {
  /** So many customers are worth having in flight at once. */
  readonly inFlight: number;
  plan(customer: Customer, signal?: AbortSignal): Promise<Result>;
  upsert(customer: Customer, signal?: AbortSignal): Promise<Outcome>;
}
