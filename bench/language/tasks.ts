import { builtInProviders } from '../../integrations/registry.js';
import type { Provider } from '../../src/core/connector.js';
import type { CompiledMapping } from '../../src/core/mapping/compile-mapping.js';
import { parseOverlay } from '../../src/core/mapping/compile-mapping.js';
import { providerMapping } from '../../src/core/mapping/provider-mapping.js';
import { type Planned, planUpsert } from '../../src/core/upsert/plan-upsert.js';
import { storedAfterCreate } from '../../test/core/mapping/stored-records.js';
import { makeCustomers } from '../mapping/customers.js';

/** One pass of some work, and how many operations it is. */
export interface Task {
  readonly operations: number;
  readonly run: () => unknown;
}

/** What `compile` does to a mapping: one rule replaced and one taken away, as connections do. */
const overlays: Readonly<Record<string, object>> = {
  recharge: { fields: { phone: { from: ['metadata.billing_phone', 'phone'] } }, remove: { tax_exempt: 'set by hand' } },
  lago: { fields: { phone: { from: ['metadata.billing_phone', 'phone'] } }, remove: { logo_url: 'not wanted' } },
  flexprice: { fields: { contact: { from: ['metadata.billing_phone', 'phone'] } }, remove: { timezone: 'not wanted' } },
  autumn: { fields: { customer_id: { from: 'id', transform: ['escape_id'] } }, remove: { name: 'not wanted' } },
};

const customers = makeCustomers(1000, 'sparse');

/** What is measured, by its name in the table and the provider. */
export const tasks: Readonly<Record<string, (provider: Provider) => Task>> = {
  'compile with an overlay': (provider) => {
    const content = overlays[provider.definition.id] ?? {};
    return {
      operations: 1,
      run: () => providerMapping(provider, [{ name: 'bench', overlay: parseOverlay(content, 'bench') }]),
    };
  },
  'read back': (provider) => {
    const mapping = providerMapping(provider);
    const records = recordsOf(provider, mapping);
    return {
      operations: records.length,
      run: () => {
        let read = 0;
        for (const record of records) read += Object.keys(mapping.observe(record, 'p1').customer).length;
        return read;
      },
    };
  },
  'compare, unchanged': (provider) => compareTask(provider, (customer) => customer),
  'compare, two fields changed': (provider) =>
    compareTask(provider, (customer) => ({ ...customer, name: 'Renamed', email: 'renamed@changed.example' })),
};

type BenchCustomer = (typeof customers)[number];

function compareTask(provider: Provider, change: (customer: BenchCustomer) => BenchCustomer): Task {
  const mapping = providerMapping(provider);
  const records = recordsOf(provider, mapping);
  const inputs = customers.map((customer, index) => {
    const stored = { kind: 'record', record: records[index] ?? {}, providerId: 'p1' } as const;
    return { to: provider.definition.id, mapping, customer: change(customer), stored };
  });
  const actions = new Set(inputs.map((input) => actionOf(planUpsert(input))));
  if (actions.size !== 1)
    throw new Error(`${provider.definition.id}: plans of several kinds: ${[...actions].join(', ')}`);
  return {
    operations: inputs.length,
    run: () => {
      let planned = 0;
      for (const input of inputs) planned += planUpsert(input).kind === 'plan' ? 1 : 0;
      return planned;
    },
  };
}

function actionOf(planned: Planned): string {
  return planned.kind === 'plan' ? planned.plan.action : planned.kind;
}

/** What the provider holds after every customer was created. */
function recordsOf(
  { definition: { id } }: Provider,
  mapping: CompiledMapping,
): readonly Readonly<Record<string, unknown>>[] {
  const store = storedAfterCreate[id];
  if (store === undefined) throw new Error(`there is no record of ${id}`);
  return customers.map((customer) => store(mapping.toPayload(customer, 'create', {})));
}

export function taskOf(name: string, providerId: string): Task {
  const provider = builtInProviders.find(({ definition }) => definition.id === providerId);
  const create = tasks[name];
  if (provider === undefined || create === undefined) throw new Error(`there is no task "${name}" for ${providerId}`);
  return create(provider);
}
