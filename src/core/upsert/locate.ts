import type { Customer } from '../../../schemas/customer.js';
import type { Found, StoredRecord } from '../connector.js';
import { CustomerSyncError } from '../errors.js';
import { isUnset } from '../mapping/compare.js';
import { compileGetter, parsePath } from '../mapping/path.js';
import type { MappingReport } from '../mapping/report.js';
import type { Stored } from './plan-upsert.js';
import type { Target } from './target.js';

/** The value that a record must carry to be this customer: our id, or at some providers the e-mail address. */
export function matchValue(
  { provider, mapping }: Target,
  customer: Customer,
  report: MappingReport,
): string | undefined {
  const value = mapping.rule(provider.definition.identity.match.target)?.evaluate(customer, 'create', report);
  return value === undefined || value === null ? undefined : String(value);
}

/** Match values that the provider takes for the same have the same key. */
export function matchKey(value: unknown, ignoreCase: boolean): string {
  return ignoreCase ? String(value).toLowerCase() : String(value);
}

/** The key of a customer's match value, for locks and claims: customers that share it are one record. */
export function identityKey(target: Target, customer: Customer): string | undefined {
  const match = matchValue(target, customer, {});
  return match === undefined ? undefined : matchKey(match, target.provider.definition.identity.match.ignore_case);
}

interface Question {
  readonly customer: Customer;
  readonly match: string | undefined;
  /** The provider's id of this customer, where somebody knows it. */
  readonly providerId: string | undefined;
}

/**
 * Looks the customer up: by the provider's id where that is the address and known, else by the match value.
 * @throws CustomerSyncError `conflict` when it cannot be told which record is meant; `protocol` when the provider
 * answers with a record that was not asked for.
 */
export async function locate(target: Target, { customer, match, providerId }: Question): Promise<Stored> {
  const { definition, connector } = target.provider;
  if (definition.identity.address === 'provider_id' && providerId !== undefined) {
    const found = await connector.find(target.client, { by: 'provider_id', value: providerId });
    // A record that is gone is forgotten, and the customer looked up afresh.
    if (found.kind === 'found') {
      refuseAnother(target, customer, found.record);
      return checked(target, found.record, { providerId });
    }
  }
  if (match === undefined) throw nothingToMatch(target);
  const found = await connector.find(target.client, { by: 'match', value: match });
  if (found.kind === 'absent') return found;
  if (found.kind === 'ambiguous') throw ambiguous(target, found);
  confirm(target, customer, found.record);
  return checked(target, found.record, { match });
}

/** A record as the engine may trust it: it has an id, and is the one asked for. */
export function checked(
  { provider }: Target,
  record: StoredRecord,
  expected: { readonly match?: string | undefined; readonly providerId?: string | undefined },
): Extract<Stored, { kind: 'record' }> {
  const { identity, name, id } = provider.definition;
  const ownId = compileGetter(parsePath(identity.provider_id))(record);
  if (typeof ownId !== 'string' && typeof ownId !== 'number') {
    throw new CustomerSyncError('protocol', {
      message: `${name} answered with a customer without ${identity.provider_id}`,
      remedy: 'Check the base URL, and whether something between here and the provider changes its answers.',
      provider: id,
    });
  }
  const { match, providerId } = expected;
  const isOther =
    (providerId !== undefined && providerId !== String(ownId)) ||
    (match !== undefined &&
      !sameMatch(compileGetter(parsePath(identity.match.record))(record), match, identity.match.ignore_case));
  if (isOther) {
    throw new CustomerSyncError('protocol', {
      message: `${name} answered with another customer than the one asked for`,
      remedy: 'Nothing was written. Check the id for characters that the provider reads differently, such as dots.',
      provider: id,
    });
  }
  return { kind: 'record', record, providerId: String(ownId) };
}

export function sameMatch(stored: unknown, wanted: string, ignoreCase: boolean): boolean {
  if (stored === undefined || stored === null) return false;
  return matchKey(stored, ignoreCase) === matchKey(wanted, ignoreCase);
}

/** A record found by an e-mail may be somebody else's who had the address before. */
function confirm({ provider, mapping }: Target, customer: Customer, record: StoredRecord): void {
  const { identity, name, id } = provider.definition;
  for (const field of identity.confirm ?? []) {
    const rule = mapping.rule(field);
    const wanted = rule?.evaluate(customer, 'update', {});
    const stored = rule?.read?.(record);
    if (isUnset(wanted) || isUnset(stored) || String(wanted) === String(stored)) continue;
    throw new CustomerSyncError('conflict', {
      message: `${name} has a record with this ${identity.match.record}, but its ${field} is that of another customer`,
      remedy: `If it is this customer all the same, set external_ids.${id} to the record's id; else correct the ${identity.match.record}.`,
      provider: id,
    });
  }
}

/** Where records hold our id, one that holds another of our ids is another customer's, whoever says that it is this one's. */
function refuseAnother({ provider, mapping }: Target, customer: Customer, record: StoredRecord): void {
  const { identity, name, id } = provider.definition;
  const rule = mapping.rule(identity.match.target);
  const stored = rule?.read?.(record);
  if (rule?.rule.from !== 'id' || isUnset(stored)) return;
  if (sameMatch(stored, String(rule.evaluate(customer, 'update', {})), identity.match.ignore_case)) return;
  throw new CustomerSyncError('conflict', {
    message: `${name} has a record with the id given for this customer, but its ${identity.match.record} is that of another`,
    remedy: `Correct external_ids.${id}, or link the customer to another record; to hand the record over, first clear ${identity.match.record} at ${name}.`,
    provider: id,
  });
}

export function ambiguous(
  { provider }: Target,
  { providerIds }: Extract<Found, { kind: 'ambiguous' }>,
): CustomerSyncError {
  const { identity, name, id } = provider.definition;
  return new CustomerSyncError('conflict', {
    message: `${name} has ${providerIds.length} records with this ${identity.match.record}: ${providerIds.join(', ')}`,
    remedy: `Merge them at ${name}, or set external_ids.${id} to the id of the right one.`,
    provider: id,
  });
}

function nothingToMatch({ provider }: Target): CustomerSyncError {
  const { identity, name, id } = provider.definition;
  return new CustomerSyncError('invalid_customer', {
    message: `${identity.match.record}: has no value, and ${name} finds customers by it`,
    remedy: `Give the customer this field, or set external_ids.${id} to the id of an existing record.`,
    provider: id,
    fields: [{ field: identity.match.record, message: 'has no value' }],
  });
}
