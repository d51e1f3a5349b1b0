import { autumn } from '../../../integrations/autumn/connector.js';
import { flexprice } from '../../../integrations/flexprice/connector.js';
import { lago } from '../../../integrations/lago/connector.js';
import { recharge } from '../../../integrations/recharge/connector.js';
import type { Mapping } from '../../../schemas/mapping.js';
import type { Provider } from '../../../src/core/connector.js';
import { type CompiledMapping, compileMapping, parseMapping } from '../../../src/core/mapping/compile-mapping.js';
import type { MappingReport } from '../../../src/core/mapping/report.js';
import { planUpsert } from '../../../src/core/upsert/plan-upsert.js';
import { makeCustomers } from '../customers.js';
import type { Engine } from '../engine.js';

/** The rules that the peers' mappings have, too: the shipped mapping has more, for fields these customers lack. */
const sharedTargets = [
  'external_id',
  'name',
  'firstname',
  'lastname',
  'customer_type',
  'email',
  'phone',
  'url',
  'legal_name',
  'legal_number',
  'tax_identification_number',
  'address_line1',
  'address_line2',
  'city',
  'state',
  'zipcode',
  'country',
  'currency',
  'timezone',
  'metadata',
];

/** The mapping of Lago as it is shipped. */
export function createShipped(): Engine {
  return engineFor(compileMapping(mappingOf(lago)));
}

/** The shipped mapping, cut to the rules for the 20 fields. */
export function createSameFields(): Engine {
  const mapping = mappingOf(lago);
  const fields = Object.fromEntries(
    Object.entries(mapping.fields).filter(([target]) => sharedTargets.includes(target)),
  );
  return engineFor(compileMapping({ ...mapping, fields }));
}

/**
 * The shipped mapping in a process in which all four providers' mappings have run, as in a run with four connections:
 * the JIT compiler has then seen every kind of rule, and cannot specialise for this one mapping.
 */
export function createShippedAfterOthers(): Engine {
  const customers = makeCustomers(1000, 'sparse');
  for (const provider of [recharge, flexprice, autumn, lago]) {
    const mapping = compileMapping(mappingOf(provider));
    for (let pass = 0; pass < 30; pass += 1) {
      for (const customer of customers) mapping.toPayload(customer, pass % 2 === 0 ? 'create' : 'update', {});
    }
  }
  return createShipped();
}

/** What a run does for every new customer: the body, and the list of what it sets. */
export function createPlan(): Engine {
  const mapping = compileMapping(mappingOf(lago));
  return {
    kind: 'sync',
    map(customer) {
      const planned = planUpsert({ to: 'lago', customer, mapping, stored: { kind: 'absent' } });
      if (planned.kind === 'invalid') throw new Error(`refused: ${JSON.stringify(planned.issues)}`);
      return planned.plan.payload;
    },
  };
}

function mappingOf(provider: Provider): Mapping {
  return parseMapping(provider.mapping, provider.definition.id);
}

function engineFor(mapping: CompiledMapping): Engine {
  return {
    kind: 'sync',
    map(customer) {
      const report: MappingReport = {};
      const payload = mapping.toPayload(customer, 'create', report);
      if (report.issues !== undefined) throw new Error(`refused: ${JSON.stringify(report.issues)}`);
      return payload;
    },
  };
}
