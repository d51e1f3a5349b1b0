import fc from 'fast-check';
import type { Customer } from '../../schemas/customer.js';
import { isObject } from '../../src/core/mapping/path.js';
import { customerArbitrary } from '../core/customer/customer-arbitrary.js';
import { providerFieldsArbitraries } from '../providers/provider-fields-arbitrary.js';

/** Valid customers, some of them with what one provider has beyond the model. */
export function customersOf(provider: string): fc.Arbitrary<Customer> {
  const fields = providerFieldsArbitraries[provider] ?? fc.constant({});
  return fc
    .tuple(customerArbitrary, fc.option(fields, { nil: undefined }))
    .map(([customer, own]) => (own === undefined ? customer : { ...customer, provider_fields: { [provider]: own } }));
}

export type Leaf = readonly [path: readonly string[], value: unknown];

/** Every value of a customer that is no object, by its path; an empty object and a list are values. */
export function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  const isBranch = isObject(value) && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isBranch) return path.length === 0 ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]));
}
