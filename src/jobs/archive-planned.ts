import type { JobPlan } from '../../schemas/outcome.js';
import type { Entry } from '../ledger/ledger.js';
import { archiveRecord } from './archive.js';
import type { Counted } from './count-job.js';
import { byIds } from './job-rows.js';
import { judge } from './judge.js';
import { type KeyedRow, keyedBatches } from './keyed-rows.js';
import { createNumberSet } from './number-set.js';
import type { BusyLane, PassOptions } from './pass.js';

/** Whom a plan archives, and who is told of those that are left as they are. */
export interface PlannedArchives {
  readonly plans: readonly JobPlan[];
  readonly refuse: (plan: JobPlan, reason: string) => void;
}

/** Archives whom the plans name and nobody else, where the customer is still gone and the record still the same. */
export async function archiveAsPlanned(
  busy: readonly BusyLane[],
  counted: Counted,
  { plans, refuse }: PlannedArchives,
  options: PassOptions,
): Promise<void> {
  const { ledger, recorder } = options;
  for (const [index, { lane, pool }] of busy.entries()) {
    const { seen = createNumberSet() } = counted.lanes[index] ?? {};
    const own = plans.filter(({ to }) => to === lane.connection.name);
    const entries = await ledger.find(
      lane.lane,
      own.map(({ customer_id: id }) => id),
    );
    const shown = entries.filter((entry) => entry !== undefined && seen.has(entry.number));
    const deleted = await deletedRows(lane, shown, options);
    for (const [place, plan] of own.entries()) {
      const entry = entries[place];
      if (entry?.providerId === undefined) {
        refuse(plan, 'is archived already, or not known to the ledger');
        continue;
      }
      const row = deleted.get(plan.customer_id);
      if (row === undefined && seen.has(entry.number)) {
        refuse(plan, 'is in the source again');
        continue;
      }
      await pool.add(async () => {
        const archived = await archiveRecord(lane, entry, plan.provider_id, options);
        if (archived.kind === 'refused') refuse(plan, archived.reason);
        else await recorder.record(lane, { row, entry, outcome: archived.outcome });
      });
    }
  }
}

/** Rows of customers that are in the source and do not count, since they are marked as deleted or filtered out. */
async function deletedRows(
  lane: BusyLane['lane'],
  shown: readonly (Entry | undefined)[],
  options: PassOptions,
): Promise<Map<string, KeyedRow>> {
  const { job, ledger } = options;
  const entries = new Map(shown.flatMap((entry) => (entry === undefined ? [] : [[entry.customerId, entry]])));
  const met = new Set<string>();
  const deleted = new Map<string, KeyedRow>();
  for await (const batch of keyedBatches(byIds(job, [...entries.keys()]), job.source, ledger.fingerprints)) {
    for (const row of batch) {
      const { id = '' } = row;
      // Of several rows of a customer the first counts.
      if (met.has(id)) continue;
      met.add(id);
      const verdict = await judge(lane, row, entries.get(id), undefined, { ...options, insists: true });
      if (verdict.kind === 'archive') deleted.set(id, row);
    }
  }
  return deleted;
}
