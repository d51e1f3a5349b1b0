import type { StripeRecord } from './customer.js';
import { invalid } from './errors.js';

/** One clause of Stripe's search language, which is all that is emulated: a field or a metadata key, and its exact value. */
const clause =
  /^(?:metadata\[(['"])(?<key>(?:\\.|(?!\1).)+)\1\]|(?<field>email|name|phone)):(['"])(?<value>(?:\\.|(?!\4).)*)\4$/s;

/** @throws StripeError for a query that cannot be read. */
export function searchCustomers(customers: readonly StripeRecord[], query: string): readonly StripeRecord[] {
  const { key, field, value } = clause.exec(query)?.groups ?? {};
  if (value === undefined) throw invalid('query', 'We were unable to parse your search query.');
  const wanted = unescaped(value).toLowerCase();
  const read = (record: StripeRecord): unknown =>
    key === undefined ? Reflect.get(record, field ?? '') : record.metadata[unescaped(key)];
  // Stripe docs, "Search query language": text is compared without regard to case.
  return customers.filter((record) => String(read(record) ?? '').toLowerCase() === wanted);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
