import type { Collection, RecordData, SaveSummary } from './record-store.js';
import type { NangoState } from './state.js';

/** The part of `nango` that only syncs have. */
export interface ScriptRecords {
  batchSave(records: readonly RecordData[], model: string): Promise<true>;
  batchUpdate(records: readonly RecordData[], model: string): Promise<true>;
  batchDelete(records: readonly RecordData[], model: string): Promise<true>;
  trackDeletesStart(model: string): Promise<void>;
  trackDeletesEnd(model: string): Promise<{ deletedKeys: string[] }>;
}

export interface ScriptRecordsOptions {
  readonly connection: number;
  /** Where the script's checkpoints are kept. */
  readonly checkpointKey: string;
  /** Number of this execution. */
  readonly job: number;
  /** Counts per model, added up over the execution. */
  readonly summary: Map<string, SaveSummary>;
}

/** Nango writes records in batches of this size, each with its own timestamp. */
const batchSize = 1_000;

export function createScriptRecords(state: NangoState, options: ScriptRecordsOptions): ScriptRecords {
  const { records, checkpoints } = state;
  const { connection, checkpointKey, job, summary } = options;
  const collection = (model: string): Collection => ({ connection, model });
  const count = (model: string, counts: Partial<SaveSummary>) => {
    const { added = 0, updated = 0, deleted = 0 } = summary.get(model) ?? {};
    summary.set(model, {
      added: added + (counts.added ?? 0),
      deleted: deleted + (counts.deleted ?? 0),
      updated: updated + (counts.updated ?? 0),
    });
  };
  const inBatches = (write: 'save' | 'update' | 'delete') => async (all: readonly RecordData[], model: string) => {
    for (let start = 0; start < all.length; start += batchSize) {
      count(model, records[write](collection(model), all.slice(start, start + batchSize), job));
    }
    return true as const;
  };
  // Kept as a checkpoint, so that an execution that takes over a broken one goes on from the same start.
  const startOf = (model: string) => `${checkpointKey}:trackDeletes:${model}`;

  return {
    batchSave: inBatches('save'),
    batchUpdate: inBatches('update'),
    batchDelete: inBatches('delete'),
    async trackDeletesStart(model) {
      if (!checkpoints.has(startOf(model))) checkpoints.set(startOf(model), { syncJobId: job });
    },
    async trackDeletesEnd(model) {
      const started = checkpoints.get(startOf(model))?.['syncJobId'];
      if (typeof started !== 'number') throw new Error(`No track deletes starting point found for model '${model}'.`);
      const deletedKeys = records.deleteUnseen(collection(model), started);
      count(model, { deleted: deletedKeys.length });
      checkpoints.delete(startOf(model));
      return { deletedKeys };
    },
  };
}
