import { z } from 'zod-nango-runtime';
import { type Answer, invalid, json, problem } from './answer.js';
import { connectionHeaders, modelSchema } from './names.js';
import { positionOf, type StoredRecord } from './record-store.js';
import type { NangoRequest } from './request.js';
import type { Route } from './route.js';
import type { NangoState } from './state.js';

const actions = ['added', 'updated', 'deleted', 'ADDED', 'UPDATED', 'DELETED'] as const;
const querySchema = z.strictObject({
  model: modelSchema,
  modified_after: z.iso.datetime().optional(),
  delta: z.iso.datetime().optional(),
  limit: z.coerce.number().min(1).max(10_000).optional().default(100),
  filter: z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(z.enum(actions)))
    .optional(),
  cursor: z.string().min(1).max(1_000).optional(),
  ids: z.union([z.string(), z.array(z.string()).max(100)]).optional(),
});

/** `GET /records`: what syncs saved, in the order in which it changed, deleted records among it. */
export function recordRoutes(state: NangoState): Route[] {
  return [{ method: 'GET', paths: ['/records'], handle: (request) => list(request, state) }];
}

function list({ query, headers }: NangoRequest, { connections, records }: NangoState): Answer {
  const asked = querySchema.safeParse(query);
  if (!asked.success) return invalid('invalid_query_params', asked.error);
  const owner = z.looseObject(connectionHeaders).safeParse(Object.fromEntries(headers));
  if (!owner.success) return invalid('invalid_headers', owner.error);
  const connection = connections.get(owner.data['provider-config-key'], owner.data['connection-id']);
  if (connection === undefined) {
    const message = 'Provided ConnectionId and ProviderConfigKey does not match a valid connection';
    return problem(400, 'unknown_connection', message);
  }

  const { model, modified_after, delta, limit, filter, cursor, ids } = asked.data;
  const after = cursor === undefined ? '' : readCursor(cursor);
  if (after === undefined) return problem(500, 'server_error', 'Failed to fetch records');
  const since = Date.parse(delta ?? modified_after ?? '1970-01-01T00:00:00Z');
  const matching = records
    .list({ connection: connection.id, model })
    .filter((record) => positionOf(record) > after && Date.parse(record.updatedAt) >= since)
    .filter((record) => filter === undefined || passes(record, filter))
    .filter(({ externalId }) => ids === undefined || [ids].flat().includes(externalId));
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  return json(200, {
    next_cursor: last !== undefined && matching.length > limit ? cursorOf(last) : null,
    records: page.map(toPublic),
  });
}

function toPublic(record: StoredRecord): Record<string, unknown> {
  return {
    ...record.data,
    _nango_metadata: {
      first_seen_at: record.createdAt,
      last_modified_at: record.updatedAt,
      last_action: lastActionOf(record),
      deleted_at: record.deletedAt,
      pruned_at: null,
      cursor: cursorOf(record),
    },
  };
}

function lastActionOf({ createdAt, updatedAt, deletedAt }: StoredRecord): 'ADDED' | 'UPDATED' | 'DELETED' {
  if (deletedAt !== null) return 'DELETED';
  return createdAt === updatedAt ? 'ADDED' : 'UPDATED';
}

/** Of a pair with `deleted` only the other one counts, so that deleted records do not pass: a flaw of Nango's. */
function passes(record: StoredRecord, filter: readonly string[]): boolean {
  const wanted = new Set(filter.map((action) => action.toUpperCase()));
  if (wanted.size > 1) wanted.delete('DELETED');
  return wanted.has(lastActionOf(record));
}

function cursorOf(record: StoredRecord): string {
  return Buffer.from(positionOf(record)).toString('base64');
}

const positionSchema = z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00\|\|[0-9a-f-]{36}$/);

function readCursor(cursor: string): string | undefined {
  return positionSchema.safeParse(Buffer.from(cursor, 'base64').toString('ascii')).data;
}
