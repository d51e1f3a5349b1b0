import { builtInProviders } from '../../integrations/registry.js';
import type { Customer } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';
import { compileMapping, parseMapping } from '../../src/core/mapping/compile-mapping.js';
import { compileGetter, parsePath } from '../../src/core/mapping/path.js';
import { planUpsert, type Stored } from '../../src/core/upsert/plan-upsert.js';

/** A field of the provider's documentation, what a customer says to set it, and the value that is sent. */
export type WritableField = readonly [field: string, customer: object, sent: unknown, on?: 'update'];

/** The value that goes into a field of the provider for a customer; the customer must be valid in every way. */
export function sentTo(provider: string, base: object, [field, customer, , on]: WritableField): unknown {
  const built = builtInProviders.find(({ definition }) => definition.id === provider);
  if (built === undefined) throw new Error(`no provider ${provider}`);
  const parsed = parseCustomer({ id: 'a', ...base, ...customer });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  built.fields.parse(ownFields(parsed.customer, provider));
  const stored: Stored = on === 'update' ? { kind: 'unread', providerId: 'p1' } : { kind: 'absent' };
  const mapping = compileMapping(parseMapping(built.mapping, provider));
  const planned = planUpsert({ to: provider, customer: parsed.customer, mapping, stored });
  if (planned.kind === 'invalid') throw new Error(JSON.stringify(planned.issues));
  return compileGetter(parsePath(field))(planned.plan.payload);
}

function ownFields(customer: Customer, provider: string): object {
  return customer.provider_fields?.[provider] ?? {};
}

/** The provider's fields at the top of its payload that the mapping has rules for. */
export function mappedFields(provider: string): string[] {
  const built = builtInProviders.find(({ definition }) => definition.id === provider);
  return Object.keys(parseMapping(built?.mapping, provider).fields).sort();
}
