import type { FlexpriceRecord } from './record.js';

/** A row of the customers table. */
export interface StoredCustomer {
  readonly record: FlexpriceRecord;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Rising with every insert, for an order among rows of the same millisecond. */
  readonly sequence: number;
}

export interface CustomerStore {
  /** Whatever its status: the server reads and updates archived customers by id. */
  get(id: string): StoredCustomer | undefined;
  /** Every row with this external id, of which at most one is published. */
  withExternalId(externalId: string): StoredCustomer[];
  withEmail(email: string): StoredCustomer[];
  newestFirst(): readonly StoredCustomer[];
  /** Adds the row or replaces the one with its id. */
  put(customer: StoredCustomer): void;
  clear(): void;
}

export function createStore(): CustomerStore {
  const customers = new Map<string, StoredCustomer>();
  const idsByExternalId = new Map<string, Set<string>>();
  const idsByEmail = new Map<string, Set<string>>();
  let newest: readonly StoredCustomer[] | undefined;

  const find = (ids: ReadonlySet<string> = new Set()) =>
    [...ids].map((id) => customers.get(id)).filter((customer) => customer !== undefined);

  return {
    get: (id) => customers.get(id),
    withExternalId: (externalId) => find(idsByExternalId.get(externalId)),
    withEmail: (email) => find(idsByEmail.get(email)),
    newestFirst() {
      newest ??= [...customers.values()].sort(compareNewestFirst);
      return newest;
    },
    put(customer) {
      const { id, external_id, email } = customer.record;
      const previous = customers.get(id);
      if (previous !== undefined) {
        idsByExternalId.get(previous.record.external_id)?.delete(id);
        idsByEmail.get(previous.record.email)?.delete(id);
      }
      customers.set(id, customer);
      addTo(idsByExternalId, external_id, id);
      addTo(idsByEmail, email, id);
      newest = undefined;
    },
    clear() {
      for (const map of [customers, idsByExternalId, idsByEmail]) map.clear();
      newest = undefined;
    },
  };
}

export function compareNewestFirst(left: StoredCustomer, right: StoredCustomer): number {
  return right.createdAt - left.createdAt || right.sequence - left.sequence;
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
