import { createHash } from 'node:crypto';

/** A record as a sync saves it. */
export type RecordData = Readonly<Record<string, unknown>>;

/** The records of one model of one connection. */
export interface Collection {
  readonly connection: number;
  readonly model: string;
}

export interface StoredRecord {
  /** Nango's own id; records of one save are ordered by it and not by how they were given. */
  readonly id: string;
  readonly externalId: string;
  readonly data: RecordData;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
  /** The last execution that mentioned the record, changed or not. */
  readonly seenInJob: number;
}

export interface SaveSummary {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface RecordStore {
  save(collection: Collection, records: readonly RecordData[], job: number): SaveSummary;
  /** Merges into records that exist; others are left out. */
  update(collection: Collection, records: readonly RecordData[], job: number): SaveSummary;
  /** Marks as deleted, keeping the data given here in place of what was stored. */
  delete(collection: Collection, records: readonly RecordData[], job: number): SaveSummary;
  /** Marks as deleted what no execution since `job` has mentioned, and answers their ids. */
  deleteUnseen(collection: Collection, job: number): string[];
  /** In the order in which they changed. */
  list(collection: Collection): StoredRecord[];
  /** Forgets the records of a model, without a trace of the deletion. */
  empty(collection: Collection): void;
  clear(): void;
}

export function createRecordStore(now: () => number): RecordStore {
  const collections = new Map<string, Map<string, StoredRecord>>();
  let lastMicroseconds = 0;

  /** Never the same twice, as PostgreSQL's microseconds practically are not. */
  const timestamp = () => {
    lastMicroseconds = Math.max(now() * 1_000, lastMicroseconds + 1);
    const fraction = String(lastMicroseconds % 1_000).padStart(3, '0');
    return new Date(Math.floor(lastMicroseconds / 1_000)).toISOString().replace('Z', `${fraction}+00:00`);
  };
  const recordsOf = ({ connection, model }: Collection) => {
    const key = JSON.stringify([connection, model]);
    const records = collections.get(key) ?? new Map<string, StoredRecord>();
    collections.set(key, records);
    return records;
  };

  const write = (
    collection: Collection,
    records: readonly RecordData[],
    job: number,
    isDelete: boolean,
  ): SaveSummary => {
    const stored = recordsOf(collection);
    const at = timestamp();
    const counts = { added: 0, updated: 0, deleted: 0 };
    for (const [externalId, data] of byExternalId(records, collection.model)) {
      const existing = stored.get(externalId);
      const change = changeOf(existing, data, isDelete);
      if (change !== 'none') counts[change] += 1;
      // Saving the same again does not move a record; deleting it again does.
      const moves = isDelete || change !== 'none';
      stored.set(externalId, {
        id: stableId(collection, externalId),
        externalId,
        data,
        createdAt: existing?.createdAt ?? at,
        updatedAt: moves ? at : (existing?.updatedAt ?? at),
        deletedAt: isDelete ? at : null,
        seenInJob: job,
      });
    }
    return counts;
  };

  return {
    save: (collection, records, job) => write(collection, records, job, false),
    delete: (collection, records, job) => write(collection, records, job, true),
    update(collection, records, job) {
      const stored = recordsOf(collection);
      const merged = [...byExternalId(records, collection.model)].flatMap(([externalId, data]) => {
        const existing = stored.get(externalId);
        return existing === undefined ? [] : [{ ...existing.data, ...data }];
      });
      return write(collection, merged, job, false);
    },
    deleteUnseen(collection, job) {
      const stored = recordsOf(collection);
      const unseen = [...stored.values()].filter(({ seenInJob, deletedAt }) => seenInJob < job && deletedAt === null);
      const at = timestamp();
      for (const record of unseen) stored.set(record.externalId, { ...record, updatedAt: at, deletedAt: at });
      return unseen.map(({ externalId }) => externalId);
    },
    list(collection) {
      return [...recordsOf(collection).values()].sort((left, right) => (positionOf(left) < positionOf(right) ? -1 : 1));
    },
    empty(collection) {
      recordsOf(collection).clear();
    },
    clear() {
      collections.clear();
    },
  };
}

/** Where a record stands in the list; a cursor is this text in base64. */
export function positionOf({ updatedAt, id }: Pick<StoredRecord, 'updatedAt' | 'id'>): string {
  return `${updatedAt}||${id}`;
}

/** Of several records with one id in a save, the first counts. */
function byExternalId(records: readonly RecordData[], model: string): Map<string, RecordData> {
  const unique = new Map<string, RecordData>();
  for (const record of records) {
    const { _nango_metadata: _, ...data } = record;
    if (!data['id']) throw new Error(`Missing id field in record: ${JSON.stringify(record)}. Model: ${model}`);
    const externalId = String(data['id']);
    if (!unique.has(externalId)) unique.set(externalId, JSON.parse(JSON.stringify(data)));
  }
  return unique;
}

function changeOf(existing: StoredRecord | undefined, data: RecordData, isDelete: boolean): keyof SaveSummary | 'none' {
  const isStored = existing !== undefined && existing.deletedAt === null;
  if (isDelete) return isStored ? 'deleted' : 'none';
  if (!isStored) return 'added';
  return JSON.stringify(existing.data) === JSON.stringify(data) ? 'none' : 'updated';
}

function stableId({ connection, model }: Collection, externalId: string): string {
  const hash = createHash('sha1')
    .update(JSON.stringify([connection, model, externalId]))
    .digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
