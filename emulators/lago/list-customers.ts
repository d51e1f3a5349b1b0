import { countryCodes, currencyCodes } from './code-lists.js';
import type { StoredCustomer } from './customer.js';
import type { Organization } from './organization.js';
import { type LagoListRecord, toListRecord } from './record.js';
import { type ErrorDetails, internalServerError, notFound, validationFailed } from './refusal.js';

export interface CustomerList {
  readonly customers: LagoListRecord[];
  readonly meta: {
    readonly current_page: number;
    readonly next_page: number | null;
    readonly prev_page: number | null;
    readonly total_pages: number;
    readonly total_count: number;
  };
}

type Filter = (customer: StoredCustomer) => boolean;

const DEFAULT_PAGE_SIZE = 100;
/** What the server's paging library falls back to when `per_page` is not a number. */
const FALLBACK_PAGE_SIZE = 25;

/** Newest first, by offset: a page shifts when somebody is created while the list is read. */
export function listCustomers(query: URLSearchParams, organization: Organization): CustomerList {
  const { store, version } = organization;
  const filters = readFilters(query, organization);
  const externalId = version.filtersByExternalId ? (query.get('external_id') ?? '') : '';
  // Creation order stands for `created_at`, which the server keeps in microseconds.
  const page = { number: Math.max(1, toInteger(query.get('page'))), size: readPageSize(query.get('per_page')) };
  const offset = (page.number - 1) * page.size;

  if (externalId.trim() === '' && filters.length === 0) {
    return toList(store.newest(offset, page.size), store.count(), page, organization);
  }
  const candidates =
    externalId.trim() === '' ? store.all() : [store.find(externalId)].filter((found) => found !== undefined);
  const matching = candidates.filter((customer) => filters.every((matches) => matches(customer))).reverse();
  return toList(matching.slice(offset, offset + page.size), matching.length, page, organization);
}

/** Ruby's `to_i`: the digits that a text starts with. */
function toInteger(text: string | null): number {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? 0 : number;
}

function readPageSize(text: string | null): number {
  if (text === null) return DEFAULT_PAGE_SIZE;
  return /^\d/.test(text) ? toInteger(text) : FALLBACK_PAGE_SIZE;
}

function toList(
  customers: readonly StoredCustomer[],
  total: number,
  page: { readonly number: number; readonly size: number },
  organization: Organization,
): CustomerList {
  // Inferred: asking a page of nothing for its number raises.
  if (total > 0 && page.size === 0) throw internalServerError();

  const pages = total === 0 ? 0 : Math.ceil(total / page.size);
  const current = total === 0 ? 0 : page.number;
  return {
    customers: customers.map((customer) => toListRecord(customer, organization)),
    meta: {
      current_page: current,
      next_page: current < pages ? current + 1 : null,
      prev_page: current > 1 ? current - 1 : null,
      total_pages: pages,
      total_count: total,
    },
  };
}

function readFilters(query: URLSearchParams, organization: Organization): Filter[] {
  const entities = query.getAll('billing_entity_codes[]');
  if (entities.some((code) => !organization.billingEntityCodes.includes(code))) throw notFound('billing_entity');
  checkFilters(query);

  const metadata = readMetadata(query);
  const sent: readonly [boolean, Filter][] = [
    [entities.length > 0, ({ columns }) => entities.includes(columns.billing_entity_code)],
    ...anyOf(query, 'countries[]', ({ columns }) => columns.country),
    ...anyOf(query, 'states[]', ({ columns }) => columns.state),
    ...anyOf(query, 'zipcodes[]', ({ columns }) => columns.zipcode),
    ...anyOf(query, 'currencies[]', ({ columns }) => columns.currency),
    ...anyOf(query, 'customer_type', ({ columns }) => columns.customer_type),
    ...anyOf(query, 'account_type[]', () => 'customer'),
    ...presence(query, 'has_customer_type', ({ columns }) => columns.customer_type),
    ...presence(query, 'has_tax_identification_number', ({ columns }) => columns.tax_identification_number),
    [metadata.length > 0, (customer) => metadata.every(([key, value]) => holds(customer, key, value))],
    ...search(query, organization),
  ];
  return sent.flatMap(([isSent, filter]) => (isSent ? [filter] : []));
}

type Read = (customer: StoredCustomer) => string | null;

function anyOf(query: URLSearchParams, name: string, read: Read): [boolean, Filter][] {
  const values: readonly (string | null)[] = query.getAll(name);
  return [[values.length > 0, (customer) => values.includes(read(customer))]];
}

function presence(query: URLSearchParams, name: string, read: Read): [boolean, Filter][] {
  const value = query.get(name);
  return [[value !== null, (customer) => (read(customer) !== null) === (value === 'true')]];
}

function readMetadata(query: URLSearchParams): [key: string, value: string][] {
  return [...query].flatMap(([name, value]) => {
    const key = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value]];
  });
}

/** An empty value asks for the customers without the key. */
function holds({ metadata }: StoredCustomer, key: string, value: string): boolean {
  const found = metadata.find((item) => item.key === key);
  return value === '' ? found === undefined : found?.value === value;
}

/** A substring, in any case, of one of six fields; not looked at when `external_id` is given. */
function search(query: URLSearchParams, { version }: Organization): [boolean, Filter][] {
  const term = (query.get('search_term') ?? '').trim().toLowerCase();
  const isOverruled = version.filtersByExternalId && (query.get('external_id') ?? '') !== '';
  const filter: Filter = ({ externalId, columns }) =>
    [columns.name, columns.firstname, columns.lastname, columns.legal_name, externalId, columns.email].some((text) =>
      text?.toLowerCase().includes(term),
    );
  return [[term !== '' && !isOverruled, filter]];
}

const closedLists: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['account_type[]', ['customer', 'partner']],
  ['countries[]', [...countryCodes]],
  ['currencies[]', [...currencyCodes]],
  ['has_tax_identification_number', ['true', 'false']],
  ['has_customer_type', ['true', 'false']],
  ['customer_type', ['company', 'individual']],
];

/** A bad item of an array is named by its position, so these details are nested where others are flat. */
function checkFilters(query: URLSearchParams): void {
  const errors: ErrorDetails = {};
  for (const [name, values] of closedLists) {
    const message = [`must be one of: ${values.join(', ')}`];
    const wrong = [...query.getAll(name).entries()].filter(([, value]) => !values.includes(value));
    if (wrong.length === 0) continue;
    errors[name.replace('[]', '')] = name.endsWith('[]')
      ? Object.fromEntries(wrong.map(([position]) => [position, message]))
      : message;
  }
  if (query.get('has_customer_type') === 'false' && query.get('customer_type')) {
    errors['customer_type'] ??= ['must be nil when has_customer_type is false'];
  }
  if (Object.keys(errors).length > 0) throw validationFailed(errors);
}
