import { z } from 'zod';
import { FlexpriceError } from './errors.js';
import { isFilterEmail } from './formats.js';
import { decode, parseJson } from './request.js';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 50;

const time = z.iso.datetime({ offset: true }).nullish();
const list = z.array(z.string()).nullish();

const conditionSchema = z.object({
  field: z.string().nullish(),
  operator: z.string().nullish(),
  data_type: z.string().nullish(),
  value: z.object({ string: z.string().nullish(), array: list, date: time }).nullish(),
});

const filterSchema = z.object({
  limit: z.int().nullish(),
  offset: z.int().nullish(),
  status: z.string().nullish(),
  order: z.string().nullish(),
  expand: z.string().nullish(),
  start_time: time,
  end_time: time,
  external_id: z.string().nullish(),
  external_ids: list,
  customer_ids: list,
  email: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  filters: z.array(conditionSchema).nullish(),
  sort: z.array(z.object({ field: z.string(), direction: z.string().optional() })).nullish(),
});

export type FilterCondition = z.infer<typeof conditionSchema>;
export type CustomerFilter = Omit<z.infer<typeof filterSchema>, 'limit' | 'offset'> & {
  readonly limit: number;
  readonly offset: number;
};

/** The body of POST /customers/search. */
export function readSearchFilter(body: string): CustomerFilter {
  return checkFilter(decode(parseJson(body), filterSchema, 'Invalid filter parameters'));
}

/** The query of GET /customers, which knows the same plain fields. */
export function readQueryFilter(query: URLSearchParams): CustomerFilter {
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const all = (name: string) => (query.has(name) ? query.getAll(name) : undefined);
  const filter = {
    limit: number('limit'),
    offset: number('offset'),
    status: query.get('status'),
    order: query.get('order'),
    expand: query.get('expand'),
    start_time: query.get('start_time'),
    end_time: query.get('end_time'),
    external_id: query.get('external_id'),
    external_ids: all('external_ids'),
    customer_ids: all('customer_ids'),
    email: query.get('email'),
  };
  return checkFilter(decode(filter, filterSchema, 'Invalid filter parameters'));
}

/** `expand` knows one word. */
export function wantsIntegrations(expand: string | null | undefined): boolean {
  if (!expand) return false;
  const unknown = expand
    .split(',')
    .map((field) => field.trim())
    .find((field) => field !== 'integrations');
  if (unknown === undefined) return true;
  throw new FlexpriceError('validation_error', 'Field is not allowed to be expanded', { field: unknown });
}

function checkFilter(filter: z.infer<typeof filterSchema>): CustomerFilter {
  wantsIntegrations(filter.expand);
  // A limit of 0 is Go's absent one.
  const limit = filter.limit || DEFAULT_LIMIT;
  const offset = filter.offset ?? 0;
  const { order, start_time, end_time, email } = filter;

  if (limit < 1 || limit > MAX_LIMIT) throw invalid({ limit: `must be between 1 and ${MAX_LIMIT}` });
  if (offset < 0) throw invalid({ offset: 'must be non-negative' });
  if (order && order !== 'asc' && order !== 'desc') throw invalid({ order: "must be either 'asc' or 'desc'" });
  if (start_time && end_time && Date.parse(end_time) < Date.parse(start_time)) {
    throw new FlexpriceError('validation_error', 'Please provide a valid time range', {
      end_time: 'must be after start_time',
    });
  }
  if (email && !isFilterEmail(email)) throw new FlexpriceError('validation_error', 'Please provide a valid email');
  return { ...filter, limit, offset };
}

function invalid(details: Readonly<Record<string, string>>): FlexpriceError {
  return new FlexpriceError('validation_error', 'Invalid filter parameters', details);
}
