import { newCustomer, type StripeRecord } from './customer.js';

export interface CustomerStore {
  /** An id that was never used before, also not before `clear`. */
  create(fill: (record: StripeRecord) => StripeRecord): StripeRecord;
  get(id: string): StripeRecord | 'deleted' | undefined;
  put(record: StripeRecord): void;
  delete(id: string): void;
  /** Newest first, as the API lists. */
  all(): readonly StripeRecord[];
  /** What a search sees: every customer as it was `lagMs` ago. */
  indexed(): readonly StripeRecord[];
  deletedIds(): readonly string[];
  clear(): void;
}

interface StoreParts {
  readonly now: () => number;
  readonly lagMs: number;
}

export function createStore({ now, lagMs }: StoreParts): CustomerStore {
  const customers = new Map<string, StripeRecord>();
  const deleted = new Set<string>();
  const index = new Map<string, StripeRecord>();
  /** Changes that the search has not seen yet, oldest first. */
  const pending: { readonly at: number; readonly id: string; readonly record: StripeRecord | undefined }[] = [];
  let count = 0;

  function put(record: StripeRecord): void {
    customers.set(record.id, record);
    pending.push({ at: now(), id: record.id, record });
  }

  return {
    create(fill) {
      count += 1;
      const record = fill(newCustomer(`cus_E${String(count).padStart(13, '0')}`, Math.floor(now() / 1000)));
      put(record);
      return record;
    },
    get: (id) => customers.get(id) ?? (deleted.has(id) ? 'deleted' : undefined),
    put,
    delete(id) {
      customers.delete(id);
      deleted.add(id);
      pending.push({ at: now(), id, record: undefined });
    },
    all: () => [...customers.values()].reverse(),
    indexed() {
      while (pending[0] !== undefined && pending[0].at + lagMs <= now()) {
        const change = pending.shift();
        if (change?.record === undefined) index.delete(change?.id ?? '');
        else index.set(change.id, change.record);
      }
      return [...index.values()].reverse();
    },
    deletedIds: () => [...deleted],
    clear() {
      customers.clear();
      deleted.clear();
      index.clear();
      pending.length = 0;
    },
  };
}
