import { addressFields, customerSchema, openFields } from '../../../schemas/customer.js';
import { formatPath } from '../mapping/path.js';

/** Every field of the canonical customer as a dotted path. */
export const canonicalPaths: readonly string[] = Object.keys(customerSchema.shape).flatMap((key) =>
  key.endsWith('address') ? [key, ...addressFields.map((field) => `${key}.${field}`)] : [key],
);

/** Whether a path leads somewhere in the canonical customer. */
export function isCanonicalPath(keys: readonly string[]): boolean {
  return openFields.includes(keys[0] ?? '') || canonicalPaths.includes(formatPath(keys));
}
