import { builtInProviders } from '../../../integrations/registry.js';
import type { Customer } from '../../../schemas/customer.js';
import type { Plan } from '../../../schemas/outcome.js';
import { parseCustomer } from '../../../src/core/customer/parse-customer.js';
import { type CompiledMapping, compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import { type PlanInput, type Planned, planUpsert, type Stored } from '../../../src/core/upsert/plan-upsert.js';

export const mappings: ReadonlyMap<string, CompiledMapping> = new Map(
  builtInProviders.map(({ definition: { id }, mapping }) => [id, compileMapping(parseMapping(mapping, id))]),
);

/** The mapping that comes with the package. */
export function mappingOf(provider: string): CompiledMapping {
  const mapping = mappings.get(provider);
  if (mapping === undefined) throw new Error(`no provider ${provider}`);
  return mapping;
}

/** A customer as a plan gets it: checked. */
export function customerOf(input: unknown): Customer {
  const parsed = parseCustomer(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.customer;
}

export const absent: Stored = { kind: 'absent' };

export function record(fields: Readonly<Record<string, unknown>>): Stored {
  return { kind: 'record', record: fields, providerId: 'p1' };
}

type More = Pick<PlanInput, 'ownedKeys' | 'only'>;

export function planned(mapping: CompiledMapping, input: unknown, stored: Stored, more: More = {}): Planned {
  return planUpsert({ to: 'test', mapping, customer: customerOf(input), stored, ...more });
}

/** The plan; the customer must break no limit. */
export function planFor(mapping: CompiledMapping, input: unknown, stored: Stored, more: More = {}): Plan {
  const result = planned(mapping, input, stored, more);
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.issues));
  return result.plan;
}
