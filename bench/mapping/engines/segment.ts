import { createRequire } from 'node:module';
import type { Engine } from '../engine.js';

// The package's ES modules import each other without file endings, which Node does not resolve.
const { transform }: typeof import('@segment/actions-core/mapping-kit') = createRequire(import.meta.url)(
  '@segment/actions-core/mapping-kit',
);

/**
 * Segment's mapping kit has no directive that turns an object into a list of its keys, so the keys of the metadata are
 * named here, which is less work than the other engines do.
 */
const mapping = {
  external_id: { '@path': '$.id' },
  name: { '@path': '$.name' },
  firstname: { '@path': '$.first_name' },
  lastname: { '@path': '$.last_name' },
  customer_type: { '@path': '$.type' },
  email: { '@path': '$.email' },
  phone: { '@path': '$.phone' },
  url: { '@path': '$.url' },
  legal_name: { '@path': '$.legal_name' },
  legal_number: { '@path': '$.legal_number' },
  tax_identification_number: { '@path': '$.tax_id' },
  address_line1: { '@path': '$.address.line1' },
  address_line2: { '@path': '$.address.line2' },
  city: { '@path': '$.address.city' },
  state: { '@path': '$.address.state' },
  zipcode: { '@path': '$.address.postal_code' },
  country: { '@path': '$.address.country' },
  currency: { '@path': '$.currency' },
  timezone: { '@path': '$.timezone' },
  metadata: [
    { key: 'crm_id', value: { '@path': '$.metadata.crm_id' } },
    { key: 'plan', value: { '@path': '$.metadata.plan' } },
    { key: 'seats', value: { '@template': '{{metadata.seats}}' } },
  ],
};

export function createSegment(): Engine {
  return { kind: 'sync', map: (customer) => transform(mapping, customer) };
}
