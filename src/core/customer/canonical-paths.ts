import { customerSchema } from '../../../schemas/customer.js';
import { formatPath } from '../mapping/path.js';

const addressFields = ['line1', 'line2', 'city', 'state', 'postal_code', 'country'];
/** Fields whose keys the user chooses. */
const openFields: readonly string[] = ['metadata', 'external_ids', 'provider_fields'];

/** Every field of the canonical customer as a dotted path. */
export const canonicalPaths: readonly string[] = Object.keys(customerSchema.shape).flatMap((key) =>
  key.endsWith('address') ? [key, ...addressFields.map((field) => `${key}.${field}`)] : [key],
);

/** Whether a path leads somewhere in the canonical customer. */
export function isCanonicalPath(keys: readonly string[]): boolean {
  return openFields.includes(keys[0] ?? '') || canonicalPaths.includes(formatPath(keys));
}
