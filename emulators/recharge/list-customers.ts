import { customerHash, type StoredCustomer } from './customer.js';
import { encodeCursor, type ListFilters, type ListQuery, type Position } from './list-query.js';
import { type CustomerStore, compareCustomers, type Sort, sortValue } from './store.js';

export interface CustomerPage {
  readonly customers: readonly StoredCustomer[];
  readonly nextCursor: string | null;
  readonly previousCursor: string | null;
}

export interface ListRules {
  readonly emailFilter: 'case-insensitive' | 'case-sensitive';
}

export function listCustomers(store: CustomerStore, query: ListQuery, rules: ListRules): CustomerPage {
  const { filters, sort, limit, offset, position } = query;
  const rows = matchingCustomers(store, filters, sort, rules);
  const start = position === undefined ? offset : startOf(rows, sort, position, limit);
  const end = position?.direction === 'previous' ? endOf(rows, sort, position) : start + limit;
  const customers = rows.slice(start, end);

  const cursorAt = (customer: StoredCustomer | undefined, direction: Position['direction']) =>
    customer === undefined
      ? null
      : encodeCursor(filters, sort, { direction, value: sortValue(sort, customer), id: customer.id });
  return {
    customers,
    nextCursor: end < rows.length ? cursorAt(customers.at(-1), 'next') : null,
    previousCursor: start > 0 ? cursorAt(customers[0], 'previous') : null,
  };
}

function startOf(rows: readonly StoredCustomer[], sort: Sort, position: Position, limit: number): number {
  if (position.direction === 'previous') return Math.max(0, endOf(rows, sort, position) - limit);
  return firstIndex(rows, (customer) => compareToPosition(sort, customer, position) > 0);
}

function endOf(rows: readonly StoredCustomer[], sort: Sort, position: Position): number {
  return firstIndex(rows, (customer) => compareToPosition(sort, customer, position) >= 0);
}

/** Binary search: the rows for which `isReached` holds stand together at the end. */
function firstIndex(rows: readonly StoredCustomer[], isReached: (customer: StoredCustomer) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const customer = rows[middle];
    if (customer !== undefined && isReached(customer)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Negative when the customer stands before the position in this order, positive when after it. */
function compareToPosition(sort: Sort, customer: StoredCustomer, { value, id }: Position): number {
  const difference = sortValue(sort, customer) - value || customer.id - id;
  return sort.endsWith('-desc') ? -difference : difference;
}

function matchingCustomers(store: CustomerStore, filters: ListFilters, sort: Sort, rules: ListRules) {
  const candidates = candidatesFor(store, filters);
  if (candidates === undefined) {
    const rows = store.sorted(sort);
    return Object.values(filters).every((filter) => filter === undefined)
      ? rows
      : rows.filter((customer) => matches(customer, filters, rules));
  }
  const matching = new Set(candidates.filter((customer) => matches(customer, filters, rules)));
  return [...matching].sort((left, right) => compareCustomers(sort, left, right));
}

/** Whom an indexed filter leaves over; undefined when no filter is indexed. */
function candidatesFor(store: CustomerStore, { ids, email, externalId }: ListFilters): StoredCustomer[] | undefined {
  if (ids !== undefined) {
    return ids.map((id) => store.get(id)).filter((customer) => customer !== undefined);
  }
  if (email !== undefined) return store.withEmail(email);
  return externalId === undefined ? undefined : store.withExternalId(externalId);
}

function matches(customer: StoredCustomer, filters: ListFilters, { emailFilter }: ListRules): boolean {
  const { email, externalId, hash, createdAtMin, createdAtMax, updatedAtMin, updatedAtMax } = filters;
  if (email !== undefined && !sameEmail(customer.email, email, emailFilter)) return false;
  if (externalId !== undefined && customer.externalId !== externalId) return false;
  if (hash !== undefined && customerHash(customer.id) !== hash) return false;
  return (
    within(customer.createdAt, createdAtMin, createdAtMax) && within(customer.updatedAt, updatedAtMin, updatedAtMax)
  );
}

function sameEmail(left: string, right: string, rule: ListRules['emailFilter']): boolean {
  return rule === 'case-sensitive' ? left === right : left.toLowerCase() === right.toLowerCase();
}

function within(value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): boolean {
  return value >= min && value <= max;
}
