import type { Customer } from '../../schemas/customer.js';
import type { Warning } from '../../schemas/outcome.js';
import { nearest } from '../core/nearest.js';

/**
 * What a customer says to a provider that nobody knows, most likely a misspelt one, is sent nowhere. Ids may be of any
 * system, so of those only a name that looks like a provider's is noticed.
 */
export function unknownProviderNotes(customer: Customer, known: readonly string[] | undefined): Warning[] {
  if (known === undefined) return [];
  const { provider_fields: fields = {}, external_ids: ids = {} } = customer;
  const unknown = (names: object | null) => Object.keys(names ?? {}).filter((name) => !known.includes(name));
  return [
    ...unknown(fields).map((name) =>
      notice(`provider_fields.${name}`, `is for no known provider${nearest(name, known)}; left out`),
    ),
    ...unknown(ids)
      .filter((name) => nearest(name, known) !== '')
      .map((name) => notice(`external_ids.${name}`, `is of no known provider${nearest(name, known)}; not looked up`)),
  ];
}

function notice(field: string, message: string): Warning {
  return { code: 'notice', field, message };
}
