import type { StoredCustomer } from './customer.js';

export const SORTS = [
  'id-asc',
  'id-desc',
  'created_at-asc',
  'created_at-desc',
  'updated_at-asc',
  'updated_at-desc',
] as const;
export type Sort = (typeof SORTS)[number];

export interface CustomerStore {
  get(id: number): StoredCustomer | undefined;
  /** Every customer with this e-mail in whatever case. */
  withEmail(email: string): StoredCustomer[];
  withExternalId(externalId: string): StoredCustomer[];
  sorted(sort: Sort): readonly StoredCustomer[];
  /** Adds the customer or replaces the one with its id. */
  put(customer: StoredCustomer): void;
  delete(id: number): void;
  clear(): void;
}

export function createStore(): CustomerStore {
  const customers = new Map<number, StoredCustomer>();
  const idsByEmail = new Map<string, Set<number>>();
  const idsByExternalId = new Map<string, Set<number>>();
  const sortedLists = new Map<Sort, readonly StoredCustomer[]>();

  const find = (ids: ReadonlySet<number> = new Set()) =>
    [...ids].flatMap((id) => {
      const customer = customers.get(id);
      return customer === undefined ? [] : [customer];
    });

  function unindex(customer: StoredCustomer): void {
    removeFrom(idsByEmail, customer.email.toLowerCase(), customer.id);
    if (customer.externalId !== null) removeFrom(idsByExternalId, customer.externalId, customer.id);
  }

  return {
    get: (id) => customers.get(id),
    withEmail: (email) => find(idsByEmail.get(email.toLowerCase())),
    withExternalId: (externalId) => find(idsByExternalId.get(externalId)),
    sorted(sort) {
      const known = sortedLists.get(sort);
      if (known !== undefined) return known;
      const list = [...customers.values()].sort((left, right) => compareCustomers(sort, left, right));
      sortedLists.set(sort, list);
      return list;
    },
    put(customer) {
      const previous = customers.get(customer.id);
      if (previous !== undefined) unindex(previous);
      customers.set(customer.id, customer);
      addTo(idsByEmail, customer.email.toLowerCase(), customer.id);
      if (customer.externalId !== null) addTo(idsByExternalId, customer.externalId, customer.id);
      sortedLists.clear();
    },
    delete(id) {
      const customer = customers.get(id);
      if (customer === undefined) return;
      unindex(customer);
      customers.delete(id);
      sortedLists.clear();
    },
    clear() {
      for (const map of [customers, idsByEmail, idsByExternalId, sortedLists]) map.clear();
    },
  };
}

export function sortValue(sort: Sort, customer: StoredCustomer): number {
  if (sort.startsWith('created_at')) return customer.createdAt;
  return sort.startsWith('updated_at') ? customer.updatedAt : customer.id;
}

/** The order of a sorted list: by the sorted value, then by id. */
export function compareCustomers(sort: Sort, left: StoredCustomer, right: StoredCustomer): number {
  const difference = sortValue(sort, left) - sortValue(sort, right) || left.id - right.id;
  return sort.endsWith('-desc') ? -difference : difference;
}

function addTo(index: Map<string, Set<number>>, key: string, id: number): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<string, Set<number>>, key: string, id: number): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
