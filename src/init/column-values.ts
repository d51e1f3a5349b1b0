import { parseCustomer } from '../core/customer/parse-customer.js';
import { compileSetter, parsePath } from '../core/mapping/path.js';
import { normaliseCustomer } from '../normalise/normalise-customer.js';
import type { Column, Table } from './table.js';

export interface ColumnValues {
  /** Of the rows of the sample that have one. */
  readonly values: readonly unknown[];
  readonly distinct: number;
  /** Whether every row has a value of its own, as the ids of customers do. */
  readonly identifies: boolean;
}

export function valuesOf({ rows }: Table, { path }: Column): ColumnValues {
  const values = rows.flatMap(({ cells }) => cells.get(path) ?? []);
  const distinct = new Set(values).size;
  return { values, distinct, identifies: distinct === rows.length && values.length === rows.length };
}

/** Fields whose values can be told from any other text, and what they are called. */
const tellingFields: Readonly<Record<string, string>> = {
  email: 'e-mail addresses',
  phone: 'phone numbers',
  'address.country': 'countries',
  currency: 'currencies',
  timezone: 'time zones',
  url: 'web addresses',
};

/** Fewer values may look like anything by chance. */
const fewest = 3;

/** The field that nearly all values of a column can be read as, by their looks alone. */
export function guessByValues({ values }: ColumnValues): { readonly field: string; readonly what: string } | undefined {
  if (values.length < fewest) return undefined;
  const field = Object.keys(tellingFields).find(
    (candidate) => values.filter((value) => canBe(candidate, value)).length >= values.length * 0.95,
  );
  return field === undefined ? undefined : { field, what: tellingFields[field] ?? field };
}

function canBe(field: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const customer: Record<string, unknown> = { id: 'x' };
  compileSetter(parsePath(field))(customer, value);
  const { value: clean, notes, problems } = normaliseCustomer(customer);
  return problems.length === 0 && !notes.some(({ code }) => code === 'unreadable_value') && parseCustomer(clean).ok;
}
