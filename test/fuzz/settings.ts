import { readFileSync } from 'node:fs';
import { builtInProviders } from '../../integrations/registry.js';
import { parseConfiguration } from '../../src/config/read-configuration.js';
import { isCustomerSyncError } from '../../src/core/errors.js';
import { applyOverlays, compileMapping, parseMapping, parseOverlay } from '../../src/core/mapping/compile-mapping.js';
import { isObject } from '../../src/core/mapping/path.js';
import { compileSourceMapping } from '../../src/sources/mapping/compile-source-mapping.js';
import { mutateText, mutateValue } from './mutate.js';
import { type Chance, chanceOf } from './random.js';
import { watched } from './watch.js';

/** What somebody wrote wrong, and what becomes of it. */
export interface FuzzedSettings {
  readonly taken: number;
  readonly refused: number;
}

type Json = Record<string, unknown>;

const customer = {
  id: 'acct_1',
  email: 'ann@mail.example',
  name: 'Ann Example',
  phone: '+4930123456',
  tax_exempt: true,
  address: { line1: 'Main Street 1', city: 'Berlin', country: 'DE' },
  metadata: { plan: 'gold', seats: 5, gone: null },
  external_ids: { recharge: '7' },
};
const row = {
  Id: 'crm-1',
  Email: 'ann@mail.example',
  Name: 'Ann',
  Phone: '030-123456',
  Country: 'Germany',
  nested: { a: [1] },
};

const [smallest] = builtInProviders;
const base = parseMapping(smallest?.mapping, 'base');
const sourceMapping: unknown = JSON.parse(readFileSync('examples/crm-export.mapping.json', 'utf8'));

/** The parts of configurations, by name. A configuration is made of one of each, so that it is read quickly. */
const sources = {
  crm: `{ type: postgres, url: '\${env:DATABASE_URL}', query: select * from customers, watermark: { column: at, overlap: 5m } }`,
  file: `{ type: file, path: '*.csv', source_mapping: a.json }`,
  nango: `{ type: nango, integration: hubspot, connection_id: acme, model: Contact, nango: { secret_key: '\${env:N}' } }`,
  program: `{ type: command, command: [sh, -c, cat], env: { A: '\${env:B}' } }`,
};
const connections = {
  'lago-eu': `
    provider: lago
    base_url: eu
    credentials: { api_key: '\${file:/run/secrets/lago}' }
    fields: { own: [email, name], ignore: [phone] }
    overlay: [a.json, b.json]`,
  tenants: '{ provider: autumn, via: nango-proxy, select: { tags: { plan: gold } } }',
};

/** Good ones, as somebody wrote them and as values. */
export const configurations = Object.entries(sources).flatMap(([source, from]) =>
  Object.entries(connections).map(([connection, to]) => {
    const text = `
sources:
  ${source}: ${from}
connections:
  ${connection}: ${to}
jobs:
  nightly: { source: ${source}, to: [${connection}], schedule: 0 3 * * *, timezone: Europe/Berlin, mode: upsert }
`;
    return { text, settings: parseConfiguration(text, 'c.yaml') };
  }),
);

/** Bent as text, where most of it is no YAML any more, or as values, which then are good YAML of something wrong. */
function bentConfiguration(chance: Chance): string {
  const good = configurations[chance.int(configurations.length)];
  if (chance.oneIn(2)) return mutateText(good?.text ?? '', chance);
  return JSON.stringify(mutateValue(good?.settings, chance)) ?? '';
}

/** Each reads one thing that is wrong, goes on to use it where it was taken, and throws what it thinks of it. */
export const readers: Readonly<Record<string, { bend(chance: Chance): unknown; read(input: unknown): void }>> = {
  'a mapping': {
    bend: (chance) => mutateValue(excerpt(chance), chance),
    read(input) {
      const compiled = compileMapping(parseMapping(input, 'm'));
      const payload = compiled.toPayload(customer, 'create', {});
      compiled.toPayload(customer, 'update', {});
      compiled.observe(payload, 'p1');
    },
  },
  'an overlay': {
    bend: (chance) => mutateValue({ fields: excerpt(chance)['fields'], remove: {} }, chance),
    read(input) {
      const layers = [{ name: 'o', overlay: parseOverlay(input, 'o') }];
      compileMapping(applyOverlays(base, layers)).toPayload(customer, 'create', {});
    },
  },
  'a source mapping': {
    bend: (chance) => mutateValue(sourceMapping, chance),
    read: (input) => void compileSourceMapping(input, 's').apply(row),
  },
  'a configuration': {
    bend: bentConfiguration,
    read: (input) => void parseConfiguration(String(input), 'c.yaml'),
  },
};

/** A few rules of some provider's mapping, so that what is changed is not lost among many. */
function excerpt(chance: Chance): Json {
  const providers = builtInProviders.map(({ mapping }) => mapping).filter(isObject);
  const whole = providers[chance.int(providers.length)] ?? {};
  const fields = Object.entries(isObject(whole['fields']) ? whole['fields'] : {});
  const start = chance.int(fields.length);
  const [example] = Array.isArray(whole['examples']) ? whole['examples'] : [];
  return { ...whole, fields: Object.fromEntries(fields.slice(start, start + 4)), unsupported: {}, examples: [example] };
}

/** @throws Error for a case that ends in anything but an error that says what is wrong, or takes longer than a second. */
export async function fuzzSettings(name: string, times: number, seed: number): Promise<FuzzedSettings> {
  const reader = readers[name];
  if (reader === undefined) throw new RangeError(name);
  let taken = 0;
  for (let index = 0; index < times; index += 1) {
    const input = reader.bend(chanceOf(seed + index));
    await watched(`${name}, seed ${seed + index}:`, input, () => {
      if (isTaken(() => reader.read(input))) taken += 1;
    });
  }
  if (Object.hasOwn(Object.prototype, 'polluted')) throw new Error(`${name}: a prototype was reached`);
  return { taken, refused: times - taken };
}

function isTaken(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!isCustomerSyncError(error) || error.message.length === 0 || error.details.remedy.length === 0) throw error;
    return false;
  }
}
