import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import { isTransportError, type TransportError } from '../../core/http/host.js';
import type { NangoAccess } from '../../hosts/nango-access.js';
import { askNango, nangoIsAway } from '../../hosts/nango-ask.js';
import { createNangoClient } from '../../hosts/nango-client.js';
import { NotFound } from '../../hosts/nango-failure.js';
import type { JobSource } from '../../jobs/job.js';
import type { SourceRow } from '../../runner/row.js';
import { type Normalise, toSourceRow } from '../customer-source.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { withoutEmpty } from '../mapping/without-empty.js';

interface RecordSourceParts {
  readonly name: string;
  readonly settings: SourceSettingsOf<'nango'>;
  readonly access: NangoAccess;
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
  readonly version: string;
}

const pageSchema = z.object({
  records: z.array(
    z.looseObject({
      _nango_metadata: z.object({ deleted_at: z.string().nullish(), cursor: z.string() }),
    }),
  ),
  next_cursor: z.string().nullish(),
});

type NangoRecord = z.infer<typeof pageSchema>['records'][number];

const whatToCheck = 'Check "integration", "connection_id" and "model" of the source, and that the sync has run.';
const pageSize = 1000;
/** As many as Nango takes in one request. */
const idsAtOnce = 100;
const clock = { now: Date.now, sleep: (ms: number) => sleep(ms, undefined) };

interface ListOptions {
  readonly cursor?: string | undefined;
  /** Whether the cursor is where an earlier run ended. */
  readonly isPosition?: boolean;
  readonly ids?: string[];
}

/** Customers that a sync saved in Nango. A deleted record is a customer with `deleted`. */
export function openRecords(parts: RecordSourceParts): JobSource {
  const { name, settings, sourceMapping, normalise, version } = parts;
  const { incremental = false } = settings;
  const list = createLister(parts);

  function toRow(record: NangoRecord, number: number) {
    const { customer, original } = readRecord(record, sourceMapping);
    const row = toSourceRow(customer, `${name} record ${number}`, original, undefined);
    return incremental ? { ...row, position: record._nango_metadata.cursor } : row;
  }

  return {
    name,
    version,
    complete: !incremental,
    ifEmpty: whatToCheck,
    ...(normalise !== undefined && { normalise }),
    async *rows({ after } = {}) {
      let number = 0;
      let cursor = after;
      do {
        const page = await list({ cursor, isPosition: cursor !== undefined && cursor === after });
        for (const record of page.records) {
          number += 1;
          yield toRow(record, number);
        }
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
    },
    // Nango finds records by their own ids; only without a mapping those are surely the customers'.
    ...(sourceMapping === undefined && {
      async *byIds(ids: readonly string[]): AsyncGenerator<SourceRow> {
        for (let start = 0; start < ids.length; start += idsAtOnce) {
          const { records } = await list({ ids: ids.slice(start, start + idsAtOnce) });
          for (const [index, record] of records.entries()) yield toRow(record, start + index + 1);
        }
      },
    }),
  };
}

/** Asks Nango for one page of records at a time. */
function createLister({ name, settings, access }: RecordSourceParts) {
  const { integration, connection_id: connectionId, model, variant } = settings;
  const nango = createNangoClient(access, { raw: false });
  const place = { provider: integration, integration, connectionId };

  return async ({ cursor, isPosition, ids }: ListOptions): Promise<z.infer<typeof pageSchema>> => {
    const request = {
      providerConfigKey: integration,
      connectionId,
      model,
      limit: pageSize,
      ...(variant !== undefined && { variant }),
      ...(cursor !== undefined && { cursor }),
      ...(ids !== undefined && { ids }),
    };
    const answer = await askNango<unknown>(() => nango.listRecords(request), { place, pace: undefined, clock }).catch(
      (error: unknown) => {
        if (error instanceof NotFound) throw wrong(name, `Nango knows no records of "${model}"`);
        if (!isTransportError(error)) throw error;
        const away = nangoIsAway(place, error);
        throw isPosition ? positionRefused(name, error, away) : away;
      },
    );
    const page = pageSchema.safeParse(answer);
    if (!page.success) throw wrong(name, 'what Nango answers is not a list of records');
    return page.data;
  };
}

function readRecord({ _nango_metadata: metadata, ...record }: NangoRecord, mapping: CompiledSourceMapping | undefined) {
  const read = mapping === undefined ? { value: record } : mapping.apply(withoutEmpty(record));
  const isDeleted = metadata.deleted_at !== null && metadata.deleted_at !== undefined;
  if (!isDeleted) return { customer: read, original: record };
  // Of a customer that is gone only the id counts, whatever the record still says.
  return { customer: { value: { id: read.value['id'], deleted: true } }, original: { ...record, deleted: true } };
}

function wrong(name: string, what: string): CustomerSyncError {
  return new CustomerSyncError('config', { message: `${name}: ${what}`, remedy: whatToCheck });
}

/** Nango says no more of a position that it cannot read than of a failure of its own. */
function positionRefused(name: string, { reason }: TransportError, away: CustomerSyncError): CustomerSyncError {
  if (!reason.startsWith('Nango answered')) return away;
  return new CustomerSyncError('unavailable', {
    message: `${name}: ${reason} to the position where the last run ended`,
    remedy: 'Run again. If it stays so, Nango does not know the position any more: read everything once, with --full.',
  });
}
