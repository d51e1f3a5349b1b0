import { z } from 'zod';
import type { CustomerRow, CustomerStore } from './customer-store.js';
import { ApiError, invalidRequest } from './errors.js';
import { assertNoNul } from './postgres-limits.js';
import type { CursorListInput, OffsetListInput } from './validation.js';

const ORGANISATION_LIMIT = 1000;

const cursorFields = z.object({ v: z.literal(0), id: z.string().min(1), t: z.number().int().nonnegative() });

type Cursor = z.output<typeof cursorFields>;
type Filters = Pick<OffsetListInput, 'plans' | 'search' | 'processors'>;

export interface OffsetPage {
  readonly rows: readonly CustomerRow[];
  readonly filteredCount: number;
}

export interface CursorPage {
  readonly rows: readonly CustomerRow[];
  readonly nextCursor: string | null;
}

export function listByOffset(store: CustomerStore, { offset, limit, ...filters }: OffsetListInput): OffsetPage {
  const matching = matchingIds(store, filters);
  return { rows: rowsOf(store, matching.slice(offset, offset + limit)), filteredCount: matching.length };
}

export function listByCursor(store: CustomerStore, input: CursorListInput): CursorPage {
  if (input.limit > ORGANISATION_LIMIT) {
    throw invalidRequest(`limit ${input.limit} exceeds max of ${ORGANISATION_LIMIT} for this org`);
  }
  const cursor = decodeCursor(input.start_cursor);
  const ascending = input.sort_order === 'asc';
  const ids = matchingIds(store, input, input.created_at_range);
  const ordered = ascending ? ids.toReversed() : ids;
  const start = cursor === null ? 0 : firstAfter(ordered, (id) => isAfter(store.get(id), cursor, ascending));
  const rows = rowsOf(store, ordered.slice(start, start + input.limit));
  const last = rows.at(-1);
  // A page that ends on an id-less customer ends the list: the server builds no cursor without an id.
  const hasMore = start + rows.length < ordered.length && last?.id;
  return { rows, nextCursor: hasMore ? encodeCursor({ v: 0, id: last.id ?? '', t: last.createdAt }) : null };
}

function rowsOf(store: CustomerStore, internalIds: readonly string[]): CustomerRow[] {
  return internalIds.flatMap((internalId) => store.get(internalId) ?? []);
}

function matchingIds(
  store: CustomerStore,
  { plans, search, processors }: Filters,
  createdAt: CursorListInput['created_at_range'] = {},
): readonly string[] {
  const text = search?.trim();
  if (text) assertNoNul(text);
  const pattern = text ? containing(text) : undefined;
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = createdAt;
  const unfiltered = !plans?.length && !pattern && !processors?.length && createdAt.start === undefined;
  const ids = store.newestFirst();
  if (unfiltered && createdAt.end === undefined) return ids;

  return ids.filter((internalId) => {
    const row = store.get(internalId);
    if (row === undefined || row.createdAt < start || row.createdAt > end) return false;
    // Nobody has a plan here, and nobody a processor other than Stripe.
    if (plans?.length) return false;
    if (processors?.length && !(processors.includes('stripe') && row.stripeId !== null)) return false;
    return (
      pattern === undefined || [row.id, row.name, row.email].some((field) => field !== null && pattern.test(field))
    );
  });
}

/** `ILIKE '%text%'`: `%` and `_` inside the text are wildcards too, and `\` takes the next character literally. */
function containing(text: string): RegExp {
  const parts = `%${text}%`.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === '%') return '[\\s\\S]*';
    if (part === '_') return '[\\s\\S]';
    const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return literal.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'iu');
}

/** The index of the first id that stands after the cursor; they are in order, so halving finds it. */
function firstAfter(ids: readonly string[], stands: (id: string) => boolean): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stands(ids[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isAfter(row: CustomerRow | undefined, cursor: Cursor, ascending: boolean): boolean {
  if (row === undefined) return true;
  if (row.createdAt !== cursor.t) return ascending ? row.createdAt > cursor.t : row.createdAt < cursor.t;
  if (row.id === null) return ascending;
  return ascending ? row.id > cursor.id : row.id < cursor.id;
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decodeCursor(encoded: string): Cursor | null {
  if (encoded === '') return null;
  const result = cursorFields.safeParse(parseJson(Buffer.from(encoded, 'base64url').toString()));
  if (result.success) return result.data;
  throw new ApiError(400, 'invalid_cursor', `cursor shape mismatch: ${result.error.message}`);
}

// Inferred from the server's code: no recording has a broken cursor.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'invalid_cursor', 'cursor payload is not valid JSON');
  }
}
