import { z } from 'zod';
import type { BillingCustomer } from '../../schemas/billing-customer.js';
import type { ListPage, Provider, StoredRecord } from '../core/connector.js';
import { CustomerSyncError, isCustomerSyncError } from '../core/errors.js';
import { compileGetter, parsePath } from '../core/mapping/path.js';
import { defaultRateShare } from '../core/run/limiter.js';
import type { Target } from '../core/upsert/target.js';
import { withActionErrors } from './action-error.js';
import type { Model, SyncRuntime } from './runtime.js';
import { openScriptTarget } from './script-target.js';

const model: Model = 'BillingCustomer';

/** Where an execution that was broken off goes on. Flat, since Nango accepts nothing else. */
export const pullCheckpointSchema = z.object({
  /** The page to read next. */
  cursor: z.string(),
  /** The last record of the page before it. */
  after: z.string(),
});

export type PullCheckpoint = z.infer<typeof pullCheckpointSchema>;

/** So many pages further up are looked at, one after another, before the list is read from its beginning again. */
const maxStepsBack = 5;

/** So often it is begun anew in one execution. */
const maxRestarts = 3;

/**
 * Reads all customers of the provider, page by page, into Nango's records, and marks those as deleted that are gone.
 * Who is added meanwhile is found by the next execution.
 */
export async function pullCustomers(nango: SyncRuntime, { provider }: { readonly provider: Provider }): Promise<void> {
  await withActionErrors(nango, provider, async () => {
    const target = await openScriptTarget(nango, { provider, rateShare: defaultRateShare });
    const reader = recordReader(target);
    await nango.trackDeletesStart(model);
    let read = 0;
    let withoutId = 0;
    for await (const { records, next } of contiguousPages(target, reader.keyOf, await nango.getCheckpoint())) {
      const customers = records.map(reader.toCustomer).filter((customer) => customer !== undefined);
      read += records.length;
      withoutId += records.length - customers.length;
      if (customers.length > 0) await nango.batchSave(customers, model);
      const last = records.at(-1);
      if (next !== undefined && last !== undefined) {
        await nango.saveCheckpoint({ cursor: next, after: reader.keyOf(last) });
      }
    }
    // In this order: an execution that is ended in between is followed by one that reads the whole list again. In the
    // other order, that one would read the last page alone and mark everybody before it as deleted.
    await nango.clearCheckpoint();
    const { name } = provider.definition;
    // An empty answer may be a fault or another account's key, and whoever follows the deletions could not undo them.
    if (read === 0) await nango.log(`${name} listed no customer; nobody is marked as deleted`, { level: 'warn' });
    else await nango.trackDeletesEnd(model);
    if (withoutId > 0)
      await nango.log(`${withoutId} records of ${name} have no id and were left out`, { level: 'warn' });
  });
}

type KeyOf = (record: StoredRecord) => string;

/**
 * A list paged by offset moves up when somebody is deleted, and the first of the next page is then missed, and would
 * be marked as deleted. So the pages of such a list overlap by a record, and one that shows no record of the page
 * before it is not believed: the list is read again from further up until one does, or from its beginning. Where
 * records were added it has moved down, and records are only seen twice.
 */
async function* contiguousPages(
  target: Target,
  keyOf: KeyOf,
  checkpoint: PullCheckpoint | null,
): AsyncGenerator<ListPage> {
  let cursor = checkpoint?.cursor;
  let before = checkpoint === null ? undefined : new Set([checkpoint.after]);
  let isResumed = checkpoint !== null;
  let stepsBack = 0;
  let restarts = 0;
  for (;;) {
    const page = await listPage(target, cursor, isResumed);
    isResumed = false;
    if (page === undefined) {
      cursor = undefined;
      before = undefined;
    } else if (follows(page, before, keyOf)) {
      yield page;
      if (page.next === undefined) return;
      cursor = page.next;
      before = new Set(page.records.map(keyOf));
      stepsBack = 0;
    } else if (stepsBack < maxStepsBack) {
      cursor = page.previous;
      stepsBack += 1;
    } else {
      restarts += 1;
      if (restarts > maxRestarts) throw movingTooMuch(target.provider);
      cursor = undefined;
      before = undefined;
      stepsBack = 0;
    }
  }
}

function follows({ records, previous }: ListPage, before: ReadonlySet<string> | undefined, keyOf: KeyOf): boolean {
  return before === undefined || previous === undefined || records.some((record) => before.has(keyOf(record)));
}

/** A page, or `undefined` for a cursor of an earlier execution that the provider no longer takes. */
async function listPage(
  { provider, client }: Target,
  cursor: string | undefined,
  isResumed: boolean,
): Promise<ListPage | undefined> {
  try {
    return await provider.connector.list(client, cursor);
  } catch (error) {
    if (isResumed && isCustomerSyncError(error) && error.code === 'rejected') return undefined;
    throw error;
  }
}

function recordReader({ provider, mapping }: Target) {
  const idPath = compileGetter(parsePath(provider.definition.identity.provider_id));
  const idOf = (record: StoredRecord): string | undefined => {
    const id = idPath(record);
    return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  };
  return {
    /** Tells records apart, those without an id too. */
    keyOf: (record: StoredRecord) => idOf(record) ?? JSON.stringify(record),
    toCustomer(record: StoredRecord): BillingCustomer | undefined {
      const id = idOf(record);
      if (id === undefined) return undefined;
      const { customer } = mapping.observe(record, id);
      return { id, customer_id: customer.id ?? null, customer };
    },
  };
}

function movingTooMuch({ definition: { name, id } }: Provider): CustomerSyncError {
  return new CustomerSyncError('unavailable', {
    message: `customers of ${name} are deleted faster than its list can be read`,
    remedy: 'Let the sync run again when they are not.',
    provider: id,
  });
}
