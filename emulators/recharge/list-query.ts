import { z } from 'zod';
import type { Version } from './customer.js';
import type { FieldErrors } from './customer-input.js';
import { SORTS, type Sort } from './store.js';

const filtersSchema = z
  .object({
    email: z.string(),
    externalId: z.string(),
    hash: z.string(),
    ids: z.array(z.int()),
    // Epoch milliseconds, inclusive.
    createdAtMin: z.int(),
    createdAtMax: z.int(),
    updatedAtMin: z.int(),
    updatedAtMax: z.int(),
  })
  .partial();

/** Which customers a list holds. */
export type ListFilters = Readonly<z.infer<typeof filtersSchema>>;

/** Where a page starts: after (`next`) or before (`previous`) the customer with this sorted value and id. */
export interface Position {
  readonly direction: 'next' | 'previous';
  readonly value: number;
  readonly id: number;
}

export interface ListQuery {
  readonly filters: ListFilters;
  readonly sort: Sort;
  readonly limit: number;
  /** Rows to skip; 0 unless `page` was given. */
  readonly offset: number;
  readonly position?: Position;
}

export type ReadQuery =
  | { readonly ok: true; readonly query: ListQuery }
  | { readonly ok: false; readonly errors: FieldErrors };

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const MAX_PAGE = 100;

export function readListQuery(parameters: URLSearchParams, version: Version): ReadQuery {
  const limit = readWhole(parameters.get('limit') ?? String(DEFAULT_LIMIT), MAX_LIMIT);
  // Inferred: a limit over the documented maximum is refused, not lowered.
  if (limit === undefined) return refused('limit', `Must be between 1 and ${MAX_LIMIT}.`);

  const cursor = parameters.get('cursor');
  if (cursor !== null) return readCursorQuery(parameters, cursor, limit);

  const page = readWhole(parameters.get('page') ?? '1', MAX_PAGE);
  // Recharge's changelog: pages past the 100th are errors since 2025-05-01. The status and the words are inferred.
  if (page === undefined) return refused('page', `Must be between 1 and ${MAX_PAGE}.`);

  const sort = SORTS.find((known) => known === (parameters.get('sort_by') ?? 'id-desc'));
  if (sort === undefined) return refused('sort_by', 'Invalid value');

  const filters = readFilters(parameters, version);
  if (!filters.ok) return filters;
  return { ok: true, query: { filters: filters.filters, sort, limit, offset: (page - 1) * limit } };
}

function readCursorQuery(parameters: URLSearchParams, cursor: string, limit: number): ReadQuery {
  // Airbyte's changelog, 1.1.1: filters beside a cursor are refused. The words are inferred.
  const extra = [...parameters.keys()].find((parameter) => parameter !== 'cursor' && parameter !== 'limit');
  if (extra !== undefined) return refused('cursor', `Cannot be combined with ${extra}.`);

  const decoded = decodeCursor(cursor);
  if (decoded === undefined) return refused('cursor', 'Invalid value');
  return { ok: true, query: { ...decoded, limit, offset: 0 } };
}

type ReadFilters = { readonly ok: true; readonly filters: ListFilters } | Extract<ReadQuery, { ok: false }>;

function readFilters(parameters: URLSearchParams, version: Version): ReadFilters {
  const dates: Partial<Record<string, number>> = {};
  for (const parameter of ['created_at_min', 'created_at_max', 'updated_at_min', 'updated_at_max']) {
    const text = parameters.get(parameter);
    if (text === null) continue;
    const date = readDate(text);
    if (Number.isNaN(date)) {
      return refused(parameter, `Invalid date: ${text}. Must be a valid ISO-8601 datetime string`);
    }
    dates[parameter] = date;
  }

  const ids = parameters.get('ids')?.split(',').map(Number);
  if (ids?.some((id) => !Number.isSafeInteger(id))) return refused('ids', 'Invalid value');

  const externalId = version === '2021-11' ? 'external_customer_id' : 'shopify_customer_id';
  return {
    ok: true,
    filters: {
      email: parameters.get('email') ?? undefined,
      externalId: parameters.get(externalId) ?? undefined,
      hash: parameters.get('hash') ?? undefined,
      ids,
      createdAtMin: dates['created_at_min'],
      createdAtMax: dates['created_at_max'],
      updatedAtMin: dates['updated_at_min'],
      updatedAtMax: dates['updated_at_max'],
    },
  };
}

/** Inferred: a date without an offset is taken as UTC. */
function readDate(text: string): number {
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/i.test(text);
  return Date.parse(hasOffset || !text.includes('T') ? text : `${text}Z`);
}

function readWhole(text: string, max: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= max ? value : undefined;
}

function refused(parameter: string, message: string) {
  return { ok: false, errors: { [parameter]: [message] } } as const;
}

const cursorSchema = z.object({
  starting_before_id: z.int(),
  last_value: z.int(),
  sort_by: z.enum(SORTS),
  cursor_dir: z.enum(['next', 'previous']),
  filters: filtersSchema,
});

/** Recorded cursors are base64 of a JSON object with the first four keys; `filters` is inferred, since a page that follows cannot repeat them. */
export function encodeCursor(filters: ListFilters, sort: Sort, { direction, value, id }: Position): string {
  const cursor = { starting_before_id: id, last_value: value, sort_by: sort, cursor_dir: direction, filters };
  return Buffer.from(JSON.stringify(cursor satisfies z.input<typeof cursorSchema>)).toString('base64');
}

function decodeCursor(text: string): Pick<ListQuery, 'filters' | 'sort' | 'position'> | undefined {
  const cursor = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64').toString()));
  if (!cursor.success) return undefined;
  const { filters, sort_by, cursor_dir, last_value, starting_before_id } = cursor.data;
  return { filters, sort: sort_by, position: { direction: cursor_dir, value: last_value, id: starting_before_id } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
