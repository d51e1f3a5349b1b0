import type { Customer } from '../../../schemas/customer.js';
import type { Engine } from '../engine.js';

/** What a careful programmer writes for this one task: missing keys are left out, nothing is checked. */
export function createHandWritten(): Engine {
  return { kind: 'sync', map: toLago };
}

interface LagoEntry {
  key: string;
  value: string;
}

interface LagoCustomer {
  external_id: string;
  name?: string;
  firstname?: string;
  lastname?: string;
  customer_type?: string;
  email?: string;
  phone?: string;
  url?: string;
  legal_name?: string;
  legal_number?: string;
  tax_identification_number?: string;
  address_line1?: string;
  address_line2?: string;
  city?: string;
  state?: string;
  zipcode?: string;
  country?: string;
  currency?: string;
  timezone?: string;
  metadata?: LagoEntry[];
}

function toLago(customer: Customer): LagoCustomer {
  const body: LagoCustomer = { external_id: customer.id };
  if (customer.name != null) body.name = customer.name;
  if (customer.first_name != null) body.firstname = customer.first_name;
  if (customer.last_name != null) body.lastname = customer.last_name;
  if (customer.type != null) body.customer_type = customer.type;
  if (customer.email != null) body.email = customer.email;
  if (customer.phone != null) body.phone = customer.phone;
  if (customer.url != null) body.url = customer.url;
  if (customer.legal_name != null) body.legal_name = customer.legal_name;
  if (customer.legal_number != null) body.legal_number = customer.legal_number;
  if (customer.tax_id != null) body.tax_identification_number = customer.tax_id;
  const { address } = customer;
  if (address != null) {
    if (address.line1 != null) body.address_line1 = address.line1;
    if (address.line2 != null) body.address_line2 = address.line2;
    if (address.city != null) body.city = address.city;
    if (address.state != null) body.state = address.state;
    if (address.postal_code != null) body.zipcode = address.postal_code;
    if (address.country != null) body.country = address.country;
  }
  if (customer.currency != null) body.currency = customer.currency;
  if (customer.timezone != null) body.timezone = customer.timezone;
  if (customer.metadata != null) {
    const entries: LagoEntry[] = [];
    for (const key of Object.keys(customer.metadata)) {
      const value = customer.metadata[key];
      if (value != null) entries.push({ key, value: String(value) });
    }
    if (entries.length > 0) body.metadata = entries;
  }
  return body;
}
