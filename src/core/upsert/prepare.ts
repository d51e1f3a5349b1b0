import type { Customer } from '../../../schemas/customer.js';
import type { Outcome, Plan } from '../../../schemas/outcome.js';
import { providerFieldProblems } from '../customer/customer-problems.js';
import { invalidCustomer } from '../customer/invalid-customer.js';
import { type CustomerSyncError, isCustomerSyncError } from '../errors.js';
import type { FieldIssue, MappingReport } from '../mapping/report.js';
import { locate, matchValue } from './locate.js';
import { outcomeFor, outcomeOfError } from './outcome.js';
import { planUpsert, type Scope, type Stored } from './plan-upsert.js';
import type { Target } from './target.js';

/**
 * When the provider is asked what it holds. `always`: old and new values are known, as a dry run needs. `when_required`:
 * only where identity or a value that is replaced whole needs it. `never`: payloads only, no network.
 */
export type ReadPolicy = 'always' | 'when_required' | 'never';

export interface UpsertInput {
  readonly customer: Customer;
  readonly read: ReadPolicy;
  /** The provider's id of this customer, as remembered. */
  readonly providerId?: string | undefined;
  /** Metadata keys that we wrote before. */
  readonly ownedKeys?: readonly string[] | undefined;
  /** What an update may send, where more is known than what the provider shows; absent = everything. */
  readonly scope?: Scope | undefined;
  /** Whether all of the scope is known to have changed, what the provider does not show included. */
  readonly sendUnseen?: boolean | undefined;
  /** The key of an earlier attempt to create this customer. Default: the one that follows from our id. */
  readonly idempotencyKey?: string | undefined;
  /** Default: both. */
  readonly mode?: 'update_only' | 'create_only' | undefined;
}

/** What can be done for one customer: nothing more, or what the plan says. */
export type Prepared =
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'planned'; readonly plan: Plan; readonly stored: Stored };

/** Everything up to the first write: checks, mapping, reading, planning. Sends nothing but reads. */
export async function prepareUpsert(target: Target, input: UpsertInput): Promise<Prepared> {
  const { customer } = input;
  if (customer.deleted) {
    const reason = 'deleted in the source; only a mirroring job archives customers';
    return { kind: 'settled', outcome: { ...outcomeFor(target, customer.id, 'skipped'), reason } };
  }
  try {
    checkProviderFields(target, customer);
    const stored = await lookUp(target, input);
    const planned = planUpsert({
      to: target.name,
      customer,
      mapping: target.mapping,
      stored,
      ownedKeys: input.ownedKeys,
      ...limitsAt(stored, input),
    });
    if (planned.kind === 'invalid') throw invalid(target, planned.issues);
    const reason = leftOut(planned.plan, input);
    if (reason !== undefined)
      return {
        kind: 'settled',
        outcome: { ...outcomeFor(target, customer.id, 'skipped'), ...aboutRecord(stored), reason },
      };
    const plan = input.read === 'never' ? { ...planned.plan, compared: false } : planned.plan;
    return { kind: 'planned', plan, stored };
  } catch (error) {
    if (!isCustomerSyncError(error)) throw error;
    return { kind: 'settled', outcome: outcomeOfError(target, customer.id, error, [customer]) };
  }
}

/** A record that has taken the place of the remembered one holds nothing that is remembered, so all of it is sent. */
export const ofAnotherRecord = { scope: undefined, sendUnseen: true };

function limitsAt(stored: Stored, { providerId, scope, sendUnseen }: UpsertInput) {
  const isAnother = providerId !== undefined && stored.kind === 'record' && stored.providerId !== providerId;
  return isAnother ? ofAnotherRecord : { scope, sendUnseen };
}

/** Why a customer is left as it is, in a job that does only one of the two. */
function leftOut({ action }: Plan, { mode }: UpsertInput): string | undefined {
  if (mode === 'update_only' && action === 'create') return 'is not at the provider, and nobody is created';
  if (mode === 'create_only' && action !== 'create') return 'is at the provider already, and nobody is updated';
  return undefined;
}

function aboutRecord(stored: Stored): { provider_id?: string } {
  return 'providerId' in stored && stored.providerId !== undefined ? { provider_id: stored.providerId } : {};
}

async function lookUp(
  target: Target,
  { customer, read, providerId: remembered, ownedKeys, scope }: UpsertInput,
): Promise<Stored> {
  const { definition } = target.provider;
  const report: MappingReport = {};
  const match = matchValue(target, customer, report);
  const providerId = knownProviderId(target, { customer, providerId: remembered });
  // Who is addressed by an id that is known needs no value to be found by.
  const isAddressed = definition.identity.address === 'provider_id' && providerId !== undefined;
  if (report.issues !== undefined && !isAddressed) throw invalid(target, report.issues);
  if (read === 'never') return isAddressed ? { kind: 'unread', providerId } : { kind: 'absent' };

  if (read === 'when_required' && remembered !== undefined && !needsRecord(target, { customer, ownedKeys, scope })) {
    return { kind: 'unread', providerId: remembered };
  }
  return locate(target, { customer, match, providerId });
}

/** The provider's id of this customer, as somebody remembers it or the source says. */
export function knownProviderId(
  { provider }: Pick<Target, 'provider'>,
  { customer, providerId }: Pick<UpsertInput, 'customer' | 'providerId'>,
): string | undefined {
  return providerId ?? customer.external_ids?.[provider.definition.id] ?? undefined;
}

/** Whether this customer changes a value that the provider replaces whole. */
export function needsRecord(
  { mapping }: Pick<Target, 'mapping'>,
  { customer, ownedKeys, scope }: Pick<UpsertInput, 'customer' | 'ownedKeys' | 'scope'>,
): boolean {
  return mapping.rules.some(({ target, keyed, rule, evaluate }) => {
    const isWhole = keyed?.needsRecord === true || rule.items !== undefined || rule.provider_members !== undefined;
    if (!isWhole || scope?.has(target) === false) return false;
    const value = evaluate(customer, 'update', {});
    return value !== undefined && !(value === null && ownedKeys === undefined);
  });
}

const correctSource = 'Correct the source, or change the rule in an overlay of this connection.';

function checkProviderFields({ provider }: Target, customer: Customer): void {
  const problems = providerFieldProblems(provider, customer);
  if (problems.length > 0) throw invalidCustomer(problems, correctSource, provider.definition.id);
}

function invalid({ provider }: Target, issues: readonly FieldIssue[]): CustomerSyncError {
  return invalidCustomer(issues, correctSource, provider.definition.id);
}
