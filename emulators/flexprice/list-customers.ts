import { FlexpriceError, Panic } from './errors.js';
import type { CustomerFilter, FilterCondition } from './list-filter.js';
import type { FlexpriceRecord } from './record.js';
import type { Replica } from './replica.js';
import { type CustomerStore, compareNewestFirst, type StoredCustomer } from './store.js';

export interface CustomerPage {
  readonly items: readonly FlexpriceRecord[];
  readonly pagination: { readonly total: number; readonly limit: number; readonly offset: number };
}

export function listCustomers(store: CustomerStore, replica: Replica, filter: CustomerFilter): CustomerPage {
  const { limit, offset } = filter;
  // `start_time` and `end_time` are checked by the server but, for customers, put into no query.
  const rows = candidates(store, replica, filter)
    .filter(({ record }) => matches(record, filter))
    .map(({ record }) => record);
  const sorted = sortRows(filter.order === 'asc' ? rows.reverse() : rows, filter.sort ?? []);
  return {
    items: sorted.slice(offset, offset + limit),
    // Not the offset asked for, but the next one.
    pagination: { total: rows.length, limit, offset: offset + limit },
  };
}

/** The rows among which to look, newest first: by index where the filter names ids or an e-mail. */
function candidates(store: CustomerStore, replica: Replica, filter: CustomerFilter): readonly StoredCustomer[] {
  const externalIds = filter.external_id ? [filter.external_id] : (filter.external_ids ?? []);
  if (externalIds.length > 0) {
    return newestFirst(externalIds.flatMap((id) => store.withExternalId(id))).filter(
      ({ record }) => !replica.misses(record.id),
    );
  }
  if (filter.customer_ids && filter.customer_ids.length > 0) {
    return newestFirst(filter.customer_ids.map((id) => store.get(id)).filter((row) => row !== undefined));
  }
  return filter.email ? newestFirst(store.withEmail(filter.email)) : store.newestFirst();
}

function newestFirst(rows: readonly StoredCustomer[]): readonly StoredCustomer[] {
  return [...new Set(rows)].sort(compareNewestFirst);
}

function matches(record: FlexpriceRecord, filter: CustomerFilter): boolean {
  const { external_id, external_ids, customer_ids, email, metadata = {} } = filter;
  return (
    record.status === (filter.status || 'published') &&
    (!external_id || record.external_id === external_id) &&
    (!external_ids?.length || external_ids.includes(record.external_id)) &&
    (!customer_ids?.length || customer_ids.includes(record.id)) &&
    (!email || record.email === email) &&
    Object.entries(metadata ?? {}).every(([key, value]) => record.metadata?.[key] === value) &&
    (filter.filters ?? []).every((condition) => meets(record, condition))
  );
}

/** The operators that fit text and time; a condition whose value does not fit its operator is skipped, as by the server. */
function meets(record: FlexpriceRecord, condition: FilterCondition): boolean {
  const text = column(record, condition.field ?? '');
  if (!condition.operator) return true;
  if (!condition.value) throw new Panic('nil pointer dereference');
  const { string, array, date } = condition.value;

  switch (condition.operator) {
    case 'eq':
      return text === (string ?? date);
    case 'contains':
      return typeof string !== 'string' || text.toLowerCase().includes(string.toLowerCase());
    case 'not_contains':
      return typeof string !== 'string' || !text.toLowerCase().includes(string.toLowerCase());
    case 'in':
      return !array?.length || array.includes(text);
    case 'not_in':
      return !array?.length || !array.includes(text);
    case 'before':
      return !date || Date.parse(text) < Date.parse(date);
    case 'after':
      return !date || Date.parse(text) > Date.parse(date);
    default:
      return true;
  }
}

/** Sorted by the fields asked for, in their order; rows that are equal there keep the order they came in. */
function sortRows(rows: readonly FlexpriceRecord[], sort: NonNullable<CustomerFilter['sort']>) {
  if (sort.length === 0) return rows;
  return rows.toSorted((left, right) => {
    for (const { field, direction } of sort) {
      const [first, second] = [column(left, field), column(right, field)];
      if (first !== second) return (first < second ? -1 : 1) * (direction === 'desc' ? -1 : 1);
    }
    return 0;
  });
}

/**
 * A column's value as text. An unknown one is marked both a validation and a database error, between which the server
 * chooses by chance (400 or 500); here it is always 400.
 */
function column(record: FlexpriceRecord, name: string): string {
  const value = Object.entries(record).find(([field]) => field === name)?.[1];
  if (value === undefined && name !== 'contact') {
    throw new FlexpriceError('validation_error', 'Failed to list customers');
  }
  return typeof value === 'string' ? value : '';
}
