import { JsonTemplateEngine, PathType } from '@rudderstack/json-template-engine';
import type { Engine } from '../engine.js';

const template = `{
  external_id: .id,
  name: .name,
  firstname: .first_name,
  lastname: .last_name,
  customer_type: .type,
  email: .email,
  phone: .phone,
  url: .url,
  legal_name: .legal_name,
  legal_number: .legal_number,
  tax_identification_number: .tax_id,
  address_line1: .address.line1,
  address_line2: .address.line2,
  city: .address.city,
  state: .address.state,
  zipcode: .address.postal_code,
  country: .address.country,
  currency: .currency,
  timezone: .timezone,
  metadata: Object.entries(.metadata).map(function(entry) { { key: ~s entry[0], value: String(~s entry[1]) } })
}`;

/** Compiled once to JavaScript, as the engine always does, with its default kind of path. */
export function createRudderstack(): Engine {
  const engine = JsonTemplateEngine.createAsSync(template);
  return { kind: 'sync', map: (customer) => engine.evaluate(customer) };
}

/** The same with every path declared simple, so that `.address.city` becomes `input?.address?.city`. */
export function createRudderstackSimplePaths(): Engine {
  const engine = JsonTemplateEngine.createAsSync(template, { defaultPathType: PathType.SIMPLE });
  return { kind: 'sync', map: (customer) => engine.evaluate(customer) };
}
