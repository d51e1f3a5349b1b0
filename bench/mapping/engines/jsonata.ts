import jsonata from 'jsonata';
import type { Engine } from '../engine.js';

const expression = `{
  "external_id": id,
  "name": name,
  "firstname": first_name,
  "lastname": last_name,
  "customer_type": type,
  "email": email,
  "phone": phone,
  "url": url,
  "legal_name": legal_name,
  "legal_number": legal_number,
  "tax_identification_number": tax_id,
  "address_line1": address.line1,
  "address_line2": address.line2,
  "city": address.city,
  "state": address.state,
  "zipcode": address.postal_code,
  "country": address.country,
  "currency": currency,
  "timezone": timezone,
  "metadata": [$each(metadata, function($value, $key) { { "key": $key, "value": $string($value) } })]
}`;

export function createJsonata(): Engine {
  const compiled = jsonata(expression);
  return { kind: 'async', map: (customer) => compiled.evaluate(customer) };
}
