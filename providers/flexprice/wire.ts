import { z } from 'zod';

/** A customer as Flexprice answers; only what the connector relies on is named. */
export const flexpriceCustomer = z.looseObject({ id: z.string(), external_id: z.string() });

export const searchAnswer = z.looseObject({
  items: z.array(flexpriceCustomer).nullish(),
  pagination: z.looseObject({ total: z.int().nullish() }).nullish(),
});

/** A 204: whoever says something is not Flexprice. */
export const archiveAnswer = z.strictObject({});

const text = z.string().nullish();

const integration = z.looseObject({
  id: text,
  entity_id: text,
  entity_type: text,
  provider_type: text,
  provider_entity_id: text,
  status: text,
  tenant_id: text,
  environment_id: text,
  created_at: text,
  created_by: text,
  updated_at: text,
  updated_by: text,
});

/** A customer with the fields that Flexprice documents, for whoever reads the answer of an action. */
export const flexpriceResponse = flexpriceCustomer.extend({
  name: text,
  email: text,
  contact: text,
  address_line1: text,
  address_line2: text,
  address_city: text,
  address_state: text,
  address_postal_code: text,
  address_country: text,
  timezone: text,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  /** Only where a look-up asks for them. */
  integrations: z.array(integration).nullish(),
  status: text,
  tenant_id: text,
  environment_id: text,
  created_at: text,
  created_by: text,
  updated_at: text,
  updated_by: text,
});
