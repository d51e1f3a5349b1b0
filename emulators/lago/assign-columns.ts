import { castBoolean, castFilledText, castInteger, castText, isBlank, refuseNulBytes, stripNulBytes } from './cast.js';
import type { Columns } from './customer.js';
import type { Organization } from './organization.js';
import { type AddressField, addressFields, type CustomerParameters, type Scalar, textFields } from './parameters.js';
import { internalServerError } from './refusal.js';

/**
 * The columns after a request: a name that was not sent keeps its value, null clears it. What the server stores for ""
 * differs by field. Currency, billing entity and custom sections have rules of their own, see upsert-customer.ts.
 */
export function assignColumns(
  current: Readonly<Columns>,
  { fields, shippingAddress }: CustomerParameters,
  { premium, version }: Organization,
): Columns {
  const columns: Columns = { ...current, shipping_address: { ...current.shipping_address } };
  const toStorable = version.stripsNulBytes ? stripNulBytes : refuseNulBytes;
  const when = (name: Parameters<typeof fields.get>[0], assign: (value: Scalar) => void) => {
    const value = fields.get(name);
    if (value !== undefined) assign(value);
  };

  for (const name of textFields) {
    when(name, (value) => {
      columns[name] = toStorable(castText(value));
    });
  }
  for (const name of addressFields) {
    when(name, (value) => {
      columns[name] = castAddress(name, value);
    });
    const shipping = shippingAddress?.get(name);
    if (shipping !== undefined) columns.shipping_address[name] = castAddress(name, shipping);
  }
  when('email', (value) => {
    columns.email = sanitizeEmail(castText(value));
  });
  when('external_salesforce_id', (value) => {
    columns.external_salesforce_id = refuseNulBytes(castText(value));
  });
  when('net_payment_term', (value) => {
    columns.net_payment_term = castInteger(value);
  });
  when('finalize_zero_amount_invoice', (value) => {
    columns.finalize_zero_amount_invoice = castText(value) ?? 'inherit';
  });
  // Inferred: "" for a column with a closed list of values counts as null.
  when('customer_type', (value) => {
    columns.customer_type = castFilledText(value);
  });
  when('skip_invoice_custom_sections', (value) => {
    if (value !== null) columns.skip_invoice_custom_sections = castBoolean(value);
  });
  if (premium) {
    when('timezone', (value) => {
      columns.timezone = castText(value);
    });
  }
  return columns;
}

function castAddress(name: AddressField, value: Scalar): string | null {
  // Inferred: the server asks the country for its upper case before it looks at its type.
  if (name === 'country' && value !== null && typeof value !== 'string') throw internalServerError();
  const text = stripNulBytes(castText(value));
  if (text === null || text.trim() === '') return null;
  return name === 'country' ? text.toUpperCase() : text;
}

const dashLookalikes = /[\u2012\u2013\u2014\u2015\u2043\u2212]/g;
const invisibles = /\u200B|\u200C|\u200D|\u00A0|\u200E|\u200F|\uFEFF/g;

function sanitizeEmail(email: string | null): string | null {
  if (isBlank(email)) return email;
  return email?.replace(dashLookalikes, '-').replace(invisibles, '').trim() ?? null;
}
