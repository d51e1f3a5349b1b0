import type { BillingControls } from './billing-controls.js';
import { databaseError } from './errors.js';
import { assertStorable } from './postgres-limits.js';

export interface CustomerConfig {
  readonly disable_pooled_balance?: boolean | undefined;
  readonly disable_overage_billing?: boolean | undefined;
}

/** One customer as it is stored. A blank field may be stored as `""` or as null; both are answered as null. */
export interface CustomerRow {
  readonly internalId: string;
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly fingerprint: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly stripeId: string | null;
  readonly sendEmailReceipts: boolean;
  readonly billingControls: BillingControls;
  readonly config: CustomerConfig;
  readonly createdAt: number;
}

export type RowChanges = Partial<Omit<CustomerRow, 'internalId' | 'createdAt'>>;

interface CacheEntry {
  row: CustomerRow;
  readonly expiresAt: number;
}

const CACHE_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * The customers of one environment, with the server's read cache in front of them. The cache is kept under the
 * customer's own id and is emptied only under the id that a write was addressed by, so a write by the internal id
 * leaves reads by the customer's own id stale.
 */
export class CustomerStore {
  readonly #now: () => number;
  readonly #rows = new Map<string, CustomerRow>();
  readonly #internalIds = new Map<string, string>();
  readonly #idlessByEmail = new Map<string, string>();
  readonly #cache = new Map<string, CacheEntry>();
  #newestFirst: readonly string[] | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Past the cache. The customer's own id goes before the internal one. */
  find(address: string): CustomerRow | undefined {
    return this.#rows.get(this.#internalIds.get(address) ?? address);
  }

  findIdless(email: string): CustomerRow | undefined {
    const internalId = this.#idlessByEmail.get(email.toLowerCase());
    return internalId === undefined ? undefined : this.#rows.get(internalId);
  }

  /** Through the cache, which it fills. */
  read(address: string): CustomerRow | undefined {
    const entry = this.#cache.get(address);
    if (entry !== undefined && this.#now() < entry.expiresAt) return entry.row;
    this.#cache.delete(address);
    const row = this.find(address);
    if (row !== undefined) this.fillCache(row);
    return row;
  }

  fillCache(row: CustomerRow): void {
    const address = row.id ?? row.internalId;
    if (this.#cache.has(address)) return;
    this.#cache.set(address, { row, expiresAt: this.#now() + CACHE_MS });
  }

  /** Changes what is cached under the address, if anything is. */
  patchCache(address: string, changes: RowChanges): void {
    const entry = this.#cache.get(address);
    if (entry !== undefined) entry.row = { ...entry.row, ...changes };
  }

  forget(address: string): void {
    this.#cache.delete(address);
  }

  insert(row: CustomerRow): CustomerRow {
    assertStorable(row);
    this.#put(row);
    this.#newestFirst = undefined;
    return row;
  }

  /** The row as it is afterwards; undefined when it is gone. */
  update(internalId: string, changes: RowChanges): CustomerRow | undefined {
    const row = this.#rows.get(internalId);
    if (row === undefined) return undefined;
    assertStorable(changes);
    const changed = { ...row, ...changes };
    const twin = changed.id === null && changed.email ? this.findIdless(changed.email) : undefined;
    if (twin !== undefined && twin.internalId !== internalId) {
      throw databaseError('duplicate key value violates unique constraint "customers_email_null_id_unique"');
    }
    this.#unindex(row);
    this.#put(changed);
    if (changed.id !== row.id) this.#newestFirst = undefined;
    return changed;
  }

  remove(row: CustomerRow): void {
    this.#unindex(row);
    this.#rows.delete(row.internalId);
    this.#cache.delete(row.id ?? row.internalId);
    this.#newestFirst = undefined;
  }

  clear(): void {
    this.#rows.clear();
    this.#internalIds.clear();
    this.#idlessByEmail.clear();
    this.#cache.clear();
    this.#newestFirst = undefined;
  }

  /** In the order of their creation. */
  all(): CustomerRow[] {
    return [...this.#rows.values()];
  }

  get(internalId: string): CustomerRow | undefined {
    return this.#rows.get(internalId);
  }

  /** Internal ids in the order of the lists: by creation time, then by id, both downwards; id-less ones first. */
  newestFirst(): readonly string[] {
    this.#newestFirst ??= this.all()
      .sort(byNewest)
      .map(({ internalId }) => internalId);
    return this.#newestFirst;
  }

  #put(row: CustomerRow): void {
    this.#rows.set(row.internalId, row);
    if (row.id !== null) this.#internalIds.set(row.id, row.internalId);
    else if (row.email) this.#idlessByEmail.set(row.email.toLowerCase(), row.internalId);
  }

  #unindex(row: CustomerRow): void {
    if (row.id !== null) this.#internalIds.delete(row.id);
    else if (row.email) this.#idlessByEmail.delete(row.email.toLowerCase());
  }
}

// The database's collation is not known; ids are compared as bytes here.
function byNewest(left: CustomerRow, right: CustomerRow): number {
  if (left.createdAt !== right.createdAt) return right.createdAt - left.createdAt;
  if (left.id === null || right.id === null) return Number(right.id === null) - Number(left.id === null);
  return left.id < right.id ? 1 : -1;
}
