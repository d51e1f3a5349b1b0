import type { Entry, Ledger } from '../ledger/ledger.js';
import type { LaneRun } from './lane-run.js';

export const leftSource = 'left the source';

/** Customers of a lane that the source did not show. */
export async function* absentees({ lane, seen }: LaneRun, ledger: Ledger): AsyncIterable<Entry> {
  for await (const page of ledger.entries(lane)) {
    for (const entry of page) if (!seen.has(entry.number)) yield entry;
  }
}
