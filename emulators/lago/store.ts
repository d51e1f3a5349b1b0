import type { StoredCustomer } from './customer.js';

export interface Store {
  find(externalId: string): StoredCustomer | undefined;
  /** Adds a customer, or replaces the one with its external id. */
  save(customer: StoredCustomer): void;
  remove(externalId: string): void;
  /** Current customers in the order of their creation. */
  all(): readonly StoredCustomer[];
  /** One page of them, newest first. */
  newest(offset: number, count: number): StoredCustomer[];
  count(): number;
  nextSequentialId(): number;
  nextId(kind: IdKind): string;
  clear(): void;
}

interface Row {
  customer: StoredCustomer;
}

/** The first digits tell the kinds apart in a failing test's output. */
const idPrefixes = { customer: '1a60c057', metadata: '1a60de7a', integrationLink: '1a601174' } as const;
type IdKind = keyof typeof idPrefixes;

export function createStore(): Store {
  const byExternalId = new Map<string, Row>();
  let rows: Row[] = [];
  let hasGaps = false;
  let sequentialId = 0;
  let ids = 0;

  const current = (): Row[] => {
    if (hasGaps) {
      rows = rows.filter((row) => byExternalId.get(row.customer.externalId) === row);
      hasGaps = false;
    }
    return rows;
  };

  return {
    find: (externalId) => byExternalId.get(externalId)?.customer,
    save(customer) {
      const row = byExternalId.get(customer.externalId);
      if (row !== undefined) {
        row.customer = customer;
        return;
      }
      const added = { customer };
      byExternalId.set(customer.externalId, added);
      rows.push(added);
    },
    remove(externalId) {
      byExternalId.delete(externalId);
      hasGaps = true;
    },
    all: () => current().map((row) => row.customer),
    newest(offset, count) {
      const end = Math.max(0, current().length - offset);
      return current()
        .slice(Math.max(0, end - count), end)
        .map((row) => row.customer)
        .reverse();
    },
    count: () => byExternalId.size,
    // Counts deleted customers too.
    nextSequentialId: () => ++sequentialId,
    nextId: (kind) => `${idPrefixes[kind]}-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`,
    clear() {
      byExternalId.clear();
      rows = [];
      hasGaps = false;
      sequentialId = 0;
      ids = 0;
    },
  };
}
