import type { Customer } from '../../schemas/customer.js';
import type { Warning } from '../../schemas/outcome.js';
import { nearest } from '../core/nearest.js';

/** What `provider_fields` says to a provider that nobody knows, most likely a misspelt one, is sent nowhere. */
export function unknownProviderNotes({ provider_fields: fields }: Customer, known: readonly string[]): Warning[] {
  if (fields === undefined) return [];
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      code: 'notice' as const,
      field: `provider_fields.${key}`,
      message: `is for no known provider${nearest(key, known)}; left out`,
    }));
}
